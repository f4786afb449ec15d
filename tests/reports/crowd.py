"""A class of a hundred by chance, through the real store, and its rows as SQLite holds them."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.domain.rounds import RoundKind, counted
from bot.domain.runs import Epoch, Judgement, Order, RunState
from bot.store import Store, Tables
from lessons.model import Course, Kind, Question
from tests.reports.room import DAY, MINUTE, NOW

MEMBERS = 100
STRANGERS = 15
WRITTEN = ["4", "5", "3.9", "seven", "An epoch", "an  epoch", "epoch", "a batch", "EPOCH", "loss", "step", "12", "0"]
GONE = Question("gone-question", Kind.TEXT, "Gone?", "It went.", "gone")


def build(store: Store, course: Course) -> int:
    """The class' id."""
    return asyncio.run(store.transact(lambda tables: _Builder(tables, course).build()))


class _Builder:
    def __init__(self, tables: Tables, course: Course) -> None:
        self.tables = tables
        self.course = course
        self.chance, self.judging = random.Random(20270115), random.Random(20270116)
        self.last_at = 0.0

    def build(self) -> int:
        cohort = self.tables.cohorts.create("Autumn", "autumn", "salt", 1, NOW - 60 * DAY).id
        other = self.tables.cohorts.create("Spring", "spring", "salt", 1, NOW - 60 * DAY).id
        ids = self.chance.sample(range(1000, 9000), MEMBERS + STRANGERS)
        for i, id in enumerate(ids):
            self.tables.learners.meet(id, f"Learner {self.chance.random():.6f}", None, "en", NOW - 60 * DAY)
            where = cohort if i < MEMBERS else other
            self.tables.cohorts.enrol(where, id, NOW - 55 * DAY + self.chance.random() * 10 * DAY)
            if i >= 8:  # eight never start
                self.learn(id, skill=self.chance.betavariate(3, 2), until=self.leaving(i))
        return cohort

    def leaving(self, i: int) -> float:
        """A third is here right now, a third left within the week, a third long ago."""
        return NOW - [(2 + self.chance.random() * 9) * MINUTE, self.chance.random() * 7 * DAY, 8 * DAY][i % 3]

    def tick(self, seconds: float) -> float:
        """The next moment: no two acts of a learner at the same time."""
        self.now += seconds * (0.5 + self.chance.random())
        return self.now

    def learn(self, learner: int, skill: float, until: float) -> None:
        """Acts in the order of time, the last one at `until` or just before."""
        acts: list[Callable[[int, float], None]] = [self.reads, self.quizzed, self.quizzed, self.trains, self.trains]
        spans = sorted(self.chance.random() for _ in range(self.chance.choice([3, 8, 20, 80])))
        starts = [until - (1 - span) * 40 * DAY for span in spans[:-1]] + [until - self.chance.random() * 3 * MINUTE]
        self.now = 0.0
        for begin, end in zip(starts, [*starts[1:], until], strict=True):
            self.now = max(self.now, begin)
            if self.now < end:
                self.end = end
                self.chance.choice(acts)(learner, skill)
        self.reviews(learner, until)

    def reads(self, learner: int, skill: float) -> None:
        lesson = self.chance.choice(self.course.lessons)
        for section in lesson.sections:
            if self.tick(40) > self.end or self.chance.random() < 0.2:
                break
            self.tables.reading.turn_to(learner, lesson.id, section.id, 0, self.now)
            if self.chance.random() < 0.8:
                self.tables.reading.finish_section(learner, lesson.id, section.id, self.now)
        if self.chance.random() < 0.05:
            self.tables.reading.finish_section(learner, lesson.id, "gone", self.now)

    def quizzed(self, learner: int, skill: float) -> None:
        lesson = self.chance.choice([*self.course.lessons, self.course.lessons[0]])
        rounds = self.tables.rounds
        going = rounds.open(learner, RoundKind.QUIZ, lesson.id)
        quiz = going or rounds.start(learner, RoundKind.QUIZ, lesson.id, self.tick(5))
        gone = [GONE] if self.chance.random() < 0.1 else []
        for question in [*lesson.questions, *gone]:
            if question.id in {past.question for past in rounds.first_answers(quiz.id)}:
                continue
            for _ in range(self.chance.choice([1, 1, 2, 5])):
                delivery = rounds.deliver(quiz, question.id, self.tick(5))
                if self.tick(25) > self.end or self.chance.random() < 0.03:
                    return
                if self.chance.random() < 0.15:
                    rounds.hint(delivery.id)
                    found = rounds.delivery(delivery.id)
                    assert found
                    delivery = found
                right = self.chance.random() < skill * (0.3 if question.id == "number" else 1.2)
                rounds.answer(delivery, self.given(question, right), right, self.now)
                if right:
                    break
        right_ones = sum(counted(lesson, rounds.first_answers(quiz.id)).values())
        rounds.finish(quiz.id, right_ones, len(lesson.questions), self.tick(3))

    def reviews(self, learner: int, at: float) -> None:
        """At the end a question of each lesson once more; the last one stays open. None of it counts in a report."""
        rounds = self.tables.rounds
        round = rounds.start(learner, RoundKind.REVIEW, None, at)
        sent = [
            rounds.deliver(round, lesson.questions[0].id, at, lesson=lesson.id, counts=False)
            for lesson in self.course.lessons
        ]
        for delivery in sent[:-1]:
            rounds.answer(delivery, ("b",), False, at + 1)
        if learner % 2:
            rounds.finish(round.id, 0, len(sent), at + 1)

    def given(self, question: Question, right: bool) -> tuple[str, ...]:
        if not question.choices:
            return (self.chance.choice(WRITTEN),)
        if question.kind is Kind.MULTIPLE:
            return ("a", "b") if right else (self.chance.choice("ab"),)
        return (next(c.id for c in question.choices if c.correct is right),)

    def trains(self, learner: int, skill: float) -> None:
        runs = self.tables.runs
        going = runs.open_of(learner)
        if going:
            runs.end(going.id, RunState.FAILED, self.tick(5), reason="lost")
        own, gone = self.chance.random() < 0.15, self.chance.random() < 0.04
        example = "own" if own else "gone-example" if gone else self.chance.choice(["train", "train", "judge"])
        values: dict[str, Any] = {"epochs": self.chance.choice([5, 20])} if self.chance.random() < 0.6 else {}
        values |= {"rate": 0.25} if self.chance.random() < 0.3 else {}
        ordered = Order(learner, learner, "first", "", example, example, values)
        run = runs.add(Order(learner, learner, "first", "") if own else ordered, self.tick(4))
        fate = self.chance.random()
        if fate < 0.05:
            return
        if fate < 0.95:
            runs.started(run.id, self.tick(6))
        if fate < 0.12:
            return
        state = self.chance.choice([RunState.FINISHED, RunState.FAILED, RunState.FAILED, RunState.CANCELLED])
        reason = self.chance.choice(["error", "timeout", "memory", "output", "lost"])
        accuracy = self.chance.random()
        runs.end(
            run.id,
            state,
            self.tick(30),
            reason=reason if state is RunState.FAILED else None,
            history=[Epoch(1, 1, self.metrics(accuracy), 1.0)] if example != "judge" else [],
            judgements=self.judgements(accuracy) if example == "judge" else [],
        )

    def judgements(self, accuracy: float) -> list[Judgement]:
        """Of a trained model, with a baseline before or behind it; of several models; or of a baseline alone."""
        baseline = Judgement(False, 100, {}, accuracy=0.1)
        trained = [Judgement(True, 100, {}, accuracy=accuracy / n, fit=1, model=n) for n in (1, 2)]
        return self.judging.choice(
            [trained[:1], [*trained[:1], baseline], [baseline, *trained[:1]], trained, [baseline]]
        )

    def metrics(self, accuracy: float) -> dict[str, float]:
        return {"val_accuracy": accuracy, "loss": 1.0} if self.chance.random() < 0.8 else {"loss": 2 * accuracy}


def rows(path: Path, sql: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(sql)]
    connection.close()
    return found
