"""The inbox: stored before acknowledged, in order, learners side by side."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram.error import NetworkError

from bot.store import Store
from bot.telegram.inbox import KEPT_SECONDS, SIDE_BY_SIDE, Inbox
from bot.telegram.rawupdate import RawUpdate, received
from tests.support.desk import ADA, GRACE, NOW
from tests.support.waiting import eventually


def update(id: int, learner: int = ADA, text: str = "hello") -> RawUpdate:
    person = {"id": learner, "is_bot": False, "first_name": "Ada"}
    chat = {"id": learner, "type": "private", "first_name": "Ada"}
    message = {"message_id": id, "date": int(NOW), "chat": chat, "from": person, "text": text}
    return received(json.dumps({"update_id": id, "message": message}))


class Work:
    """What the bot is busy with: each update waits until it is let go, unless all are."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.done: list[int] = []
        self.given_up: list[int] = []
        self.unstored: list[int] = []
        self._gates: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self.all = False

    async def take(self, update: RawUpdate) -> None:
        self.begun.append(update.id)
        if not self.all:
            await self._gates[update.id].wait()
        self.done.append(update.id)

    async def give_up(self, update: RawUpdate) -> None:
        self.given_up.append(update.id)

    async def cannot_store(self, update: RawUpdate) -> None:
        self.unstored.append(update.id)

    def let_go(self, id: int) -> None:
        self._gates[id].set()


@asynccontextmanager
async def at_work(inbox: Inbox, patience: float = 5) -> AsyncIterator[None]:
    """The inbox hands on what it has; ended as the bot is."""
    inbox.start()
    yield
    await inbox.aclose(patience)


async def emptied(inbox: Inbox) -> None:
    async with at_work(inbox):
        await eventually(lambda: not inbox.held)


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def inbox(store: Store, work: Work) -> Inbox:
    return Inbox(store, work, lambda: NOW)


async def test_a_learner_s_updates_stay_in_order_while_learners_run_side_by_side(inbox: Inbox, work: Work) -> None:
    async with at_work(inbox):
        for made in (update(1), update(2), update(3, GRACE), update(4)):
            await inbox.put_all([made])
        await eventually(lambda: sorted(work.begun) == [1, 3])
        work.let_go(3)
        await eventually(lambda: work.done == [3])
        assert 2 not in work.begun
        work.let_go(1)
        await eventually(lambda: work.begun[-1] == 2)
        assert 4 not in work.begun
        work.let_go(2)
        work.let_go(4)
        await eventually(lambda: work.done == [3, 1, 2, 4])


async def test_many_learners_at_once_each_in_order(inbox: Inbox, work: Work) -> None:
    work.all = True
    learners = range(1, 41)
    async with at_work(inbox):
        for n in range(200):
            await inbox.put_all([update(n, learners[n % 40])])
        await eventually(lambda: len(work.done) == 200)
    for learner in range(40):
        own = [n for n in work.done if n % 40 == learner]
        assert own == sorted(own)


async def test_only_so_many_are_in_work_at_once(inbox: Inbox, work: Work) -> None:
    async with at_work(inbox):
        for n in range(1, SIDE_BY_SIDE + 6):
            await inbox.put_all([update(n, n)])
        await eventually(lambda: len(work.begun) == SIDE_BY_SIDE)
        work.let_go(work.begun[0])
        await eventually(lambda: len(work.begun) == SIDE_BY_SIDE + 1)
        for n in range(1, SIDE_BY_SIDE + 6):
            work.let_go(n)
        await eventually(lambda: len(work.done) == SIDE_BY_SIDE + 5)


async def test_a_learner_who_fails_does_not_stay_behind_a_closed_lane(inbox: Inbox, work: Work) -> None:

    async def failing(update: RawUpdate) -> None:
        work.begun.append(update.id)
        raise RuntimeError("a mistake of ours")

    work.take = failing  # type: ignore[method-assign]
    async with at_work(inbox):
        await inbox.put_all([update(1)])
        await inbox.put_all([update(2)])
        await eventually(lambda: work.begun == [1, 2])


async def test_an_update_that_comes_twice_is_dropped(inbox: Inbox, work: Work) -> None:
    work.all = True
    async with at_work(inbox):
        for made in (update(1), update(1), update(2), update(1)):
            await inbox.put_all([made])
        await eventually(lambda: work.done == [1, 2])
        assert inbox.held == 0


async def test_an_update_is_stored_before_it_is_acknowledged(store: Store, inbox: Inbox) -> None:
    await inbox.put_all([update(1)])
    assert len(await store.read(lambda t: t.inbox.waiting())) == 1


async def test_a_storage_failure_asks_telegram_to_send_it_again(store: Store, inbox: Inbox, work: Work) -> None:
    await store.transact(lambda t: t.inbox._db.execute("alter table inbox rename to elsewhere"))
    with pytest.raises(NetworkError, match="update 1 could not be stored"):
        await inbox.put_all([update(1)])
    assert (inbox.held, work.unstored) == (0, [1])
    await store.transact(lambda t: t.inbox._db.execute("alter table elsewhere rename to inbox"))
    await inbox.put_all([update(1)])
    assert inbox.held == 1


async def test_what_was_not_finished_comes_back_after_a_restart_in_order(
    store: Store, inbox: Inbox, work: Work
) -> None:
    for id in (3, 1, 2):
        await inbox.put_all([update(id, text=f"text {id}")])
    await store.transact(lambda t: t.inbox.done(2, NOW))
    later = Inbox(store, work, lambda: NOW)
    work.all = True
    async with at_work(later):
        await later.replay()
        await eventually(lambda: work.done == [1, 3])


async def test_replay_gives_up_on_an_update_that_ends_every_process(store: Store, inbox: Inbox, work: Work) -> None:
    await inbox.put_all([update(1)])
    work.all = True
    for _ in range(6):
        later = Inbox(store, work, lambda: NOW)
        await later.replay()
        await emptied(later)
    assert (work.done, work.given_up) == ([1] * 5, [1])
    assert await store.read(lambda t: t.inbox.waiting()) == []


async def test_an_update_that_only_waited_through_many_restarts_is_not_given_up(
    store: Store, inbox: Inbox, work: Work
) -> None:
    await inbox.put_all([update(1)])
    for _ in range(9):
        later = Inbox(store, work, lambda: NOW)
        await later.replay()
    assert later.held == 1
    work.all = True
    async with at_work(later):
        await eventually(lambda: work.done == [1])


async def test_what_was_dealt_with_is_known_for_two_weeks(store: Store, inbox: Inbox, work: Work) -> None:
    await inbox.put_all([update(1)])
    await store.transact(lambda t: t.inbox.done(1, NOW))
    await Inbox(store, work, lambda: NOW + KEPT_SECONDS - 1).replay()
    assert not await store.transact(lambda t: t.inbox.add(1, ADA, "again", NOW))
    await Inbox(store, work, lambda: NOW + KEPT_SECONDS + 1).replay()
    assert await store.transact(lambda t: t.inbox.add(1, ADA, "again", NOW))


async def test_stopping_does_not_wait_for_those_in_line(store: Store, inbox: Inbox, work: Work) -> None:
    async with at_work(inbox):
        for made in (update(1), update(2), update(3)):
            await inbox.put_all([made])
        await eventually(lambda: work.begun == [1])
        stopping = asyncio.ensure_future(inbox.aclose(5))
        await asyncio.sleep(0)
        work.let_go(1)
        async with asyncio.timeout(4):
            await stopping
    assert work.done == [1]
    assert len(await store.read(lambda t: t.inbox.waiting())) == 3  # nothing here marks an update as done


async def test_stopping_does_not_wait_for_ever_for_one_that_hangs(inbox: Inbox, work: Work) -> None:
    async with at_work(inbox, patience=0.01):
        await inbox.put_all([update(1), update(2, GRACE)])
        await eventually(lambda: sorted(work.begun) == [1, 2])
    assert work.done == []


def lane(kind: str, **content: Any) -> int:
    return received(json.dumps({"update_id": 1, kind: content})).lane


def test_a_lane_is_a_person_s_wherever_they_write() -> None:
    ada, group = {"id": ADA, "is_bot": False, "first_name": "Ada"}, {"id": -5, "type": "group", "title": "Class"}
    assert lane("message", chat=group, **{"from": ada}) == ADA
    assert lane("edited_message", chat=group, **{"from": ada}) == ADA
    assert lane("callback_query", message={"chat": group}, **{"from": ada}) == ADA
    assert lane("poll_answer", user=ada) == ADA
    assert lane("channel_post", chat={"id": -7, "type": "channel"}) == -7
    assert lane("message", chat=group, **{"from": {"id": 2**70}}) == -5
    assert lane("message", chat=[], **{"from": True}) == 0
