"""Waiting for what comes in its own time, from another process or task that does not tell."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

PATIENCE = 10.0
"""Seconds after which something awaited counts as missing."""
LOOK = 0.01

Told = str | Callable[[], str]


async def eventually(condition: Callable[[], Any], what: Told = "it", patience: float = PATIENCE) -> Any:
    """Waits until a condition, plain or awaitable, holds, and returns what it gave. Raises AssertionError with `what`
    never came."""
    for _ in _looks(what, patience):
        value = condition()
        if isinstance(value, Awaitable):
            value = await value
        if value:
            return value
        await asyncio.sleep(LOOK)


def at_last(condition: Callable[[], Any], what: Told = "it", patience: float = PATIENCE) -> Any:
    """The same without an event loop."""
    for _ in _looks(what, patience):
        if value := condition():
            return value
        time.sleep(LOOK)


def _looks(what: Told, patience: float) -> Iterator[None]:
    end = time.monotonic() + patience
    while True:
        yield
        if time.monotonic() > end:
            raise AssertionError(f"it never came: {what if isinstance(what, str) else what()}")
