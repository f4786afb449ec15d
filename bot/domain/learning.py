"""What a learner has read and answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.ids import LearnerId


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a learner left off in a lesson."""

    lesson: str
    section: str
    page: int
    at: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner's progress in one lesson."""

    lesson: str
    sections_read: frozenset[str] = frozenset()
    runs: int = 0
    runs_finished: int = 0
    finished: tuple[Passed, ...] = ()
    """Every finished pass through its quiz, oldest first."""


class SectionEnd(NamedTuple):
    """The section whose last page a message shows: read when the message has reached its learner."""

    lesson: str
    section: str


class Passed(NamedTuple):
    """A pass through a lesson's quiz; the last three are None until it is finished."""

    learner: LearnerId
    lesson: str
    started_at: float
    finished_at: float | None
    right: int | None
    total: int | None
