"""A class' grades, a row for each learner and lesson."""

from __future__ import annotations

from bot.records import Member, Passed, Traces
from bot.reports import measures
from bot.reports.scope import Scope
from bot.reports.values import Grade
from lessons.model import Lesson


def gradebook(traces: Traces, scope: Scope) -> tuple[Grade, ...]:
    """Members in their given order, each with every lesson in view; who did nothing has rows too."""
    traces = measures.in_view(traces, scope)
    firsts = measures.first_answers(traces.answers)
    best = measures.best_passes(traces.quizzes)
    return tuple(
        _grade(member, lesson, firsts, best.get((member.id, lesson.id)))
        for member in traces.members
        for lesson in scope.lessons
    )


def _grade(member: Member, lesson: Lesson, firsts: measures.Answers, quiz: Passed | None) -> Grade:
    answered = [(question.id, firsts[question.id].get(member.id)) for question in lesson.questions]
    return Grade(
        member=member,
        lesson=lesson.id,
        submitted_at=quiz.finished_at if quiz else None,
        right=quiz.right if quiz else None,
        total=quiz.total if quiz else None,
        score=float(measures.share(quiz)) if quiz else None,
        passed=measures.has_passed(quiz),
        questions={question: bool(first.correct) for question, first in answered if first is not None},
    )
