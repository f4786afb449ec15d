"""What a class left behind, as reports read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.domain.classes import Assignment, Member
from bot.domain.ids import LearnerId, RunId
from bot.domain.learning import Passed


class Answered(NamedTuple):
    """One answer, as reports read it. `answer` is JSON: ids of choices, or the text as given."""

    learner: LearnerId
    lesson: str
    question: str
    answer: str
    correct: int
    first: int
    """1 for the first answer in its pass through the quiz."""
    hinted: int
    seconds: float | None
    """From the question's sending to its answer."""
    at: float
    version: int | None = None
    """Which of the traces' versions graded it; None for an answer from before they were kept."""


class SectionRead(NamedTuple):
    learner: LearnerId
    lesson: str
    section: str
    at: float


class PageOpened(NamedTuple):
    """Where a learner is in a lesson: the page opened last."""

    learner: LearnerId
    lesson: str
    section: str
    page: int
    at: float


class Ran(NamedTuple):
    """A run, as reports read it."""

    id: RunId
    learner: LearnerId
    lesson: str
    example: str
    role: str
    verified: int
    state: str
    reason: str | None
    queued_at: float
    started_at: float | None
    ended_at: float | None
    seconds: float | None
    metric: str | None
    """What `figure` is: `accuracy` of an evaluation, `val_accuracy`, `accuracy` or `loss` of the last epoch."""
    figure: float | None
    parameters: str
    """JSON: values that differ from the example's own."""


class Asked(NamedTuple):
    """The question that a learner was sent last, and whether they answered it."""

    learner: LearnerId
    lesson: str
    question: str
    sent_at: float
    answered: int


@dataclass(frozen=True, slots=True)
class Traces:
    """All that a class left behind in a span of time; each kind of row in order of learner and time."""

    members: tuple[Member, ...] = ()
    answers: tuple[Answered, ...] = ()
    sections: tuple[SectionRead, ...] = ()
    places: tuple[PageOpened, ...] = ()
    quizzes: tuple[Passed, ...] = ()
    """By start; a span holds those that were finished in it, or were started in it and are not finished."""
    runs: tuple[Ran, ...] = ()
    versions: Mapping[int, str] = field(default_factory=dict)
    """The questions as they read when they were answered, as `versions.written` has them."""
    assignments: tuple[Assignment, ...] = ()
    """What is due in the class, soonest first."""
