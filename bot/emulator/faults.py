"""Trouble on purpose: delays, errors, flood limits, a proxy's pages and dropped connections for the next calls."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from telegram.constants import FloodLimit

from .refusals import Refused, too_many_requests

KINDS = ("delay", "error", "flood", "drop", "page")
MINUTE = 60.0


class Dropped(Exception):
    """The connection is to be cut instead of answered."""


class Intercepted(Exception):
    """Something on the way answers instead: a proxy, with a page of its own and this HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Fault:
    """What happens to the next `count` calls (of a method, to a chat; empty means any).

    `seconds` is a delay's length, `status` the HTTP status of an error or of a proxy's page, `description` an error's
    words (those of its status if empty), `retry_after` a flood's wait in seconds.
    `answer_only` lets a call do its work and then loses the answer, for errors and drops.
    """

    kind: str
    method: str = ""
    chat: int | None = None
    count: int = 1
    seconds: float = 1.0
    status: int = 502
    description: str = ""
    retry_after: int = 1
    answer_only: bool = False

    def concerns(self, method: str, chat: int | None) -> bool:
        """Whether this fault hits a call of this method to this chat."""
        return self.method.lower() in ("", method.lower()) and self.chat in (None, chat)

    async def strike(self) -> None:
        """Waits, or raises Refused, Intercepted or Dropped."""
        if self.kind == "delay":
            await asyncio.sleep(self.seconds)
        elif self.kind == "flood":
            raise too_many_requests(self.retry_after)
        elif self.kind == "error":
            usual = {500: "Internal Server Error", 502: "Bad Gateway"}.get(self.status, "Server Error")
            raise Refused(self.status, self.description or usual)
        elif self.kind == "page":
            raise Intercepted(self.status)
        else:
            raise Dropped


class Faults:
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        """Adds a fault."""
        self._planned.append(fault)

    def clear(self) -> None:
        """Forgets all planned faults."""
        self._planned.clear()

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault that hits this call, if any, with one less to come."""
        for at, fault in enumerate(self._planned):
            if fault.concerns(method, chat):
                self._planned[at : at + 1] = [replace(fault, count=fault.count - 1)] if fault.count > 1 else []
                return fault
        return None


@dataclass
class FloodRule:
    """Telegram's own limits on sending, as sliding windows; raises 429 with the time until there is room again."""

    clock: Callable[[], float]
    _sent: dict[int | None, deque[float]] = field(default_factory=dict)

    def check(self, chat: int) -> None:
        """Counts one message to a chat, or raises Refused when there were too many."""
        per_minute = (
            FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP if chat < 0 else 60 * FloodLimit.MESSAGES_PER_SECOND_PER_CHAT
        )
        windows = ((chat, int(per_minute), MINUTE), (None, int(FloodLimit.MESSAGES_PER_SECOND), 1.0))
        now = self.clock()
        waits = [self._wait(key, limit, window, now) for key, limit, window in windows]
        if max(waits) > 0:
            raise too_many_requests(math.ceil(max(waits)))
        for key, _, _ in windows:
            self._sent[key].append(now)

    def _wait(self, key: int | None, limit: int, window: float, now: float) -> float:
        sent = self._sent.setdefault(key, deque())
        while sent and sent[0] <= now - window:
            sent.popleft()
        return sent[0] + window - now if len(sent) >= limit else 0.0
