"""The rules of the queue: who is next, at which place, and when. Plain values and given times; no clock, no I/O."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import NamedTuple

from .durations import Durations

UNKNOWN = float("inf")
LEAST_LEFT = 0.1
"""Seconds that a job has left which runs longer than its kind does."""


@dataclass(slots=True)
class Waiter:
    """A job in line, or running."""

    number: int
    """Rises with each arrival."""
    owner: str
    kind: str
    turn: int
    """0 for an owner's first job, 1 for a job that came while that was there, and so on. Lower turns go first."""
    began: float | None = None
    """When it started; None while it waits."""


class Outlook(NamedTuple):
    """The place of a waiting job, and how long it will probably wait."""

    place: int
    """1 is next."""
    expected_seconds: float | None
    """Until it starts; None if nothing is known."""


class Line:
    """First come, first served, with two rules.

    An owner has at most one job running. An owner's second job waits until everyone else in line had a turn.
    """

    def __init__(self, durations: Durations, slots: int = 0) -> None:
        self.slots = slots
        """How many jobs may run at once. May change at any time; jobs that run are not affected."""
        self._durations = durations
        self._all: dict[int, Waiter] = {}
        self._arrivals = 0
        self._turn = 0
        """The turn that jobs are called from now. A new owner's first job gets this turn."""

    def join(self, owner: str, kind: str) -> int:
        """Add a job at its place; returns its number.

        Jobs with an empty owner belong to nobody: each counts as a different owner's.
        """
        self._arrivals += 1
        number = self._arrivals
        owner = owner or f"\0{number}"
        turns = [one.turn for one in self._all.values() if one.owner == owner]
        self._all[number] = Waiter(number, owner, kind, max(turns) + 1 if turns else self._turn)
        return number

    def leave(self, number: int) -> None:
        """Remove a job from the line or from its slot. Does nothing if it has left before."""
        self._all.pop(number, None)

    def call(self, now: float) -> int | None:
        """Move the next job into a free slot; None when no slot is free or no job may start."""
        if self._running() >= self.slots:
            return None
        busy = {one.owner for one in self._all.values() if one.began is not None}
        for one in self._waiting():
            if one.owner not in busy:
                one.began = now
                self._turn = max(self._turn, one.turn)
                return one.number
        return None

    def outlooks(self, now: float) -> dict[int, Outlook]:
        """Place and expected wait of each waiting job. Without slots no wait is known."""
        free, ends = self._slot_ends(now)
        outlooks = {}
        for place, one in enumerate(self._waiting(), start=1):
            duration = self._durations.typical(one.kind)
            known = self.slots > 0 and free[0] < UNKNOWN
            start = max(heapq.heappop(free), ends.get(one.owner, 0.0)) if known else UNKNOWN
            end = start + (UNKNOWN if duration is None else duration)
            heapq.heappush(free, end)
            ends[one.owner] = end
            outlooks[one.number] = Outlook(place, start if start < UNKNOWN else None)
        return outlooks

    def _running(self) -> int:
        return sum(one.began is not None for one in self._all.values())

    def _waiting(self) -> list[Waiter]:
        """The jobs that wait, in order."""
        waiting = [one for one in self._all.values() if one.began is None]
        return sorted(waiting, key=lambda one: (one.turn, one.number))

    def _slot_ends(self, now: float) -> tuple[list[float], dict[str, float]]:
        """When each slot becomes free, as a heap of seconds from now, and when each owner's running job ends."""
        ends, free = {}, [0.0] * (self.slots - self._running())
        for one in self._all.values():
            if one.began is not None:
                duration = self._durations.typical(one.kind)
                left = UNKNOWN if duration is None else max(duration - (now - one.began), LEAST_LEFT)
                free.append(left)
                ends[one.owner] = left
        heapq.heapify(free)
        for _ in range(self._running() - self.slots):
            heapq.heappop(free)  # slots have gone since: the first jobs to end make no room
        return free, ends
