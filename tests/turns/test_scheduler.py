"""Timers: rows that are done when they are due, with their effects or not at all."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import pytest

from bot.app import upkeep
from bot.domain.messages import Timer
from bot.ops.alerts import Alerts
from bot.store import Store, Tables
from bot.telegram.inbox import KEPT_SECONDS
from bot.turns.jobs import Occasion, TimerJob
from bot.turns.scheduler import POSTPONED_SECONDS, Scheduler
from lessons.loader import load
from tests.support.desk import IDENTITY
from tests.support.waiting import eventually

NOW = 1_800_000_000.0
OPERATOR = 42


@dataclass
class Desk:
    """A scheduler whose time is `now`; `told` is what its work noted."""

    store: Store
    now: float = NOW
    told: list[str] = field(default_factory=list)
    works: Scheduler = field(init=False)

    def __post_init__(self) -> None:
        kinds = (
            TimerJob("note", self._note),
            TimerJob("hourly", self._note, every=3600.0),
            TimerJob("fails", self._fail),
            TimerJob("looks", lambda due: self.told.append(due.found), read=self._look),
        )
        alerts = Alerts(OPERATOR)
        self.works = Scheduler(self.store, kinds, load(), IDENTITY, alerts, lambda: self.now, lambda: self.now)

    def _note(self, due: Occasion) -> None:
        self.told.append(f"{due.payload.get('what', 'hour')} at {due.now - NOW:.0f}")

    def _fail(self, due: Occasion) -> None:
        due.tables.learners.meet(7, "Half", None, None, due.now)
        raise RuntimeError("no luck")

    def _look(self, due: Occasion) -> str:
        return f"{threading.current_thread().name.split('_')[0]} saw {len(due.tables.learners.all())}"

    async def set(self, kind: str, after: float, **payload: object) -> None:
        await self.store.transact(lambda t: t.timers.set(kind, NOW + after, payload))

    async def timers(self) -> list[Timer]:
        return await self.store.read(lambda t: t.timers.all())


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


async def test_what_is_due_is_done_once_in_the_order_of_time(desk: Desk) -> None:
    for what, after in (("second", 20), ("first", 10), ("later", 31)):
        await desk.set("note", after, what=what)
    assert await desk.works.tick() == 0
    desk.now = NOW + 30
    assert await desk.works.tick() == 2
    assert await desk.works.tick() == 0
    assert desk.told == ["first at 30", "second at 30"]
    assert [timer.payload for timer in await desk.timers()] == [{"what": "later"}]


async def test_the_same_timer_set_again_is_moved_and_another_one_is_not(desk: Desk) -> None:
    await desk.set("note", 10, what="a", learner=1)
    await desk.set("note", 10, what="a", learner=2)
    await desk.store.transact(lambda t: t.timers.set("note", NOW + 99, {"learner": 1, "what": "a"}))
    assert [(t.due_at - NOW, t.payload["learner"]) for t in await desk.timers()] == [(10, 2), (99, 1)]
    await desk.store.transact(lambda t: t.timers.unset("note", {"what": "a", "learner": 2}))
    assert [t.payload["learner"] for t in await desk.timers()] == [1]


async def test_what_comes_again_gets_its_next_time(desk: Desk) -> None:
    await desk.set("hourly", 0)
    desk.now = NOW + 3 * 3600 + 5
    assert await desk.works.tick() == 1, "hours that nobody was there for are not made up for"
    assert [timer.due_at for timer in await desk.timers()] == [desk.now + 3600]


async def test_what_fails_leaves_nothing_is_tried_later_and_holds_up_nobody(desk: Desk) -> None:
    await desk.set("fails", 0)
    await desk.set("unheard of", 1)
    await desk.set("note", 2, what="fine")
    desk.now = NOW + 5
    assert await desk.works.tick() == 3
    assert desk.told == ["fine at 5"]
    assert [(t.kind, t.due_at) for t in await desk.timers()] == [
        ("fails", desk.now + POSTPONED_SECONDS),
        ("unheard of", desk.now + POSTPONED_SECONDS),
    ]
    assert await desk.store.read(lambda t: t.learners.get(7)) is None
    alert = await desk.store.read(lambda t: t.outbox.next(OPERATOR))
    assert alert is not None
    assert alert.text.startswith("A timer failed")
    assert "fails" in alert.text


async def test_a_timer_that_was_moved_since_it_was_read_is_left_alone(desk: Desk) -> None:
    await desk.set("note", 0, what="moved")
    (read,) = await desk.timers()
    await desk.set("note", 50, what="moved")
    await desk.works._do(read, NOW)
    assert desk.told == []
    assert await desk.timers() == [replace(read, due_at=NOW + 50)]


async def test_what_takes_long_is_read_beside_the_writer_and_its_work_is_handed_what_was_found(desk: Desk) -> None:
    await desk.store.transact(lambda t: t.learners.meet(7, "Ada", None, None, NOW))
    await desk.set("looks", 0)
    assert await desk.works.tick() == 1
    assert desk.told == ["store-read saw 1"]
    assert await desk.timers() == []


async def test_what_a_commit_makes_due_is_done_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.turns.scheduler.TICK_SECONDS", 3600.0)
    desk.works.start()
    try:
        await eventually(lambda: desk.told)
        await desk.set("note", 0, what="now")
        await eventually(lambda: len(desk.told) == 2)
    finally:
        await desk.works.aclose()
    assert desk.told[1] == "now at 0"


async def test_started_it_does_by_itself_what_comes_again(desk: Desk) -> None:
    desk.works.start()
    try:
        await eventually(lambda: desk.told)
    finally:
        await desk.works.aclose()
    assert desk.told == ["hour at 0"]
    assert [timer.kind for timer in await desk.timers()] == ["hourly"]


async def test_updates_dealt_with_two_weeks_ago_are_forgotten(store: Store) -> None:
    def came(tables: Tables) -> None:
        for update, done in ((1, NOW - KEPT_SECONDS - 1), (2, NOW - KEPT_SECONDS + 1), (3, None)):
            tables.inbox.add(update, 1, "{}", NOW - 2 * KEPT_SECONDS)
            if done:
                tables.inbox.done(update, done)

    await store.transact(came)
    desk = Desk(store)
    desk.works.jobs = upkeep(Alerts())
    await desk.store.transact(desk.works._prepare)
    assert await desk.works.tick() == 2
    left = await store.read(lambda t: [row["update_id"] for row in t.inbox._db.query("select update_id from inbox")])
    assert left == [2, 3]
    assert {t.kind: t.due_at - NOW for t in await desk.timers()} == {"forget_inbox": 86400.0, "watch_outbox": 30.0}
