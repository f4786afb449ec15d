from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from bot.domain.learning import Attempt, Delivery, Quiz

_DELIVERY = (
    "select d.*, coalesce(v.body, '') as shown, exists(select 1 from attempts a where a.delivery = d.id) as answered"
    " from deliveries d left join versions v on v.id = d.version where "
)


class QuizzesTable:
    """Passes through a lesson's questions, questions sent, answers given."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def start(self, learner: int, lesson: str, at: float) -> Quiz:
        rows = self._db.query(
            "insert into quizzes(learner, lesson, started_at) values(?, ?, ?) returning id", [learner, lesson, at]
        )
        return Quiz(next(iter(rows))["id"], learner, lesson, at)

    def get(self, id: int) -> Quiz | None:
        return next((_quiz(row) for row in self._db.query("select * from quizzes where id = ?", [id])), None)

    def open(self, learner: int, lesson: str) -> Quiz | None:
        """The pass that the learner began last in this lesson, if it is not finished."""
        rows = self._db.query(
            "select * from quizzes where learner = ? and lesson = ? order by id desc limit 1", [learner, lesson]
        )
        quiz = next((_quiz(row) for row in rows), None)
        return quiz if quiz and quiz.finished_at is None else None

    def finish(self, quiz: int, right: int, total: int, at: float) -> None:
        self._db.execute(
            "update quizzes set finished_at = ?, correct = ?, total = ? where id = ? and finished_at is null",
            [at, right, total, quiz],
        )

    def deliver(self, quiz: Quiz, question: str, at: float, shown: str = "") -> Delivery:
        """Note that a question is sent once more, and how it reads."""
        tries = self._db.query(
            "select count(*) as n from attempts a join deliveries d on d.id = a.delivery"
            " where d.quiz = ? and d.question = ?",
            [quiz.id, question],
        )
        n, version = next(iter(tries))["n"], self._version(question, shown)
        rows = self._db.query(
            "insert into deliveries(quiz, learner, lesson, question, tries, sent_at, version)"
            " values(?, ?, ?, ?, ?, ?, ?) returning id",
            [quiz.id, quiz.learner, quiz.lesson, question, n, at, version],
        )
        id = next(iter(rows))["id"]
        return Delivery(id, quiz.id, quiz.learner, quiz.lesson, question, n, at, version=version, shown=shown)

    def _version(self, question: str, shown: str) -> int | None:
        """The number of this wording; None when it is not known."""
        if not shown:
            return None
        self._db.execute("insert or ignore into versions(question, body) values(?, ?)", [question, shown])
        found = self._db.execute("select id from versions where question = ? and body = ?", [question, shown])
        return int(found.fetchone()[0])

    def delivery(self, id: int) -> Delivery | None:
        return next((_delivery(row) for row in self._db.query(_DELIVERY + "d.id = ?", [id])), None)

    def last_delivery(self, quiz: int) -> Delivery | None:
        rows = self._db.query(_DELIVERY + "d.quiz = ? order by d.id desc limit 1", [quiz])
        return next((_delivery(row) for row in rows), None)

    def last_answered(self, quiz: int) -> Delivery | None:
        rows = self._db.query(_DELIVERY + "d.quiz = ? and answered order by d.id desc limit 1", [quiz])
        return next((_delivery(row) for row in rows), None)

    def last_delivery_to(self, learner: int) -> Delivery | None:
        rows = self._db.query(_DELIVERY + "d.learner = ? order by d.id desc limit 1", [learner])
        return next((_delivery(row) for row in rows), None)

    def hint(self, delivery: int) -> None:
        self._db.execute("update deliveries set hinted = 1 where id = ?", [delivery])

    def tick(self, delivery: int, ticked: int) -> None:
        self._db.execute("update deliveries set ticked = ? where id = ?", [ticked, delivery])

    def answer(
        self, delivery: Delivery, answer: tuple[str, ...], correct: bool, at: float, graded: str | None = None
    ) -> bool:
        """Record the answer; False when this delivery was answered before, and then nothing changes. A question that
        was sent twice before it was answered has one first answer. `graded` is the question by which it was graded,
        if that is not as it was shown."""
        version = delivery.version if graded is None else self._version(delivery.question, graded)
        cursor = self._db.execute(
            "insert or ignore into attempts(delivery, learner, lesson, question, answer, correct, first, at, hinted,"
            " seconds, version) values(:delivery, :learner, :lesson, :question, :answer, :correct, not exists("
            "select 1 from attempts a join deliveries d on d.id = a.delivery"
            " where d.quiz = :quiz and d.question = :question), :at, :hinted, :seconds, :version)",
            {
                "delivery": delivery.id,
                "quiz": delivery.quiz,
                "learner": delivery.learner,
                "lesson": delivery.lesson,
                "question": delivery.question,
                "answer": json.dumps(answer),
                "correct": correct,
                "at": at,
                "hinted": delivery.hinted,
                "seconds": max(0.0, at - delivery.sent_at),
                "version": version,
            },
        )
        taken = cursor.rowcount == 1
        if taken and version != delivery.version:
            self._db.execute("update deliveries set version = ? where id = ?", [version, delivery.id])
        return taken

    def attempt(self, delivery: int) -> Attempt | None:
        rows = self._db.query("select delivery, answer, correct, at from attempts where delivery = ?", [delivery])
        return next((_attempt(row) for row in rows), None)

    def first_answers(self, quiz: int) -> dict[str, bool]:
        """By question answered in this pass: whether the first answer was right."""
        rows = self._db.query(
            "select d.question, a.correct from deliveries d join attempts a on a.delivery = d.id"
            " where d.quiz = ? and a.first = 1",
            [quiz],
        )
        return {row["question"]: bool(row["correct"]) for row in rows}


def _quiz(row: dict[str, Any]) -> Quiz:
    return Quiz(
        row["id"], row["learner"], row["lesson"], row["started_at"], row["finished_at"], row["correct"], row["total"]
    )


def _delivery(row: dict[str, Any]) -> Delivery:
    return Delivery(**{**row, "answered": bool(row["answered"]), "hinted": bool(row["hinted"])})


def _attempt(row: dict[str, Any]) -> Attempt:
    return Attempt(row["delivery"], tuple(json.loads(row["answer"])), bool(row["correct"]), row["at"])
