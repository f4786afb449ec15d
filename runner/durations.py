"""How long jobs take, learned from those that ended. Plain values; no clock."""

from __future__ import annotations

from collections import deque
from statistics import median

REMEMBERED = 15
"""How many durations of each kind of job count."""
KINDS = 1000
"""How many kinds are kept; the oldest kind is forgotten first."""


class Durations:
    """The last durations of each kind of job, in seconds."""

    def __init__(self) -> None:
        self._by_kind: dict[str, deque[float]] = {}

    def measured(self, kind: str, seconds: float) -> None:
        """Note how long a job of this kind took."""
        if kind not in self._by_kind and len(self._by_kind) >= KINDS:
            self._by_kind.pop(next(iter(self._by_kind)))
        self._by_kind.setdefault(kind, deque(maxlen=REMEMBERED)).append(seconds)

    def typical(self, kind: str) -> float | None:
        """The median of this kind; of all jobs while this kind is new; None while nothing was measured."""
        known = self._by_kind.get(kind) or [one for many in self._by_kind.values() for one in many]
        return median(known) if known else None
