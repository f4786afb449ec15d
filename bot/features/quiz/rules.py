"""The rules of a quiz: a lesson's questions in order, and a result that the first answers make."""

from __future__ import annotations

from bot.domain.mastery import enough
from bot.domain.rounds import History, InOrder, Policy, Round, counted
from bot.features.quiz import screens
from bot.turns.rounds import Result, Rules
from bot.turns.turn import Turn
from lessons.model import Lesson


def _lesson(turn: Turn, round: Round) -> Lesson | None:
    return turn.course.lesson(round.lesson) if round.lesson else None


def _policy(turn: Turn, round: Round) -> Policy | None:
    lesson = _lesson(turn, round)
    return InOrder(lesson) if lesson else None


def _result(turn: Turn, round: Round, history: History) -> Result:
    lesson = _lesson(turn, round)
    assert lesson, "there is a policy"
    answers = counted(lesson, history)
    right, total = sum(answers.values()), len(lesson.questions)
    screen = screens.result(lesson, answers, enough(right, total), turn.course.after(lesson))
    return Result(right, total, screen)


QUIZ = Rules(_policy, _result)
