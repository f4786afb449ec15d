"""Who is next, and when: the rules of the queue. Plain values and given times; no clock, no I/O."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

REMEMBERED = 15
"""So many durations of each kind of job count."""
KINDS = 1000


@dataclass(slots=True)
class Waiter:
    """A job in line, or running."""

    number: int
    """Rising: who came first."""
    owner: str
    kind: str
    turn: int
    """0 for an owner's first job, 1 for one that came while that was there, and so on. Lower turns go first."""
    began: float | None = None
    """When it started; None while it waits."""


class Outlook(NamedTuple):
    """Where a waiting job stands."""

    place: int
    """1 is next."""
    expected_seconds: float | None
    """Until it starts; None while nothing was measured."""


class Line:
    """First come, first served, with two rules.

    An owner has one job running, and never stands twice before somebody else.
    """

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._all: dict[int, Waiter] = {}
        self._arrivals = 0
        self._turn = 0
        """The turn that jobs are called from: whoever comes anew gets this one."""
        self._durations: dict[str, deque[float]] = {}

    def join(self, owner: str, kind: str) -> int:
        """Stand in line; the number to be called by.

        An empty owner is nobody in particular, each time somebody else.
        """
        self._arrivals += 1
        number = self._arrivals
        owner = owner or f"\0{number}"
        turns = [one.turn for one in self._all.values() if one.owner == owner]
        self._all[number] = Waiter(number, owner, kind, max(turns) + 1 if turns else self._turn)
        return number

    def leave(self, number: int) -> None:
        """Go, from the line or from a slot."""
        self._all.pop(number, None)

    def call(self, now: float) -> int | None:
        """Take who is next into a free slot; None when there is no free slot or nobody may start."""
        if not self.idle_slots:
            return None
        busy = {one.owner for one in self._all.values() if one.began is not None}
        for one in self._waiting():
            if one.owner not in busy:
                one.began = now
                self._turn = max(self._turn, one.turn)
                return one.number
        return None

    def measured(self, kind: str, seconds: float) -> None:
        """Note how long a job of this kind took."""
        if kind not in self._durations and len(self._durations) >= KINDS:
            self._durations.pop(next(iter(self._durations)))
        self._durations.setdefault(kind, deque(maxlen=REMEMBERED)).append(seconds)

    def outlooks(self, now: float) -> dict[int, Outlook]:
        """Place and expected wait of everyone who waits."""
        free, ends = self._slot_ends(now)
        outlooks = {}
        for place, one in enumerate(self._waiting(), start=1):
            duration = self._typical(one.kind)
            known = bool(free) and free[0] < float("inf")
            start = max(heapq.heappop(free), ends.get(one.owner, 0.0)) if known else float("inf")
            end = start + (float("inf") if duration is None else duration)
            heapq.heappush(free, end)
            ends[one.owner] = end
            outlooks[one.number] = Outlook(place, start if start < float("inf") else None)
        return outlooks

    @property
    def idle_slots(self) -> int:
        """How many slots are free."""
        return self._slots - self._running()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting())

    def _running(self) -> int:
        return sum(one.began is not None for one in self._all.values())

    def _waiting(self) -> list[Waiter]:
        """Who waits, in order."""
        waiting = [one for one in self._all.values() if one.began is None]
        return sorted(waiting, key=lambda one: (one.turn, one.number))

    def _slot_ends(self, now: float) -> tuple[list[float], dict[str, float]]:
        """When each slot is free, as a heap of seconds from now, and when each owner's running job ends."""
        ends, free = {}, [0.0] * self.idle_slots
        for one in self._all.values():
            if one.began is not None:
                duration = self._typical(one.kind)
                left = float("inf") if duration is None else max(duration - (now - one.began), 0.1)
                free.append(left)
                ends[one.owner] = left
        heapq.heapify(free)
        return free, ends

    def _typical(self, kind: str) -> float | None:
        """The median duration of this kind; of all jobs while this kind is new."""
        known = self._durations.get(kind) or [one for many in self._durations.values() for one in many]
        return median(known) if known else None
