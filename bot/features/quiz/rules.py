"""What each kind of round asks, and how it ends: a table. The handlers know no kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bot.domain.mastery import enough
from bot.domain.rounds import History, InOrder, Policy, Round, RoundKind, counted
from bot.features.quiz import screens
from bot.telegram.screen import Screen
from bot.turns.turn import Turn
from lessons.model import Lesson


class Result(NamedTuple):
    """The end of a round."""

    right: int
    total: int
    screen: Screen


class Rules(NamedTuple):
    policy: Callable[[Turn, Round], Policy | None]
    """None when the course no longer has what the round is about."""
    result: Callable[[Turn, Round, History], Result]
    """Asked only while there is a policy."""


def _lesson(turn: Turn, round: Round) -> Lesson | None:
    return turn.course.lesson(round.lesson) if round.lesson else None


def _quiz_policy(turn: Turn, round: Round) -> Policy | None:
    lesson = _lesson(turn, round)
    return InOrder(lesson) if lesson else None


def _quiz_result(turn: Turn, round: Round, history: History) -> Result:
    lesson = _lesson(turn, round)
    assert lesson, "there is a policy"
    answers = counted(lesson, history)
    right, total = sum(answers.values()), len(lesson.questions)
    return Result(right, total, screens.result(lesson, answers, enough(right, total)))


RULES: dict[RoundKind, Rules] = {RoundKind.QUIZ: Rules(_quiz_policy, _quiz_result)}
