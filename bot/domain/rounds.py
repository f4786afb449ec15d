"""Rounds: questions asked one after another. The values, and the rule that decides what is asked next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from bot.domain.ids import DeliveryId, LearnerId, RoundId
from lessons.model import Lesson, Question


class RoundKind(StrEnum):
    QUIZ = "quiz"
    """A pass through a lesson's questions. Its result counts for the lesson."""
    REVIEW = "review"
    """Questions of one lesson or several, asked again. It counts for no lesson."""


@dataclass(frozen=True, slots=True)
class Round:
    """One learner's way through a sequence of questions."""

    id: RoundId
    learner: LearnerId
    kind: RoundKind
    lesson: str | None
    """None for a round over several lessons; a quiz always has one."""
    started_at: float
    finished_at: float | None = None
    right: int | None = None
    """Questions answered right at the first try; known when the round is finished."""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One question sent once. It takes one answer."""

    id: DeliveryId
    round: RoundId
    learner: LearnerId
    lesson: str
    """The question's lesson, whatever the round is about."""
    question: str
    tries: int
    """How many times this question was answered in this round before."""
    sent_at: float
    answered: bool = False
    hinted: bool = False
    ticked: int = 0
    """Bit mask of the choices ticked so far, by place (multiple choice)."""
    version: int | None = None
    """Number of the question's wording; None for a question sent before wordings were stored."""
    counts: bool = True
    """Whether its answer counts for a lesson's result, and so in reports."""
    shown: str = ""
    """The question as it was shown, as `versions.written` has it; once it is answered, as it was graded."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to one question. `answer` holds ids of choices, or the text as given."""

    delivery: DeliveryId
    answer: tuple[str, ...]
    correct: bool
    at: float


class FirstAnswer(NamedTuple):
    """The first answer to a question in a round. Further tries change nothing about it."""

    lesson: str
    question: str
    correct: bool
    counts: bool


History = Sequence[FirstAnswer]
"""What was answered in a round, in the order of sending."""


class Pick(NamedTuple):
    """A question to ask."""

    lesson: Lesson
    question: Question
    counts: bool = True
    """Whether the answer counts for the result of the round's lesson."""


class Policy(Protocol):
    """Decides what a round asks."""

    def next(self, round: Round, history: History) -> Pick | None:
        """The question to ask now; None when the round is over."""
        ...


@dataclass(frozen=True, slots=True)
class InOrder:
    """The policy of a quiz: the first question of the lesson without an answer."""

    lesson: Lesson

    def next(self, round: Round, history: History) -> Pick | None:
        answered = {past.question for past in history}
        return next((Pick(self.lesson, q) for q in self.lesson.questions if q.id not in answered), None)


def counted(lesson: Lesson, history: History) -> dict[str, bool]:
    """What makes the lesson's result: by question, whether the first answer was right. Answers to withdrawn questions,
    and those that do not count, are left out."""
    right = {past.question: past.correct for past in history if past.counts}
    return {question.id: right[question.id] for question in lesson.questions if question.id in right}
