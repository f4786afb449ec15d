"""A database of an earlier time opens, is migrated, and keeps its rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.domain import versions
from bot.domain.messages import Key, Outgoing
from bot.domain.rounds import RoundKind
from bot.domain.runs import RunState
from bot.store import Store, upkeep
from bot.store.migrations import schema
from lessons.model import Course
from tests.support.desk import ADA, GRACE, NOW, Desk

OLD = sorted(Path(__file__).parent.glob("schema_*.sql"))
OLDEST = OLD[:2]
"""Those with the rows of `make_fixture.ROWS`."""
RENAMED = {("quizzes", None): "rounds", ("deliveries", "quiz"): "round"}
"""Tables, and columns of tables, that have another name now."""


def content(path: Path) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """By table: its columns and its rows."""
    with closing(sqlite3.connect(path)) as db:
        names = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
        found = {}
        for name in names:
            cursor = db.execute(f"select * from {name}")
            found[name] = ([column[0] for column in cursor.description], sorted(cursor.fetchall(), key=repr))
    return found


def database_of(dump: Path, folder: Path) -> Path:
    path = folder / "tutor.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(dump.read_text())
    return path


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return database_of(request.param, tmp_path)


@pytest.fixture(params=OLDEST, ids=lambda path: path.stem)
def oldest(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return database_of(request.param, tmp_path)


@pytest.fixture
def before_rounds(tmp_path: Path) -> Path:
    """The rows of `make_fixture.live`."""
    return database_of(Path(__file__).with_name("schema_0013.sql"), tmp_path)


def test_the_stored_database_has_rows_in_every_table(old: Path) -> None:
    assert {name for name, (_, rows) in content(old).items() if not rows} == set()
    assert upkeep.pending(old), "it is older than the schema of today"


def test_every_row_is_kept(old: Path) -> None:
    before = content(old)
    Store(old).close()
    assert upkeep.pending(old) == []
    assert upkeep.faults(old) == []
    after = content(old)
    assert {RENAMED.get((name, None), name) for name in before} <= set(after)
    for name, (columns, rows) in before.items():
        now_columns, now_rows = after[RENAMED.get((name, None), name)]
        places = [now_columns.index(RENAMED.get((name, column), column)) for column in columns]
        kept = sorted((tuple(row[place] for place in places) for row in now_rows), key=repr)
        assert [row for row in kept if row in rows] == rows, name
        assert len(kept) == len(rows) or name == "_sqlite_migrations"
    Store(old).close()
    assert content(old) == after, "opening it again changes nothing"


async def test_what_is_in_it_can_be_used(oldest: Path) -> None:
    store = Store(oldest)
    try:
        learners = await store.read(lambda t: [(who.id, who.name, who.reachable) for who in t.learners.all()])
        assert learners == [(1001, "Ada", True), (1002, "Grâce 🎓", False)]
        assert await store.read(lambda t: t.runs.outcomes()) == {"finished": 1, "failed: timeout": 1, "queued": 1}
        (run,) = await store.read(lambda t: t.runs.open())
        assert (run.id, run.source, run.state) == (3, "x = 3", RunState.QUEUED)
        assert await store.read(lambda t: t.runs.kept(1001, "l", "e")) == {"model.keras": bytes(range(256))}
        message = await store.read(lambda t: t.outbox.next(1001))
        assert message == Outgoing(1001, "Hi", key="panel", mode=message.mode, id=1) if message else False
        assert await store.transact(lambda t: t.inbox.done(11, 9.0)) == 3.0
        await store.transact(lambda t: t.timers.set("x", 1.0))
        await store.transact(lambda t: t.outbox.add(Outgoing(1002, "new", keyboard=((Key("k", data="1"),),)), 9.0))
    finally:
        store.close()
    assert upkeep.faults(oldest) == []


async def test_answers_and_runs_of_old_have_what_reports_read(oldest: Path) -> None:
    """Time and hint of an answer come from its delivery; a finished run's figure from its history."""
    store = Store(oldest)
    try:
        await store.transact(lambda t: t.cohorts.create("Autumn", "AAAABBBB", "salt", 7, 10.0))
        await store.transact(lambda t: [t.cohorts.enrol(1, who, 11.0) for who in (1001, 1002)])
        traces = await store.read(lambda t: t.traces.of_class(1))
    finally:
        store.close()
    assert [(a.question, a.hinted, round(a.seconds or 0, 3)) for a in traces.answers] == [
        ("q1", 0, 0.5),
        ("q2", 1, 0.9),
    ]
    figures = {run.id: (run.state, run.metric, run.figure) for run in traces.runs}
    assert figures == {1: ("finished", "loss", 0.5), 2: ("failed", None, None), 3: ("queued", None, None)}


async def test_answers_from_before_wordings_were_kept_have_none(tmp_path: Path) -> None:
    """0008 came after 0009: a database that has the later number gets it as well, and reports read its answers."""
    path = tmp_path / "tutor.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        schema.apply(Database(db), stop_before="0008_shown_choices")
        assert {row[0] for row in db.execute("select name from _sqlite_migrations")} >= {"0009_run_facts"}
        db.execute("insert into learners(id, name, joined_at) values(1001, 'Ada', 1.0)")
        db.execute("insert into quizzes values(1, 1001, 'l', 4.0, null, null, null)")
        db.execute("insert into deliveries values(1, 1, 1001, 'l', 'q', 0, 4.5, 0, 0)")
        db.execute("insert into attempts values(1, 1001, 'l', 'q', '[\"a\"]', 1, 1, 5.0, 0, 0.5)")
    assert upkeep.pending(path)[0] == "0008_shown_choices"
    store = Store(path)
    try:
        delivery = await store.read(lambda t: t.rounds.delivery(1))
        await store.transact(lambda t: t.cohorts.create("Autumn", "AAAABBBB", "salt", 7, 10.0))
        await store.transact(lambda t: t.cohorts.enrol(1, 1001, 11.0))
        traces = await store.read(lambda t: t.traces.of_class(1))
    finally:
        store.close()
    assert delivery
    assert (delivery.answered, delivery.version, delivery.shown) == (True, None, "")
    assert [(a.question, a.version) for a in traces.answers] == [("q", None)]
    assert upkeep.faults(path) == []


async def test_of_two_learners_with_one_username_the_one_heard_from_last_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "tutor.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        schema.apply(Database(db), stop_before="0013_heard")
        for id, username, joined in (
            (1, "Prof", 3.0),
            (2, "prof", 2.0),
            (3, "PROF", 1.0),
            (4, "emmy", 1.0),
            (5, None, 9.0),
        ):
            db.execute(
                "insert into learners(id, name, username, joined_at) values(?, 'A', ?, ?)", [id, username, joined]
            )
        db.execute("insert into bookmarks values(2, 'l', 's', 0, 8.0)")
    store = Store(path)
    try:
        met = await store.read(lambda t: {one.id: one for one in t.learners.all()})
        found = await store.read(lambda t: t.learners.named("pROF"))
    finally:
        store.close()
    assert [(one.username, one.heard_at, one.inherited) for one in met.values()] == [
        (None, 3.0, False), ('prof', 8.0, True), (None, 1.0, False), ("emmy", 1.0, False), (None, 9.0, False),
    ]  # fmt: skip
    assert found == met[2]


async def test_timers_that_no_job_takes_any_more_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "tutor.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        schema.apply(Database(db), stop_before="0015_no_wakes")
        for kind in ("wake_outbox", "report"):
            db.execute("insert into timers(kind, payload, due_at) values(?, '{}', 1.0)", [kind])
    store = Store(path)
    try:
        assert [timer.kind for timer in await store.read(lambda t: t.timers.all())] == ["report"]
    finally:
        store.close()


async def test_rounds_keep_what_learners_did_in_quizzes(before_rounds: Path, small_course: Course) -> None:
    """Ada has finished a quiz and is in the middle of another; Grace has another try open."""
    store = Store(before_rounds)
    try:
        finished, open_, hers = [await store.read(lambda t, id=id: t.rounds.get(id)) for id in (1, 2, 3)]
        answers = [await store.read(lambda t, id=id: t.rounds.first_answers(id)) for id in (1, 2, 3)]
        ticks = await store.read(lambda t: t.rounds.last_delivery(2))
        another_try = await store.read(lambda t: t.rounds.last_delivery(3))
        standing = (await store.read(lambda t: t.reading.standings(ADA)))["first"]
        traces = await store.read(lambda t: t.traces.of_class(1))
    finally:
        store.close()
    assert finished
    assert open_
    assert hers
    assert ticks
    assert another_try
    assert (finished.kind, finished.lesson, finished.right, finished.total) == (RoundKind.QUIZ, "first", 3, 4)
    assert (open_.learner, open_.finished_at, hers.learner, hers.finished_at) == (ADA, None, GRACE, None)
    assert [[(one.question, one.correct) for one in of_round if one.counts] for of_round in answers] == [
        [("one", False), ("some", True), ("number", True), ("word", True)], [("one", True)], [("one", False)],
    ]  # fmt: skip
    assert (ticks.question, ticks.ticked, ticks.answered, ticks.counts) == ("some", 1, False, True)
    assert (another_try.tries, another_try.hinted, another_try.answered) == (1, True, False)
    assert versions.read(another_try.shown) == small_course.lessons[0].questions[0]
    assert [(quiz.right, quiz.total) for quiz in standing.finished] == [(3, 4)]
    assert [(quiz.learner, quiz.right, quiz.total) for quiz in traces.quizzes] == [
        (ADA, 3, 4), (ADA, None, None), (GRACE, None, None),
    ]  # fmt: skip
    assert [(one.learner, one.question, one.first) for one in traces.answers] == [
        (ADA, "one", 1), (ADA, "one", 0), (ADA, "some", 1), (ADA, "number", 1), (ADA, "word", 1), (ADA, "one", 1),
        (GRACE, "one", 1),
    ]  # fmt: skip


async def test_buttons_that_stood_in_the_chat_before_rounds_still_work(
    before_rounds: Path, small_course: Course
) -> None:
    store = Store(before_rounds)
    desk = Desk(store, small_course, now=NOW + 3600)
    try:
        await desk.waiting()
        ticked = await desk.presses("1t:7:1:1", ADA)
        handed_in = await desk.presses("1s:7", ADA)
        onward = await desk.presses("1n:7", ADA)
        answered = await desk.presses("1a:9:0", GRACE)
        over = await desk.presses("1n:5", ADA)
    finally:
        store.close()
    assert [label[0] for label in ticked.labels[:2]] == ["☑", "☑"]
    assert (handed_in.toast, handed_in.only.key) == ("Right!", "quiz:2:some")
    assert "How many?" in onward.messages[-1].text
    assert (answered.toast, "another try" in answered.text) == ("Right!", True)
    assert over.toast == "This round is finished. /quiz starts a new one."


async def test_of_several_open_runs_of_a_learner_the_newest_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "tutor.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        schema.apply(Database(db), stop_before="0016_one_open_run")
        db.execute("insert into learners(id, name, joined_at) values(1001, 'Ada', 1.0), (1002, 'Grace', 1.0)")
        for learner, state, queued_at, started_at in (
            (ADA, "running", 2.0, 3.0),
            (ADA, "finished", 4.0, 5.0),
            (ADA, "queued", 6.0, None),
            (GRACE, "running", 7.0, 8.0),
            (ADA, "queued", 9.0, None),
        ):
            db.execute(
                "insert into runs(learner, chat, lesson, example, role, parameters, source, verified, state, queued_at,"
                " started_at) values(?, 1, 'l', 'e', 'train', '{}', 'x = 1', 1, ?, ?, ?)",
                [learner, state, queued_at, started_at],
            )
    store = Store(path)
    try:
        runs = [await store.read(lambda t, id=id: t.runs.get(id)) for id in range(1, 6)]
        going = await store.read(lambda t: [t.runs.open_of(learner) for learner in (ADA, GRACE)])
    finally:
        store.close()
    assert [(str(run.state), run.reason, run.ended_at) for run in runs if run] == [
        ("failed", "lost", 3.0), ("finished", None, None), ("failed", "lost", 6.0), ("running", None, None),
        ("queued", None, None),
    ]  # fmt: skip
    assert going == [runs[4], runs[3]]
    assert upkeep.faults(path) == []
