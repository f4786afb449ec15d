"""What a learner has read and answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a learner left off in a lesson."""

    lesson: str
    section: str
    page: int
    at: float


@dataclass(frozen=True, slots=True)
class Quiz:
    """One pass of a learner through a lesson's questions."""

    id: int
    learner: int
    lesson: str
    started_at: float
    finished_at: float | None = None
    right: int | None = None
    """Questions answered right at the first try; known when finished."""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One question sent once: it takes one answer."""

    id: int
    quiz: int
    learner: int
    lesson: str
    question: str
    tries: int
    """How many times this question was answered in this quiz before."""
    sent_at: float
    answered: bool = False
    hinted: bool = False
    ticked: int = 0
    """Bit mask of the choices ticked so far, by place (multiple choice)."""
    version: int | None = None
    """Number of the question's wording; None for one that was sent before wordings were kept."""
    shown: str = ""
    """The question as it was shown, as `versions.written` has it; once it is answered, as it was graded."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to one question. `answer` holds ids of choices, or the text as given."""

    delivery: int
    answer: tuple[str, ...]
    correct: bool
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

    learner: int
    lesson: str
    started_at: float
    finished_at: float | None
    right: int | None
    total: int | None
