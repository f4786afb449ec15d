"""Passes through a lesson's quiz, as steps of a learner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from bot.commands.seeding.answers import answer_of, chance_of
from bot.commands.seeding.people import Person
from bot.commands.seeding.schedule import Step
from bot.domain import versions
from bot.domain.rounds import Delivery, Round, RoundKind, counted
from bot.store import Tables
from lessons.model import Lesson, Question


class QuizSteps:
    """What one learner answers. Each step writes as the bot does, and `answers` counts them."""

    def __init__(self, tables: Tables, who: Person, rng: Random) -> None:
        self._tables, self._who, self._rng = tables, who, rng
        self._round: Round | None = None
        self.answers = 0

    def passes(self, lesson: Lesson, skill: float, upto: int | None = None, waiting: bool = False) -> Iterator[Step]:
        """A pass through the quiz, or its first `upto` questions; `waiting`: the next one has been sent as well."""
        asked = lesson.questions if upto is None else lesson.questions[:upto]
        yield self._rng.uniform(2, 20), lambda at: self._begin(lesson, at)
        for number, question in enumerate(asked):
            chance = chance_of(question, number, skill)
            right = self._rng.random() < chance
            hinted = bool(question.hint) and self._rng.random() < 0.45 * (1 - chance)
            yield self.answered(question, right, hinted)
            while not right and self._rng.random() < 0.55:
                chance += (1 - chance) / 2
                right = self._rng.random() < chance
                yield self.answered(question, right, hinted)
        if upto is None:
            yield self._rng.uniform(1, 6), lambda at: self._finish(lesson, at)
        elif waiting:
            open_ = lesson.questions[upto]
            yield self._rng.uniform(2, 40), lambda at: _void(self._deliver(open_, at))

    def _deliver(self, question: Question, at: float) -> Delivery:
        return self._tables.rounds.deliver(self._going, question.id, at, versions.written(question))

    @property
    def _going(self) -> Round:
        assert self._round, "a pass is begun before anything in it happens"
        return self._round

    def _begin(self, lesson: Lesson, at: float) -> None:
        self._round = self._tables.rounds.start(self._who.id, RoundKind.QUIZ, lesson.id, at)

    def _finish(self, lesson: Lesson, at: float) -> None:
        answers = counted(lesson, self._tables.rounds.first_answers(self._going.id))
        self._tables.rounds.finish(self._going.id, sum(answers.values()), len(lesson.questions), at)

    def answered(self, question: Question, right: bool, hinted: bool) -> Step:
        """The question is sent, and answered after a while."""
        grade = answer_of(question, right, self._rng)
        seconds = 6 + self._rng.lognormvariate(2.6, 0.6) + 15 * hinted

        def act(at: float) -> None:
            rounds = self._tables.rounds
            delivery = self._deliver(question, at - seconds)
            if hinted:
                rounds.hint(delivery.id)
                delivery = replace(delivery, hinted=True)
            rounds.answer(delivery, grade.answer, grade.correct, at)

        self.answers += 1
        return seconds + self._rng.uniform(2, 12), act


def _void(_: object) -> None:
    """An act gives nothing back."""
