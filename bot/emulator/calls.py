"""The log of Bot API calls, for tests and for the curious."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable

from .answers import Json

KEPT = 2000  # calls remembered


class Calls:
    """The latest calls, oldest first; `tell` hears of each one."""

    def __init__(self, tell: Callable[[Json], None]) -> None:
        self._tell = tell
        self._numbers = itertools.count(1)
        self._calls: deque[Json] = deque(maxlen=KEPT)

    def add(self, method: str, parameters: Json, answer: Json, time: float, seconds: float) -> None:
        """Notes a call; `time` is when it came in seconds since 1970, `seconds` how long it took."""
        call = {
            "number": next(self._numbers),
            "time": time,
            "seconds": round(seconds, 4),
            "method": method,
            "parameters": parameters,
            "answer": answer,
        }
        self._calls.append(call)
        self._tell({"type": "call", "chat": None, "call": call})

    def since(self, number: int) -> list[Json]:
        """The calls with a higher number."""
        return [call for call in self._calls if call["number"] > number]

    def clear(self) -> None:
        """Forgets all calls; numbers go on."""
        self._calls.clear()
