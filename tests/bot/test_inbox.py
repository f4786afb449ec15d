"""The inbox under PTB's own Application: stored before acknowledged, in order, learners side by side."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Update
from telegram.error import NetworkError
from telegram.ext import Application, TypeHandler

from bot.inbox import KEPT_SECONDS, SIDE_BY_SIDE, Inbox, Lanes, lane_of
from bot.store import Store
from tests.emulator.conftest import TOKEN, Served, eventually

from .conftest import ADA, GRACE, NOW


def update(id: int, learner: int = ADA, text: str = "hello") -> Update:
    person = {"id": learner, "is_bot": False, "first_name": "Ada"}
    chat = {"id": learner, "type": "private", "first_name": "Ada"}
    message = {"message_id": id, "date": int(NOW), "chat": chat, "from": person, "text": text}
    made = Update.de_json({"update_id": id, "message": message}, None)
    assert made
    return made


class Work:
    """What the bot is busy with: each update waits until it is let go, unless all are."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.done: list[int] = []
        self._gates: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self.all = False

    async def handle(self, update: Update, context: Any) -> None:
        self.begun.append(update.update_id)
        if not self.all:
            await self._gates[update.update_id].wait()
        self.done.append(update.update_id)

    def let_go(self, id: int) -> None:
        self._gates[id].set()


@asynccontextmanager
async def at_work(served: Served, inbox: Inbox, work: Work) -> AsyncIterator[Any]:
    """An Application that takes its updates from the inbox; ended as the bot is."""
    builder = Application.builder().token(TOKEN).base_url(f"{served.address}/bot").updater(None).job_queue(None)
    app = builder.update_queue(inbox).concurrent_updates(Lanes(inbox)).build()  # type: ignore[arg-type]
    app.add_handler(TypeHandler(Update, work.handle))
    async with app:
        await app.start()
        yield app
        if app.running:
            async with asyncio.timeout(5):
                await app.stop()


@pytest.fixture
def inbox(store: Store) -> Inbox:
    return Inbox(store, lambda: NOW)


async def test_a_learner_s_updates_stay_in_order_while_learners_run_side_by_side(served: Served, inbox: Inbox) -> None:
    work = Work()
    async with at_work(served, inbox, work):
        for made in (update(1), update(2), update(3, GRACE), update(4)):
            await inbox.put(made)
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


async def test_many_learners_at_once_each_in_order(served: Served, inbox: Inbox) -> None:
    work = Work()
    work.all = True
    learners = range(1, 41)
    async with at_work(served, inbox, work):
        for n in range(200):
            await inbox.put(update(n, learners[n % 40]))
        await eventually(lambda: len(work.done) == 200)
    for learner in range(40):
        own = [n for n in work.done if n % 40 == learner]
        assert own == sorted(own)


async def test_only_so_many_are_in_work_at_once(served: Served, inbox: Inbox) -> None:
    work = Work()
    async with at_work(served, inbox, work):
        for n in range(1, SIDE_BY_SIDE + 6):
            await inbox.put(update(n, n))
        await eventually(lambda: len(work.begun) == SIDE_BY_SIDE)
        work.let_go(work.begun[0])
        await eventually(lambda: len(work.begun) == SIDE_BY_SIDE + 1)
        for n in range(1, SIDE_BY_SIDE + 6):
            work.let_go(n)
        await eventually(lambda: len(work.done) == SIDE_BY_SIDE + 5)


async def test_a_learner_who_fails_does_not_stay_behind_a_closed_lane(served: Served, inbox: Inbox) -> None:
    work = Work()

    async def failing(update: Update, context: Any) -> None:
        work.begun.append(update.update_id)
        raise RuntimeError("a mistake of ours")

    work.handle = failing  # type: ignore[method-assign]
    async with at_work(served, inbox, work):
        await inbox.put(update(1))
        await inbox.put(update(2))
        await eventually(lambda: work.begun == [1, 2])


async def test_an_update_that_comes_twice_is_dropped(served: Served, inbox: Inbox) -> None:
    work = Work()
    work.all = True
    async with at_work(served, inbox, work):
        for made in (update(1), update(1), update(2), update(1)):
            await inbox.put(made)
        await eventually(lambda: work.done == [1, 2])
        assert inbox.empty()


async def test_an_update_is_stored_before_it_is_acknowledged(store: Store, inbox: Inbox) -> None:
    await inbox.put(update(1))
    assert len(await store.read(lambda t: t.inbox.waiting())) == 1


async def test_a_storage_failure_asks_ptb_to_try_again(store: Store, inbox: Inbox) -> None:
    await store.transact(lambda t: t.inbox._db.execute("alter table inbox rename to elsewhere"))
    with pytest.raises(NetworkError, match="update 1 could not be stored"):
        await inbox.put(update(1))
    assert inbox.empty()
    await store.transact(lambda t: t.inbox._db.execute("alter table elsewhere rename to inbox"))
    await inbox.put(update(1))
    assert inbox.qsize() == 1


async def test_what_was_not_finished_comes_back_after_a_restart_in_order(
    served: Served, store: Store, inbox: Inbox
) -> None:
    for id in (3, 1, 2):
        await inbox.put(update(id, text=f"text {id}"))
    await store.transact(lambda t: t.inbox.done(2, NOW))
    later, work = Inbox(store, lambda: NOW), Work()
    work.all = True
    async with at_work(served, later, work) as app:
        await later.replay(app.bot)
        await eventually(lambda: work.done == [1, 3])


async def test_replay_gives_up_on_an_update_that_ends_every_process(served: Served, store: Store, inbox: Inbox) -> None:
    await inbox.put(update(1))
    tried = []
    for _ in range(6):
        later = Inbox(store, lambda: NOW)
        async with served.bot() as bot:
            await later.replay(bot)
        tried.append(await later.begin(1))
    assert tried == [True] * 5 + [False]
    assert await store.read(lambda t: t.inbox.waiting()) == []


async def test_an_update_that_only_waited_through_many_restarts_is_not_given_up(
    served: Served, store: Store, inbox: Inbox
) -> None:
    await inbox.put(update(1))
    for _ in range(9):
        later = Inbox(store, lambda: NOW)
        async with served.bot() as bot:
            await later.replay(bot)
    assert later.qsize() == 1
    assert await later.begin(1)


async def test_what_was_dealt_with_is_known_for_two_weeks(served: Served, store: Store, inbox: Inbox) -> None:
    await inbox.put(update(1))
    await store.transact(lambda t: t.inbox.done(1, NOW))
    async with served.bot() as bot:
        await Inbox(store, lambda: NOW + KEPT_SECONDS - 1).replay(bot)
        assert not await store.transact(lambda t: t.inbox.add(1, ADA, "again", NOW))
        await Inbox(store, lambda: NOW + KEPT_SECONDS + 1).replay(bot)
        assert await store.transact(lambda t: t.inbox.add(1, ADA, "again", NOW))


async def test_stopping_does_not_wait_for_those_in_line(served: Served, store: Store, inbox: Inbox) -> None:
    work = Work()
    async with at_work(served, inbox, work) as app:
        for made in (update(1), update(2), update(3)):
            await inbox.put(made)
        await eventually(lambda: work.begun == [1])
        stopping = asyncio.ensure_future(app.stop())
        await asyncio.sleep(0)
        work.let_go(1)
        async with asyncio.timeout(5):
            await stopping
    assert work.done == [1]
    assert len(await store.read(lambda t: t.inbox.waiting())) == 3  # nothing here marks an update as done


async def test_stopping_at_once_does_not_hang_on_what_was_not_fetched(served: Served, inbox: Inbox) -> None:
    work = Work()
    work.all = True
    async with at_work(served, inbox, work) as app:
        inbox.put_nowait(update(1))
        inbox.put_nowait(update(2, GRACE))
        async with asyncio.timeout(5):
            await app.stop()


def test_a_lane_is_a_person_s_wherever_they_write() -> None:
    person = {"id": ADA, "is_bot": False, "first_name": "Ada"}
    group = {"id": -5, "type": "group", "title": "Class"}
    message = {"message_id": 1, "date": int(NOW), "chat": group, "text": "hi"}
    from_ada = Update.de_json({"update_id": 1, "message": message | {"from": person}}, None)
    post = Update.de_json({"update_id": 2, "channel_post": message | {"chat": {"id": -7, "type": "channel"}}}, None)
    assert from_ada
    assert post
    assert (lane_of(from_ada), lane_of(post)) == (ADA, -7)
