"""The pace that Telegram allows, kept so that Telegram never has to refuse a call.

Telegram's FAQ asks for about one message a second in a chat (short bursts are fine), 20 a minute in a group, and 30 a
second in all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from types import TracebackType

SLACK = 0.02
"""Seconds by which spans are longer than asked for: Telegram's clock is not ours."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Most calls in any span of so many seconds: to all chats together, to one, to a group."""

    overall: tuple[int, float] = (30, 1.0)
    chat: tuple[int, float] = (20, 20.0)
    """One a second, of which twenty may come at once."""
    group: tuple[int, float] = (20, 60.0)


TELEGRAMS = Pace()


class Limit:
    """At most `calls` in any span of `seconds`: `async with limit:` around a call waits for its place, in order.

    Nobody can know when Telegram counts a call, except that it is under way then. So a call keeps its place from its
    start until `seconds` after its end, and how long calls take on their way never breaks the pace. (A leaky bucket
    does: full at first, and refilled while it empties, it lets nearly twice as many through.)
    """

    def __init__(self, calls: int, seconds: float, idle: Callable[[], object] = lambda: None) -> None:
        """`idle` is called when no call waits, is under way, or still counts."""
        self._seconds = seconds + SLACK
        self._idle = idle
        self._free = asyncio.Semaphore(calls)
        self._calls = 0

    async def __aenter__(self) -> None:
        self._calls += 1
        try:
            await self._free.acquire()
        except asyncio.CancelledError:
            self._forget()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.get_running_loop().call_later(self._seconds, self._release)

    def _release(self) -> None:
        self._free.release()
        self._forget()

    def _forget(self) -> None:
        self._calls -= 1
        if not self._calls:
            self._idle()


class Limiters:
    """A pace held in every chat and overall: `async with limits.of(chat):` around a call."""

    def __init__(self, pace: Pace, at_once: int) -> None:
        """`at_once` calls may be under way at the same time."""
        self._pace = pace
        self._overall = Limit(*pace.overall)
        self._at_once = asyncio.Semaphore(at_once)
        self._chats: dict[int, Limit] = {}

    def __len__(self) -> int:
        """How many chats are remembered: those whose calls wait, are under way or still count. The overall pace keeps
        them few."""
        return len(self._chats)

    @asynccontextmanager
    async def of(self, chat: int) -> AsyncIterator[None]:
        if chat not in self._chats:
            allowed = self._pace.group if chat < 0 else self._pace.chat
            self._chats[chat] = Limit(*allowed, idle=partial(self._chats.pop, chat))
        # What all chats share comes last: a chat that must wait keeps nobody else waiting.
        async with self._chats[chat], self._at_once, self._overall:
            yield
