"""Durable inbox: an update is stored before it is acknowledged, and a learner's updates stay in order.

Given to PTB as its update queue: `put` is awaited before the polling offset moves and before a webhook is answered.
Lanes hold a learner's further updates back until the one in work is done; learners run side by side.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor

from bot.store import Store, StoreUnavailable, Tables

log = logging.getLogger(__name__)

SIDE_BY_SIDE = 24
"""Updates in work at once. httpx's pool collapses far above this."""
STORE_PAUSE = 2.0
"""Seconds between tries while the database cannot be written."""
KEPT_SECONDS = 14 * 86400
"""How long updates that were dealt with are kept, so that one delivered again is known."""


def lane_of(update: Update) -> int:
    """Whose turn it is: the person's id, else the chat's."""
    who = update.effective_user or update.effective_chat
    return who.id if who and isinstance(who.id, int) else 0


class Inbox(asyncio.Queue[Any]):
    """PTB's queue, with a memory. `replay` puts back what an earlier process did not finish."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        super().__init__()
        self._store = store
        self._clock = clock
        self._waiting: defaultdict[int, deque[Update]] = defaultdict(deque)
        self._busy: set[int] = set()
        self._stopping = False
        self._again: set[int] = set()
        self.unstored: Callable[[Update], Awaitable[None]] | None = None
        """Told of each update that could not be stored; Telegram sends it again."""

    async def put(self, item: Any) -> None:
        """Store an update, then hand it on; PTB's stop signal is only handed on. Raises as `put_all` does."""
        if isinstance(item, Update):
            await self.put_all([item])
        else:
            self.put_nowait(item)

    async def put_all(self, updates: Sequence[Update]) -> None:
        """Store updates in one commit, then hand on those that are new. Raises NetworkError when they cannot be
        stored: Telegram is then asked for them again."""
        rows = [(update, lane_of(update), json.dumps(update.to_dict())) for update in updates]

        def store(tables: Tables) -> list[Update]:
            now = self._clock()
            return [update for update, lane, body in rows if tables.inbox.add(update.update_id, lane, body, now)]

        try:
            new = await self._store.transact(store)
        except StoreUnavailable as error:
            if self.unstored:
                await asyncio.gather(*map(self.unstored, updates))
            raise NetworkError(f"update {updates[0].update_id} could not be stored: {error}") from error
        for update in new:
            self.put_nowait(update)

    async def replay(self, bot: Bot) -> None:
        """Put back updates that were stored and not finished. They are counted when they are begun: one that waited
        behind another through many restarts did nothing wrong."""
        now = self._clock()
        await self._store.transact(lambda t: t.inbox.forget_before(now - KEPT_SECONDS))
        for body in await self._store.read(lambda t: t.inbox.waiting()):
            update = Update.de_json(json.loads(body), bot)
            self._again.add(update.update_id)
            self.put_nowait(update)

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

    def release(self, update: Update) -> None:
        """The update is dealt with: the next one of its lane may come."""
        if self._stopping:
            return
        lane = lane_of(update)
        waiting = self._waiting.get(lane)
        if waiting:
            self._busy.discard(lane)
            self.task_done()  # it was counted when it came, and put_nowait counts it again
            self.put_nowait(waiting.popleft())
        else:
            self._waiting.pop(lane, None)
            self._busy.discard(lane)

    def _put(self, item: Any) -> None:
        """asyncio's hook: an update whose lane is busy waits outside the queue; PTB's stop signal jumps it."""
        if not isinstance(item, Update):
            self._stopping = True
            for waiting in self._waiting.values():
                for _ in waiting:
                    self.task_done()  # or Application.stop would wait for them; they are safe on disk
            self._waiting.clear()
            self._queue.appendleft(item)  # type: ignore[attr-defined]
        elif (lane := lane_of(item)) in self._busy:
            self._waiting[lane].append(item)
        else:
            self._busy.add(lane)
            self._queue.append(item)  # type: ignore[attr-defined]


class Lanes(BaseUpdateProcessor):
    """Processes updates side by side, and opens a lane again when its update is through."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(SIDE_BY_SIDE)
        self._inbox = inbox

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to undo."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        try:
            await coroutine
        finally:
            if isinstance(update, Update):
                self._inbox.release(update)
