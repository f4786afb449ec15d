"""What is due in a class, and how many have passed it, in time or later."""

from __future__ import annotations

from bot.domain import mastery
from bot.domain.traces import Traces
from bot.reports import measures
from bot.reports.scope import Scope
from bot.reports.values import DueFigures


def due(traces: Traces, scope: Scope) -> tuple[DueFigures, ...]:
    """Soonest first, of the lessons in view."""
    traces = measures.in_view(traces, scope)
    titles = {lesson.id: lesson.title for lesson in scope.lessons}
    passed = [quiz for quiz in mastery.of_each(traces.quizzes, mastery.handed_in).values() if mastery.is_passed(quiz)]
    return tuple(
        DueFigures(
            lesson=assignment.lesson,
            title=titles[assignment.lesson],
            due_at=assignment.due_at,
            enrolled=len(traces.members),
            passed=sum(quiz.lesson == assignment.lesson for quiz in passed),
            in_time=sum(
                quiz.lesson == assignment.lesson and bool(measures.in_time(quiz, assignment.due_at, scope))
                for quiz in passed
            ),
        )
        for assignment in traces.assignments
    )
