"""Background tasks that go on for as long as the bot does: one that fails is begun again, and is not forgotten."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds until a task that failed is begun again; doubled each time, until it holds for longer than the longest."""
ILL_SECONDS = 60.0
"""For so long after its last failure a task counts as ill."""


@dataclass(slots=True)
class Watch:
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    _failures: dict[str, float] = field(default_factory=dict)
    """When each task failed last."""

    async def keep(self, name: str, work: Callable[[], Awaitable[T]], ends: tuple[type[Exception], ...] = ()) -> T:
        """The result of the work. When it raises it is begun again after a pause; only `ends` are raised."""
        pause = FIRST_PAUSE
        while True:
            began = self.monotonic()
            try:
                return await work()
            except ends:
                raise
            except Exception:
                now = self._failures[name] = self.monotonic()
                pause = FIRST_PAUSE if now - began > LONGEST_PAUSE else pause
                log.exception("the task %r failed; it begins again in %.0f s", name, pause)
                await self.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    @property
    def ill(self) -> list[str]:
        """Names of tasks that failed a short time ago."""
        since = self.monotonic() - ILL_SECONDS
        return sorted(name for name, at in self._failures.items() if at > since)
