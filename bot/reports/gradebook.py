"""A class' grades, a row for each learner and lesson."""

from __future__ import annotations

from bot.domain import mastery
from bot.domain.classes import Member
from bot.domain.traces import Traces
from bot.reports import measures
from bot.reports.scope import Scope
from bot.reports.values import GradebookRow
from lessons.model import Lesson

NEVER = float("-inf")


def gradebook(traces: Traces, scope: Scope) -> tuple[GradebookRow, ...]:
    """A row for each member and lesson in view, in the order of members; learners who did nothing have rows too.

    A quiz that was passed in time stays in time, whatever the learner reaches later. The best pass is given beside it.
    """
    traces = measures.in_view(traces, scope)
    firsts = measures.first_answers(traces.answers)
    best, handed_in = mastery.of_each(traces.quizzes, mastery.best), mastery.of_each(traces.quizzes, mastery.handed_in)
    due = {assignment.lesson: assignment.due_at for assignment in traces.assignments}
    by_then = [q for q in traces.quizzes if q.finished_at is not None and q.finished_at <= due.get(q.lesson, NEVER)]
    best_by_then = mastery.of_each(by_then, mastery.best)

    def grade(member: Member, lesson: Lesson) -> GradebookRow:
        key = member.id, lesson.id
        quiz, first, when_due = best.get(key), handed_in.get(key), best_by_then.get(key)
        answered = [(question.id, firsts[question.id].get(member.id)) for question in lesson.questions]
        return GradebookRow(
            member=member,
            lesson=lesson.id,
            submitted_at=first.finished_at if first else None,
            right=quiz.right if quiz else None,
            total=quiz.total if quiz else None,
            score=float(mastery.share(quiz)) if quiz else None,
            passed=mastery.is_passed(quiz),
            questions={question: bool(answer.correct) for question, answer in answered if answer is not None},
            best_at=quiz.finished_at if quiz else None,
            due_at=due.get(lesson.id),
            in_time=measures.in_time(first, due.get(lesson.id), scope),
            score_when_due=float(mastery.share(when_due)) if when_due else None,
        )

    return tuple(grade(member, lesson) for member in traces.members for lesson in scope.lessons)
