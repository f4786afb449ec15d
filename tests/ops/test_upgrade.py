"""A database of an earlier time opens, is migrated, and keeps its rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from bot.domain.messages import Key, Outgoing
from bot.domain.runs import RunState
from bot.store import Store, upkeep
from bot.store.migrations import schema

OLD = sorted(Path(__file__).parent.glob("schema_*.sql"))


def content(path: Path) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """By table: its columns and its rows."""
    with closing(sqlite3.connect(path)) as db:
        names = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
        found = {}
        for name in names:
            cursor = db.execute(f"select * from {name}")
            found[name] = ([column[0] for column in cursor.description], sorted(cursor.fetchall(), key=repr))
    return found


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "tutor.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(request.param.read_text())
    return path


def test_the_stored_database_has_rows_in_every_table(old: Path) -> None:
    assert {name for name, (_, rows) in content(old).items() if not rows} == set()
    assert upkeep.pending(old), "it is older than the schema of today"


def test_every_row_is_kept(old: Path) -> None:
    before = content(old)
    Store(old).close()
    assert upkeep.pending(old) == []
    assert upkeep.faults(old) == []
    after = content(old)
    assert set(before) < set(after)
    for name, (columns, rows) in before.items():
        now_columns, now_rows = after[name]
        places = [now_columns.index(column) for column in columns]
        kept = sorted((tuple(row[place] for place in places) for row in now_rows), key=repr)
        assert [row for row in kept if row in rows] == rows, name
        assert len(kept) == len(rows) or name == "_sqlite_migrations"
    Store(old).close()
    assert content(old) == after, "opening it again changes nothing"


async def test_what_is_in_it_can_be_used(old: Path) -> None:
    store = Store(old)
    try:
        learners = await store.read(lambda t: [(who.id, who.name, who.reachable) for who in t.learners.all()])
        assert learners == [(1001, "Ada", True), (1002, "Grâce 🎓", False)]
        assert await store.read(lambda t: t.runs.outcomes()) == {"finished": 1, "failed: timeout": 1, "queued": 1}
        (run,) = await store.read(lambda t: t.runs.open())
        assert (run.id, run.source, run.state) == (3, "x = 3", RunState.QUEUED)
        assert await store.read(lambda t: t.runs.kept(1001, "l", "e")) == {"model.keras": bytes(range(256))}
        message = await store.read(lambda t: t.outbox.next(1001))
        assert message == Outgoing(1001, "Hi", at="panel", mode=message.mode, id=1) if message else False
        assert await store.transact(lambda t: t.inbox.done(11, 9.0)) == 3.0
        await store.transact(lambda t: t.timers.set("x", 1.0))
        await store.transact(lambda t: t.outbox.add(Outgoing(1002, "new", keyboard=((Key("k", data="1"),),)), 9.0))
    finally:
        store.close()
    assert upkeep.faults(old) == []


async def test_answers_and_runs_of_old_have_what_reports_read(old: Path) -> None:
    """Time and hint of an answer come from its delivery; a finished run's figure from its history."""
    store = Store(old)
    try:
        await store.transact(lambda t: t.cohorts.create("Autumn", "AAAABBBB", "salt", 7, 10.0))
        await store.transact(lambda t: [t.cohorts.enrol(1, who, 11.0) for who in (1001, 1002)])
        traces = await store.read(lambda t: t.figures.traces(1))
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
        delivery = await store.read(lambda t: t.quizzes.delivery(1))
        await store.transact(lambda t: t.cohorts.create("Autumn", "AAAABBBB", "salt", 7, 10.0))
        await store.transact(lambda t: t.cohorts.enrol(1, 1001, 11.0))
        traces = await store.read(lambda t: t.figures.traces(1))
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
