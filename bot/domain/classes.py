"""Classes, their learners, what is due, and what is written to them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import AnnouncementId, CohortId, LearnerId


@dataclass(frozen=True, slots=True)
class Cohort:
    """A class: who joins with `code` is seen by its instructors."""

    id: CohortId
    name: str
    code: str
    salt: str
    """Makes the pseudonyms of its learners."""
    created_at: float
    open: bool = True
    """Whether the code lets people in."""
    ended_at: float | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A learner in a class."""

    id: LearnerId
    name: str
    username: str | None
    enrolled_at: float
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """A class should have passed a lesson's quiz by `due_at`."""

    cohort: CohortId
    lesson: str
    due_at: float
    set_by: LearnerId
    set_at: float


@dataclass(frozen=True, slots=True)
class Announcement:
    """What an instructor writes to learners of a class; a draft until it is sent."""

    id: AnnouncementId
    cohort: CohortId
    author: LearnerId
    body: str
    written_at: float
    sent_at: float | None = None
    finished_at: float | None = None
    """When the last of its messages was delivered or given up."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How far an announcement has come; the three add up to its recipients."""

    delivered: int
    waiting: int
    unreached: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Pulse:
    """A chat that is shown how a class is doing, live, until a time. `shown` is what it shows now."""

    chat: int
    cohort: CohortId
    until: float
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A lesson by its title, and by when its quiz is to be passed."""

    title: str
    at: float
    passed: bool
    late: bool = False
    """Passed, and after that time."""

    @property
    def state(self) -> str:
        return "" if not self.passed else "passed after that" if self.late else "passed in time"
