"""Which lessons a report is about, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo

from lessons.model import Lesson

DAY = 86400.0
AWAY_SECONDS = 7 * DAY
"""A learner without a trace for this long is away."""
ACTIVE_SECONDS = 15 * 60.0
"""A learner whose last trace is younger than this is here right now."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`lessons` are those in view, one or all of the course; `now` is the time of the report."""

    lessons: tuple[Lesson, ...]
    now: float
    since: float | None = None
    """Only what happened at this time or later."""
    until: float | None = None
    """Only what happened before this time."""
    zone: tzinfo = UTC
    """The time zone in which days begin and times are shown."""

    @property
    def whole(self) -> bool:
        """Whether the scope is all time."""
        return self.since is None and self.until is None

    def holds(self, at: float) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)
