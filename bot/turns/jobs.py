"""What timers do, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.store import Tables
from bot.turns.turn import Identity
from lessons.model import Course


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a job is given when its timer is due."""

    tables: Tables
    now: float
    payload: Mapping[str, Any]
    """The timer's own, as it was set."""
    course: Course
    identity: Identity
    found: Any = None
    """What the job's `read` returned."""


@dataclass(frozen=True, slots=True)
class TimerJob:
    """What timers of this kind do. One with `every` (seconds) always has a timer; without, its timers go when done."""

    kind: str
    work: Callable[[Occasion], None]
    """Writes, in the transaction that ends the timer."""
    every: float | None = None
    read: Callable[[Occasion], Any] | None = None
    """Reads before, beside the writer, so it may take long."""
