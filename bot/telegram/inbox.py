"""Durable inbox: an update is stored before it is acknowledged, and a learner's updates stay in order.

Lanes hold a learner's further updates back until the one in work is done; learners run side by side.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence

from telegram.error import NetworkError

from bot.store import Store, StoreUnavailable, Tables
from bot.telegram.rawupdate import RawUpdate, salvaged

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 24
"""Updates in work at once. httpx's pool collapses far above this."""
STORE_PAUSE = 2.0
"""Seconds between tries while the database cannot be written."""
KEPT_SECONDS = 14 * 86400
"""How long updates that were dealt with are kept, so that one delivered again is known."""

Take = Callable[[RawUpdate], Awaitable[None]]


class Inbox:
    """`replay` puts back what an earlier process did not finish; `start` begins to hand updates on; `aclose` ends
    that."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._lanes: defaultdict[int, deque[RawUpdate]] = defaultdict(deque)
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)
        self._take: Take | None = None
        self._again: set[int] = set()
        self.unstored: Take | None = None
        """Told of each update that could not be stored; Telegram sends it again."""

    @property
    def held(self) -> int:
        """Updates in line and in work."""
        return sum(map(len, self._lanes.values()))

    def start(self, take: Take) -> None:
        """Hand updates to `take`, one at a time in each lane."""
        self._take = take
        for lane in self._lanes:
            self._set_to_work(lane)

    async def aclose(self, patience: float) -> None:
        """Let what is in work come to its end, for so many seconds. What is in line stays in the store."""
        self._take = None
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
            if self.unstored:
                await asyncio.gather(*map(self.unstored, updates))
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

    async def begin(self, update: int) -> bool:
        """Count a try of an update that an earlier process had begun or left in line; False when it had its tries."""
        if update not in self._again:
            return True
        self._again.discard(update)
        while True:
            try:
                return await self._store.transact(lambda t: t.inbox.begin(update))
            except StoreUnavailable as error:
                log.error("the database cannot be written (%s); update %s waits", error, update)
                await asyncio.sleep(STORE_PAUSE)

    def _line_up(self, update: RawUpdate) -> None:
        self._lanes[update.lane].append(update)
        self._set_to_work(update.lane)

    def _set_to_work(self, lane: int) -> None:
        if self._take and lane not in self._workers:
            self._workers[lane] = asyncio.create_task(self._work(lane), name=f"inbox {lane}")

    async def _work(self, lane: int) -> None:
        """Hand on what is in a lane, until it is empty or the bot stops."""
        waiting = self._lanes[lane]
        try:
            while waiting:
                async with self._room:
                    if self._take is None:
                        break
                    try:
                        await self._take(waiting[0])
                    except Exception:
                        log.exception("update %s is left as it is until the next start", waiting[0].id)
                    waiting.popleft()
        finally:
            del self._workers[lane]
            if not waiting:
                del self._lanes[lane]
