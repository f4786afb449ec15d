"""Durable inbox: an update is stored before it is acknowledged, and a learner's updates stay in order.

Lanes hold a learner's further updates back until the one in work is done; learners run side by side.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Protocol

from telegram.error import NetworkError

from bot.store import Store, StoreUnavailable, Tables
from bot.telegram.rawupdate import RawUpdate, salvaged

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 24
"""Updates in work at once. httpx's pool collapses far above this."""
KEPT_SECONDS = 14 * 86400
"""How long updates that were dealt with are kept, so that one delivered again is known."""


class Taker(Protocol):
    """Takes updates from the inbox."""

    async def take(self, update: RawUpdate) -> None:
        """Handle an update to its end."""
        ...

    async def give_up(self, update: RawUpdate) -> None:
        """Put an update away that was begun too often."""
        ...

    async def cannot_store(self, update: RawUpdate) -> None:
        """Hear of an update that could not be stored; Telegram sends it again."""
        ...


class Inbox:
    """`replay` puts back what an earlier process did not finish; `start` begins to hand updates on; `aclose` ends
    that."""

    def __init__(self, store: Store, taker: Taker, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._lanes: defaultdict[int, deque[RawUpdate]] = defaultdict(deque)
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)
        self._taker = taker
        self._open = False
        self._again: set[int] = set()

    @property
    def held(self) -> int:
        """Updates in line and in work."""
        return sum(map(len, self._lanes.values()))

    def start(self) -> None:
        """Hand updates on, one at a time in each lane."""
        self._open = True
        for lane in self._lanes:
            self._set_to_work(lane)

    async def aclose(self, patience: float) -> None:
        """Let what is in work come to its end, for so many seconds. What is in line stays in the store."""
        self._open = False
        if self._workers:
            await asyncio.wait(self._workers.values(), timeout=patience)
        for worker in self._workers.values():
            worker.cancel()
        await asyncio.gather(*self._workers.values(), return_exceptions=True)

    async def put_all(self, updates: Sequence[RawUpdate]) -> None:
        """Store updates in one commit, then hand on those that are new. Raises NetworkError when they cannot be
        stored: Telegram is then asked for them again."""

        def store(tables: Tables) -> list[RawUpdate]:
            now = self._clock()
            return [update for update in updates if tables.inbox.add(update.id, update.lane, update.body, now)]

        try:
            new = await self._store.transact(store)
        except StoreUnavailable as error:
            await asyncio.gather(*map(self._taker.cannot_store, updates))
            raise NetworkError(f"update {updates[0].id} could not be stored: {error}") from error
        for update in new:
            self._line_up(update)

    async def replay(self) -> None:
        """Put back updates that were stored and not finished. They are counted when they are begun: one that waited
        behind another through many restarts did nothing wrong."""
        now = self._clock()
        await self._store.transact(lambda t: t.inbox.forget_before(now - KEPT_SECONDS))
        for id, lane, body in await self._store.read(lambda t: t.inbox.waiting()):
            self._again.add(id)
            self._line_up(RawUpdate(id, lane, body, salvaged(body).content))

    async def _begin(self, update: int) -> bool:
        """Count a try of an update that an earlier process had begun or left in line; False when it had its tries."""
        if update not in self._again:
            return True
        self._again.discard(update)
        return await self._store.persist(lambda t: t.inbox.begin(update))

    def _line_up(self, update: RawUpdate) -> None:
        self._lanes[update.lane].append(update)
        self._set_to_work(update.lane)

    def _set_to_work(self, lane: int) -> None:
        if self._open and lane not in self._workers:
            self._workers[lane] = asyncio.create_task(self._work(lane), name=f"inbox {lane}")

    async def _work(self, lane: int) -> None:
        """Hand on what is in a lane, until it is empty or the bot stops."""
        waiting = self._lanes[lane]
        try:
            while waiting:
                async with self._room:
                    if not self._open:
                        break
                    await self._hand_on(waiting[0])
                    waiting.popleft()
        finally:
            del self._workers[lane]
            if not waiting:
                del self._lanes[lane]

    async def _hand_on(self, update: RawUpdate) -> None:
        try:
            await (self._taker.take(update) if await self._begin(update.id) else self._taker.give_up(update))
        except Exception:
            log.exception("update %s is left as it is until the next start", update.id)
