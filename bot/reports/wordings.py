"""The questions of a class' answers, each as it read when it was answered: the course may have changed since."""

from __future__ import annotations

from bot.domain import grading, versions
from bot.domain.traces import Answered, Traces
from bot.reports import measures
from bot.reports.scope import Scope
from lessons.model import Question


class Wordings:
    def __init__(self, traces: Traces, scope: Scope) -> None:
        self._now = {question.id: question for lesson in scope.lessons for question in lesson.questions}
        self._then = {id: versions.read(text) for id, text in traces.versions.items()}
        self._right: dict[tuple[str, str], bool | None] = {}
        """By question and answer, from before wordings were kept: whether today's question calls it right."""
        self._changed = {
            id: then.id in self._now and not versions.same_key(then, self._now[then.id])
            for id, then in self._then.items()
        }

    def of(self, answer: Answered) -> Question | None:
        """The question as it was answered. For an answer from before wordings were kept it is the question of today;
        None when the course no longer has it, or no longer has all choices taken."""
        known = None if answer.version is None else self._then.get(answer.version)
        return known or self._of_today(answer)

    def _of_today(self, answer: Answered) -> Question | None:
        question = self._now.get(answer.question)
        if question is None or not question.choices:
            return question
        return question if {choice.id for choice in question.choices}.issuperset(measures.held(answer.answer)) else None

    def tells_key(self, answer: Answered) -> bool:
        """Whether `of` says what was right when the answer was graded. Today's question does where it grades alike."""
        if answer.version in self._then:
            return True
        given = answer.question, answer.answer
        if given not in self._right:  # a class gives the same few answers over and over
            question, held = self._of_today(answer), measures.held(answer.answer)
            self._right[given] = None if question is None else grading.is_right(question, held)
        return self._right[given] == bool(answer.correct)

    def counts(self, answer: Answered) -> bool:
        """Whether it answers the question of today: the same choices, and the same of them right. An answer from before
        wordings were kept counts."""
        return answer.version is None or not self._changed.get(answer.version, False)
