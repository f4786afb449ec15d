"""The store: whole transactions on a real file, and what each group of tables promises."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.domain.messages import Attachment, Key, Mode, Outgoing, Post
from bot.domain.rounds import FirstAnswer, RoundKind
from bot.domain.runs import Epoch, Judgement, Order, Run, RunState
from bot.store import RunIsOpen, Store, StoreUnavailable, Tables
from bot.store.store import migrate
from tests.support.desk import ADA, GRACE, IRIS, NOW
from tests.support.stores import Mishap, full, handed_in, writer_held


def meet(id: int, name: str = "Ada") -> Callable[[Tables], Any]:
    return lambda tables: tables.learners.meet(id, name, None, None, NOW)


def known(tables: Tables) -> list[int]:
    return [learner.id for learner in tables.learners.all()]


def much(tables: Tables) -> None:
    """More than free pages can hold."""
    for update in range(200):
        tables.inbox.add(update, 1, "x" * 4000, NOW)


def away(tables: Tables) -> None:
    tables.learners._db.execute("alter table learners rename to elsewhere")


def back(tables: Tables) -> None:
    tables.learners._db.execute("alter table elsewhere rename to learners")


async def test_work_that_must_be_done_waits_for_the_database(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.store.PAUSE", 0.001)
    tries: list[int] = []

    async def waiting() -> None:
        tries.append(len(tries))
        if len(tries) == 3:
            await store.transact(back)

    await store.transact(away)
    assert (await store.persist(meet(ADA), waiting))[0].id == ADA
    assert tries == [0, 1, 2]
    assert await store.read_at_last(known) == [ADA]


async def test_work_that_fails_by_itself_is_not_tried_again(store: Store) -> None:
    def fail(tables: Tables) -> None:
        raise Mishap

    with pytest.raises(Mishap):
        await store.persist(fail)


# Transactions


async def test_what_is_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Store(tmp_path / "t.db")
    await first.transact(meet(ADA))
    first.close()
    second = Store(tmp_path / "t.db")
    assert await second.read(known) == [ADA]
    second.close()


async def test_a_failing_piece_of_work_leaves_nothing(store: Store) -> None:
    def work(tables: Tables) -> None:
        tables.learners.meet(ADA, "Ada", None, None, NOW)
        tables.outbox.add(Outgoing(ADA, "hello"), NOW)
        raise Mishap

    with pytest.raises(Mishap):
        await store.transact(work)
    assert await store.read(known) == []
    assert await store.read(lambda t: t.outbox.chats()) == []


async def test_in_one_commit_only_the_failing_piece_is_undone(store: Store) -> None:
    def failing(tables: Tables) -> None:
        tables.learners.meet(2, "Two", None, None, NOW)
        raise Mishap

    def broken(tables: Tables) -> None:
        tables.learners.meet(4, "Four", None, None, NOW)
        tables.reading.turn_to(99, "l", "s", 0, NOW)  # no such learner

    async with writer_held(store):
        group = handed_in(store, meet(1), failing, meet(3), broken, meet(5))
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*group, return_exceptions=True)
    assert [type(o) for o in outcomes] == [tuple, Mishap, tuple, sqlite3.IntegrityError, tuple]
    assert await store.read(known) == [1, 3, 5]


async def test_reads_see_only_what_is_committed_and_do_not_wait(store: Store) -> None:
    written, gate = threading.Event(), threading.Event()

    def slow(tables: Tables) -> None:
        tables.learners.meet(ADA, "Ada", None, None, NOW)
        written.set()
        assert gate.wait(10)

    writing = asyncio.ensure_future(store.transact(slow))
    assert await asyncio.to_thread(written.wait, 10)
    assert await store.read(known) == []
    gate.set()
    await writing
    assert await store.read(known) == [ADA]


async def test_a_read_cannot_write(store: Store) -> None:
    with pytest.raises(StoreUnavailable, match="readonly"):
        await store.read(meet(ADA))
    assert await store.read(known) == []


async def test_many_at_once_all_get_through(store: Store) -> None:
    await asyncio.gather(*(store.transact(meet(id)) for id in range(1, 301)))
    assert await store.read(known) == list(range(1, 301))


async def test_work_given_up_on_harms_nobody(store: Store) -> None:
    async with writer_held(store):
        (given_up,) = handed_in(store, meet(1))
        await asyncio.sleep(0)
        given_up.cancel()
    await store.transact(meet(2))
    assert 2 in await store.read(known)


async def test_a_full_disk_is_unavailable_undoes_all_and_passes(store: Store) -> None:
    await store.transact(meet(ADA))
    await store.transact(full)
    with pytest.raises(StoreUnavailable, match="full"):
        await store.transact(lambda t: (meet(GRACE)(t), much(t)))
    assert await store.read(known) == [ADA]
    await store.transact(lambda t: t.learners._db.execute("pragma max_page_count=1000000"))
    await store.transact(lambda t: (meet(GRACE)(t), much(t)))
    assert await store.read(known) == [ADA, GRACE]


async def test_a_full_disk_takes_no_small_work_of_the_same_commit_for_done(store: Store) -> None:
    await store.transact(full)
    async with writer_held(store):
        group = handed_in(store, meet(1), much, meet(2))
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*group, return_exceptions=True)
    assert isinstance(outcomes[1], StoreUnavailable)
    done = [id for id, outcome in ((1, outcomes[0]), (2, outcomes[2])) if not isinstance(outcome, Exception)]
    assert await store.read(known) == done


async def test_a_lock_held_by_another_process_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **more: connect(*a, **more | {"timeout": 0.05}))
    store = Store(tmp_path / "t.db")
    other = connect(tmp_path / "t.db", isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(StoreUnavailable, match="locked"):
        await store.transact(meet(ADA))
    other.execute("rollback")
    await store.transact(meet(ADA))
    other.close()
    store.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_text("certainly not a database, but long enough to look at " * 50)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        Store(tmp_path / "t.db")


# The schema


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    db = Database(tmp_path / "t.db")
    migrate(db)
    once = db.schema
    migrate(db)
    assert db.schema == once
    assert db.execute("pragma foreign_keys").fetchone() == (1,)
    db.close()


async def test_every_table_is_strict_and_foreign_keys_hold(store: Store) -> None:
    def facts(tables: Tables) -> tuple[dict[str, int], int, str]:
        db = tables.learners._db
        strict = {name: flag for _, name, kind, _, _, flag in db.execute("pragma table_list") if kind == "table"}
        keys = db.execute("pragma foreign_keys").fetchone()[0]
        return strict, keys, db.execute("pragma journal_mode").fetchone()[0]

    for strict, keys, journal in (await store.read(facts), await store.transact(facts)):
        ours = {name: flag for name, flag in strict.items() if not name.startswith(("sqlite_", "_sqlite"))}
        assert {name for name, flag in ours.items() if not flag} == set()
        assert {"learners", "attempts", "runs", "inbox", "outbox"} <= set(ours)
        assert (keys, journal) == (1, "wal")
    with pytest.raises(sqlite3.IntegrityError):
        await store.transact(lambda t: t.reading.turn_to(77, "l", "s", 0, NOW))


async def test_a_learner_who_is_deleted_leaves_nothing_but_updates(store: Store) -> None:
    def live(t: Tables) -> None:
        t.learners.meet(ADA, "Ada", None, None, NOW)
        t.reading.turn_to(ADA, "l", "s", 0, NOW)
        t.reading.finish_section(ADA, "l", "s", NOW)
        delivery = t.rounds.deliver(t.rounds.start(ADA, RoundKind.QUIZ, "l", NOW), "q", NOW)
        t.rounds.answer(delivery, ("a",), True, NOW)
        t.runs.keep(a_run(t), "model.keras", b"weights")
        t.runs.set_draft(ADA, "l", "train", {"epochs": 3})
        t.learners._db.execute("delete from learners where id = ?", [ADA])

    await store.transact(live)

    def rows(t: Tables) -> dict[str, int]:
        return {name: t.learners._db[name].count for name in t.learners._db.table_names() if "sqlite" not in name}

    assert {name: n for name, n in (await store.read(rows)).items() if n} == {}


# Learners


async def test_a_learner_is_new_once_and_keeps_the_day_they_joined(store: Store) -> None:
    first, new = await store.transact(lambda t: t.learners.meet(ADA, "Ada", "ada", "en", NOW))
    assert (new, first.joined_at, first.reachable) == (True, NOW, True)
    again, new = await store.transact(lambda t: t.learners.meet(ADA, "Augusta", None, "fr", NOW + 9))
    assert (new, again.name, again.username, again.joined_at) == (False, "Augusta", None, NOW)
    assert await store.read(lambda t: t.learners.get(ADA)) == again


async def test_whoever_writes_is_reachable_again(store: Store) -> None:
    await store.transact(meet(ADA))
    await store.transact(lambda t: t.learners.unreachable(ADA))
    stored = await store.read(lambda t: t.learners.get(ADA))
    assert stored is not None
    assert not stored.reachable
    await store.transact(meet(ADA))
    stored = await store.read(lambda t: t.learners.get(ADA))
    assert stored is not None
    assert stored.reachable


# Reading


async def test_the_bookmark_moves_and_the_last_lesson_opened_is_the_current_one(store: Store) -> None:
    def work(t: Tables) -> None:
        meet(ADA)(t)
        assert t.reading.current_lesson(ADA) is None
        t.reading.turn_to(ADA, "one", "a", 0, NOW)
        t.reading.turn_to(ADA, "two", "b", 0, NOW + 1)
        assert t.reading.current_lesson(ADA) == "two"
        t.reading.turn_to(ADA, "one", "c", 2, NOW + 2)
        assert t.reading.current_lesson(ADA) == "one"
        mark = t.reading.bookmark(ADA, "one")
        assert mark
        assert (mark.section, mark.page, mark.at) == ("c", 2, NOW + 2)
        assert t.reading.bookmark(GRACE, "one") is None

    await store.transact(work)


async def test_standings_count_sections_once_and_hold_every_finished_quiz(store: Store) -> None:
    def work(t: Tables) -> None:
        meet(ADA)(t)
        for section in ("a", "b", "a"):
            t.reading.finish_section(ADA, "one", section, NOW)
        for right in (1, 3, 2):
            t.rounds.finish(t.rounds.start(ADA, RoundKind.QUIZ, "one", NOW).id, right, 4, NOW)
        t.rounds.start(ADA, RoundKind.QUIZ, "one", NOW)
        t.runs.end(a_run(t, lesson="two").id, RunState.FINISHED, NOW)
        a_run(t, lesson="two")

    await store.transact(work)
    standings = await store.read(lambda t: t.reading.standings(ADA))
    assert set(standings) == {"one", "two"}
    one, two = standings["one"], standings["two"]
    assert one.sections_read == {"a", "b"}
    assert [(quiz.right, quiz.total) for quiz in one.finished] == [(1, 4), (3, 4), (2, 4)]
    assert (one.runs, two.runs, two.runs_finished, two.finished) == (0, 2, 1, ())
    assert await store.read(lambda t: t.reading.standings(GRACE)) == {}


# Quizzes


async def test_a_delivery_takes_one_answer(store: Store) -> None:
    def work(t: Tables) -> None:
        meet(ADA)(t)
        quiz = t.rounds.start(ADA, RoundKind.QUIZ, "l", NOW)
        delivery = t.rounds.deliver(quiz, "q", NOW)
        assert t.rounds.answer(delivery, ("b",), False, NOW)
        assert not t.rounds.answer(delivery, ("a",), True, NOW + 1)
        attempt = t.rounds.attempt(delivery.id)
        assert attempt
        assert (attempt.answer, attempt.correct, attempt.at) == (("b",), False, NOW)
        stored = t.rounds.delivery(delivery.id)
        assert stored
        assert stored.answered

    await store.transact(work)


async def test_the_first_answer_to_a_question_counts_however_often_it_was_sent(store: Store) -> None:
    def work(t: Tables) -> None:
        meet(ADA)(t)
        quiz = t.rounds.start(ADA, RoundKind.QUIZ, "l", NOW)
        first, sent_again = t.rounds.deliver(quiz, "q", NOW), t.rounds.deliver(quiz, "q", NOW)
        t.rounds.answer(first, ("b",), False, NOW)
        t.rounds.answer(sent_again, ("a",), True, NOW)
        third = t.rounds.deliver(quiz, "q", NOW)
        assert third.tries == 2
        t.rounds.answer(third, ("a",), True, NOW)
        assert t.rounds.first_answers(quiz.id) == (FirstAnswer("l", "q", correct=False, counts=True),)
        other = t.rounds.start(ADA, RoundKind.QUIZ, "l", NOW)
        t.rounds.answer(t.rounds.deliver(other, "q", NOW), ("a",), True, NOW)
        assert t.rounds.first_answers(other.id) == (FirstAnswer("l", "q", correct=True, counts=True),)

    await store.transact(work)


async def test_a_quiz_is_open_until_it_is_finished_and_its_first_end_stands(store: Store) -> None:
    def work(t: Tables) -> None:
        meet(ADA)(t)
        assert t.rounds.open(ADA, RoundKind.QUIZ, "l") is None
        quiz = t.rounds.start(ADA, RoundKind.QUIZ, "l", NOW)
        assert t.rounds.open(ADA, RoundKind.QUIZ, "l") == quiz
        assert t.rounds.open(ADA, RoundKind.QUIZ, "other") is None
        t.rounds.finish(quiz.id, 2, 3, NOW)
        t.rounds.finish(quiz.id, 3, 3, NOW + 1)
        assert t.rounds.open(ADA, RoundKind.QUIZ, "l") is None
        stored = t.rounds.get(quiz.id)
        assert stored
        assert (stored.right, stored.total, stored.finished_at) == (2, 3, NOW)

    await store.transact(work)


async def test_a_hint_stays_with_its_delivery(store: Store) -> None:
    def work(t: Tables) -> None:
        meet(ADA)(t)
        delivery = t.rounds.deliver(t.rounds.start(ADA, RoundKind.QUIZ, "l", NOW), "q", NOW)
        t.rounds.hint(delivery.id)
        last = t.rounds.last_delivery(delivery.round)
        assert last
        assert (last.id, last.hinted, last.answered) == (delivery.id, True, False)

    await store.transact(work)


async def test_a_round_over_several_lessons_keeps_each_question_s_own(store: Store) -> None:
    """What does not count is known by its delivery and its answer, so that a quiz may hold such questions, too."""

    def work(t: Tables) -> None:
        meet(ADA)(t)
        review = t.rounds.start(ADA, RoundKind.REVIEW, None, NOW)
        assert t.rounds.open(ADA, RoundKind.REVIEW, None) == t.rounds.get(review.id) == review
        quiz = t.rounds.start(ADA, RoundKind.QUIZ, "one", NOW)
        assert t.rounds.open(ADA, RoundKind.REVIEW, "one") is None
        for lesson, counts in (("two", False), ("three", True)):
            t.rounds.answer(t.rounds.deliver(review, lesson, NOW, lesson=lesson, counts=False), ("a",), True, NOW)
            delivery = t.rounds.deliver(quiz, lesson, NOW, lesson=lesson, counts=counts)
            assert t.rounds.delivery(delivery.id) == delivery
            t.rounds.answer(delivery, ("a",), True, NOW)
        assert t.rounds.first_answers(review.id) == (
            FirstAnswer("two", "two", correct=True, counts=False),
            FirstAnswer("three", "three", correct=True, counts=False),
        )
        assert [past.counts for past in t.rounds.first_answers(quiz.id)] == [False, True]

    await store.transact(work)


async def test_only_quizzes_are_standings_and_only_what_counts_is_reported(store: Store) -> None:
    def work(t: Tables) -> None:
        meet(ADA)(t)
        t.cohorts.enrol(t.cohorts.create("Autumn", "AAAABBBB", "salt", 7, NOW).id, ADA, NOW)
        quiz = t.rounds.start(ADA, RoundKind.QUIZ, "one", NOW)
        t.rounds.answer(t.rounds.deliver(quiz, "q", NOW), ("a",), True, NOW)
        t.rounds.answer(t.rounds.deliver(quiz, "old", NOW, lesson="zero", counts=False), ("a",), True, NOW + 1)
        t.rounds.finish(quiz.id, 1, 2, NOW + 2)
        review = t.rounds.start(ADA, RoundKind.REVIEW, "one", NOW + 3)
        t.rounds.answer(t.rounds.deliver(review, "q", NOW + 3, counts=False), ("a",), True, NOW + 4)
        t.rounds.finish(review.id, 2, 2, NOW + 5)
        (standing,) = t.reading.standings(ADA).values()
        assert [(quiz.right, quiz.total) for quiz in standing.finished] == [(1, 2)]
        assert t.cohorts.not_passed(1, "one")
        traces = t.traces.of_class(1)
        assert [(one.lesson, one.finished_at) for one in traces.quizzes] == [("one", NOW + 2)]
        assert [(one.question, one.at) for one in traces.answers] == [("q", NOW)]
        assert [one.question for one in t.traces.asked(1, NOW - 1)] == ["q"]

    await store.transact(work)


async def test_a_quiz_has_a_lesson(store: Store) -> None:
    await store.transact(meet(ADA))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        await store.transact(lambda t: t.rounds.start(ADA, RoundKind.QUIZ, None, NOW))


async def test_reports_read_a_class_from_covering_indexes_alone(store: Store) -> None:
    """Rows of other classes cost nothing: SQLite goes through the class, and looks up no row of these tables."""
    asked: list[str] = []

    def read(t: Tables) -> dict[str, list[str]]:
        t.cohorts.create("Autumn", "AAAABBBB", "salt", 7, NOW)
        db = t.learners._db
        with db.tracer(lambda sql, _: asked.append(sql)):
            t.traces.of_class(1)
            t.traces.asked(1, NOW)
        big = ("attempts", "quizzes", "runs", "deliveries")
        values = {"cohort": 1}
        plans = {}
        for sql in [sql for sql in asked if any(f" {table} x" in sql for table in big) or "max(l.id)" in sql]:
            parameters = values if ":cohort" in sql else [1, NOW]
            plans[sql] = [row[3] for row in db.execute(f"explain query plan {sql}", parameters)]
        return plans

    plans = await store.transact(read)
    assert len(plans) == 4
    for sql, plan in plans.items():
        looked_up = [step for step in plan if step.split()[1] in ("x", "l", "rounds")]
        assert looked_up, (sql, plan)
        assert all("COVERING INDEX" in step and "learner=?" in step for step in looked_up), plan


# Runs


def a_run(t: Tables, learner: int = ADA, *, lesson: str = "l", role: str = "train", verified: bool = True) -> Run:
    t.learners.meet(learner, "Somebody", None, None, NOW)
    example = "train" if verified else None
    return t.runs.add(Order(learner, learner, lesson, "print(1)", example, role, {"epochs": 3}), NOW)


def an_ended_run(
    t: Tables, learner: int = ADA, state: RunState = RunState.FINISHED, at: float = NOW, **more: Any
) -> Run:
    run = a_run(t, learner, **more)
    t.runs.end(run.id, state, at)
    return run


async def test_a_learner_has_one_open_run(store: Store) -> None:
    run = await store.transact(a_run)
    with pytest.raises(RunIsOpen):
        await store.transact(a_run)
    await store.transact(lambda t: t.runs.started(run.id, NOW + 1))
    with pytest.raises(RunIsOpen):
        await store.transact(a_run)
    await store.transact(lambda t: a_run(t, GRACE))
    await store.transact(lambda t: t.runs.end(run.id, RunState.FINISHED, NOW + 2))
    assert (await store.transact(a_run)).state is RunState.QUEUED


async def test_a_run_of_nobody_is_another_error(store: Store) -> None:
    """Only the rule of one open run has the name RunIsOpen."""
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        await store.transact(lambda t: t.runs.add(Order(77, 77, "l", "x"), NOW))


async def test_a_run_comes_back_as_it_was_stored(store: Store) -> None:
    history = (Epoch(1, 2, {"loss": 0.5}, 0.1), Epoch(2, 2, {}, 0.2, ("loss",), 3, 2, True))
    judgements = (
        Judgement(False, 20, {"loss": 2.3}),
        Judgement(True, 20, {"loss": 0.3}, 0.9, 0.8, 0.7, 0.6),
        Judgement(True, None, {}, diverged=("loss",), fit=3, model=2, data="training"),
    )

    def work(t: Tables) -> None:
        run = a_run(t)
        assert (run.state, run.values, run.source) == (RunState.QUEUED, {"epochs": 3}, "print(1)")
        t.runs.started(run.id, NOW + 1)
        ended = t.runs.end(
            run.id, RunState.FINISHED, NOW + 2, seconds=0.5, history=history, judgements=judgements, output="out"
        )
        assert ended == t.runs.get(run.id)
        assert ended
        assert (ended.started_at, ended.ended_at, ended.seconds, ended.output) == (NOW + 1, NOW + 2, 0.5, "out")
        assert (ended.history, ended.judgements) == (history, judgements)

    await store.transact(work)


async def test_the_first_end_of_a_run_stands(store: Store) -> None:
    def work(t: Tables) -> None:
        run = a_run(t)
        assert t.runs.end(run.id, RunState.CANCELLED, NOW)
        assert t.runs.end(run.id, RunState.FINISHED, NOW + 1, output="late") is None
        t.runs.started(run.id, NOW + 2)
        t.runs.requeued(run.id)
        stored = t.runs.get(run.id)
        assert stored
        assert (stored.state, stored.ended_at, stored.output, stored.restarts) == (RunState.CANCELLED, NOW, "", 0)

    await store.transact(work)


async def test_open_runs_are_found_and_start_over_in_their_place(store: Store) -> None:
    def work(t: Tables) -> None:
        first, second, third = a_run(t), a_run(t, GRACE), a_run(t, IRIS)
        t.runs.started(first.id, NOW + 1)
        t.runs.end(second.id, RunState.FAILED, NOW, reason="timeout")
        assert [run.id for run in t.runs.open()] == [first.id, third.id]
        t.runs.requeued(first.id)
        again = t.runs.open()[0]
        assert (again.id, again.state, again.started_at, again.restarts) == (first.id, RunState.QUEUED, None, 1)
        assert t.runs.open_of(GRACE) is None
        assert t.runs.open_of(ADA) == again

    await store.transact(work)


async def test_what_was_trained_last_is_verified_finished_training_only(store: Store) -> None:
    def work(t: Tables) -> None:
        assert t.runs.last_trained(ADA, "l") is None
        good = an_ended_run(t)
        an_ended_run(t, at=NOW + 1, verified=False)
        an_ended_run(t, at=NOW + 2, role="evaluate")
        an_ended_run(t, ADA, RunState.FAILED, NOW + 3)
        an_ended_run(t, ADA, RunState.CANCELLED, NOW + 4)
        an_ended_run(t, at=NOW + 5, lesson="other")
        an_ended_run(t, GRACE, at=NOW + 6)
        newer = a_run(t)
        last = t.runs.last_trained(ADA, "l")
        assert last
        assert last.id == good.id
        t.runs.end(newer.id, RunState.FINISHED, NOW + 99)
        last = t.runs.last_trained(ADA, "l")
        assert last
        assert last.id == newer.id

    await store.transact(work)


async def test_kept_files_are_those_of_the_last_run(store: Store) -> None:
    def work(t: Tables) -> None:
        t.runs.keep(an_ended_run(t), "model.keras", b"old")
        t.runs.keep(an_ended_run(t), "model.keras", b"new")
        t.runs.keep(a_run(t, GRACE), "model.keras", b"hers")
        assert t.runs.kept(ADA, "l", "train") == {"model.keras": b"new"}
        assert t.runs.kept(ADA, "l", "other") == {}

    await store.transact(work)


async def test_past_runs_come_newest_first_in_pages(store: Store) -> None:
    def work(t: Tables) -> None:
        ids = [an_ended_run(t).id for _ in range(5)]
        a_run(t, GRACE)
        assert [run.id for run in t.runs.past(ADA, 0, 2)] == [ids[4], ids[3]]
        assert [run.id for run in t.runs.past(ADA, 4, 2)] == [ids[0]]
        assert t.runs.count(ADA) == 5

    await store.transact(work)


async def test_a_draft_is_kept_for_each_example(store: Store) -> None:
    def work(t: Tables) -> None:
        meet(ADA)(t)
        assert t.runs.draft(ADA, "l", "train") == {}
        t.runs.set_draft(ADA, "l", "train", {"epochs": 3})
        t.runs.set_draft(ADA, "l", "train", {"epochs": 5, "learning_rate": 0.1, "name": "sgd", "flag": True})
        assert t.runs.draft(ADA, "l", "train") == {"epochs": 5, "learning_rate": 0.1, "name": "sgd", "flag": True}
        assert t.runs.draft(ADA, "l", "digits") == {}

    await store.transact(work)


# Mail


async def test_an_update_is_stored_once_and_waits_until_it_is_done(store: Store) -> None:
    def work(t: Tables) -> None:
        assert t.inbox.add(2, ADA, "two", NOW)
        assert t.inbox.add(1, ADA, "one", NOW)
        assert not t.inbox.add(2, ADA, "again", NOW)
        assert [body for _, _, body in t.inbox.waiting()] == ["one", "two"]
        t.inbox.done(1, NOW)
        assert [body for _, _, body in t.inbox.waiting()] == ["two"]
        assert not t.inbox.begin(1)

    await store.transact(work)


async def test_an_update_that_never_comes_to_an_end_is_dead_after_five_tries(store: Store) -> None:
    def work(t: Tables) -> None:
        t.inbox.add(1, ADA, "poison", NOW)
        assert [t.inbox.begin(1) for _ in range(7)] == [True] * 5 + [False] * 2
        assert t.inbox.waiting() == []
        assert not t.inbox.add(1, ADA, "poison", NOW)

    await store.transact(work)


async def test_only_what_was_dealt_with_long_ago_is_forgotten(store: Store) -> None:
    def work(t: Tables) -> None:
        for update in (1, 2, 3, 4):
            t.inbox.add(update, ADA, str(update), NOW)
        t.inbox.done(1, NOW)
        t.inbox.dead(2, "error", NOW)
        t.inbox.done(3, NOW + 10)
        t.inbox.forget_before(NOW + 5)
        assert [t.inbox.add(update, ADA, "again", NOW) for update in (1, 2, 3, 4)] == [True, True, False, False]

    await store.transact(work)


async def test_a_message_goes_out_as_it_was_put_in(store: Store) -> None:
    picture = Attachment("a.png", b"\x89PNG", picture=True)
    rich = Outgoing(
        ADA,
        "😀 text",
        ({"type": "bold", "offset": 0, "length": 2},),
        ((Key("A", data="1l"), Key("B", url="https://keras.io")), (Key("C", copy="x", style="primary"),)),
        picture,
        "panel",
        Mode.FOLLOW,
    )

    def work(t: Tables) -> None:
        t.outbox.add(rich, NOW)
        t.outbox.add(Outgoing(ADA, "second"), NOW)
        t.outbox.add(Outgoing(GRACE, "hers"), NOW)
        assert sorted(t.outbox.chats()) == [ADA, GRACE]
        first = t.outbox.next(ADA)
        assert first
        assert first.id
        assert Outgoing(**{f: getattr(first, f) for f in Outgoing.__slots__} | {"id": 0}) == rich
        t.outbox.drop(first.id)
        second = t.outbox.next(ADA)
        assert second
        assert (second.text, second.attachment, second.mode) == ("second", None, Mode.NEW)
        t.outbox.clear(ADA)
        assert t.outbox.next(ADA) is None
        assert t.outbox.chats() == [GRACE]

    await store.transact(work)


async def test_posts_are_replaced_and_the_last_message_only_grows(store: Store) -> None:
    def work(t: Tables) -> None:
        assert t.posts.get(ADA, "panel") is None
        assert t.posts.last_message(ADA) == 0
        t.posts.put(Post(ADA, "panel", 10, pictured=False, keyed=True))
        t.posts.put(Post(ADA, "panel", 12, pictured=True, keyed=False))
        assert t.posts.get(ADA, "panel") == Post(ADA, "panel", 12, pictured=True, keyed=False)
        for message in (12, 15, 11):
            t.posts.saw(ADA, message)
        assert t.posts.last_message(ADA) == 15
        assert t.posts.last_message(GRACE) == 0

    await store.transact(work)


async def test_a_closed_store_says_so_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    store = Store(tmp_path / "tutor.db")
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await asyncio.wait_for(store.transact(lambda tables: None), 5)


async def test_commits_are_counted_so_that_a_reader_knows_when_to_look_again(store: Store) -> None:
    before = store.commits
    await store.read(lambda tables: tables.learners.all())
    assert store.commits == before
    await store.transact(lambda tables: None)
    assert store.commits == before + 1
