from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from bot.domain.ids import DeliveryId, LearnerId, RoundId
from bot.domain.rounds import Attempt, Delivery, FirstAnswer, Round, RoundKind

_DELIVERY = (
    "select d.*, coalesce(v.body, '') as shown, exists(select 1 from attempts a where a.delivery = d.id) as answered"
    " from deliveries d left join versions v on v.id = d.version where "
)


class RoundsTable:
    """Rounds of questions, questions sent, answers given."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def start(self, learner: LearnerId, kind: RoundKind, lesson: str | None, at: float) -> Round:
        rows = self._db.query(
            "insert into rounds(learner, kind, lesson, started_at) values(?, ?, ?, ?) returning id",
            [learner, kind, lesson, at],
        )
        return Round(RoundId(next(iter(rows))["id"]), learner, kind, lesson, at)

    def get(self, id: RoundId) -> Round | None:
        return next((_round(row) for row in self._db.query("select * from rounds where id = ?", [id])), None)

    def open(self, learner: LearnerId, kind: RoundKind, lesson: str | None) -> Round | None:
        """The round of this kind that the learner began last in this lesson, if it is not finished."""
        rows = self._db.query(
            "select * from rounds where learner = ? and kind = ? and lesson is ? order by id desc limit 1",
            [learner, kind, lesson],
        )
        found = next((_round(row) for row in rows), None)
        return found if found and found.finished_at is None else None

    def finish(self, round: RoundId, right: int, total: int, at: float) -> None:
        """Give the round its result. The first result stands."""
        self._db.execute(
            "update rounds set finished_at = ?, correct = ?, total = ? where id = ? and finished_at is null",
            [at, right, total, round],
        )

    def deliver(
        self, round: Round, question: str, at: float, shown: str = "", *, lesson: str | None = None, counts: bool = True
    ) -> Delivery:
        """Store that a question is sent, maybe once more, and how it reads. `lesson` is the question's, where it is not
        the round's."""
        home = lesson or round.lesson
        assert home, "a question belongs to a lesson"
        tries = self._db.query(
            "select count(*) as n from attempts a join deliveries d on d.id = a.delivery"
            " where d.round = ? and d.question = ?",
            [round.id, question],
        )
        n, version = next(iter(tries))["n"], self._version(question, shown)
        rows = self._db.query(
            "insert into deliveries(round, learner, lesson, question, tries, sent_at, version, counts)"
            " values(?, ?, ?, ?, ?, ?, ?, ?) returning id",
            [round.id, round.learner, home, question, n, at, version, counts],
        )
        id = DeliveryId(next(iter(rows))["id"])
        return Delivery(id, round.id, round.learner, home, question, n, at, version=version, counts=counts, shown=shown)

    def _version(self, question: str, shown: str) -> int | None:
        """The number of this wording; None when it is not known."""
        if not shown:
            return None
        self._db.execute("insert or ignore into versions(question, body) values(?, ?)", [question, shown])
        found = self._db.execute("select id from versions where question = ? and body = ?", [question, shown])
        return int(found.fetchone()[0])

    def delivery(self, id: DeliveryId) -> Delivery | None:
        return next((_delivery(row) for row in self._db.query(_DELIVERY + "d.id = ?", [id])), None)

    def last_delivery(self, round: RoundId) -> Delivery | None:
        rows = self._db.query(_DELIVERY + "d.round = ? order by d.id desc limit 1", [round])
        return next((_delivery(row) for row in rows), None)

    def last_answered(self, round: RoundId) -> Delivery | None:
        rows = self._db.query(_DELIVERY + "d.round = ? and answered order by d.id desc limit 1", [round])
        return next((_delivery(row) for row in rows), None)

    def last_delivery_to(self, learner: LearnerId) -> Delivery | None:
        """What the learner was asked last, in any round."""
        rows = self._db.query(_DELIVERY + "d.learner = ? order by d.id desc limit 1", [learner])
        return next((_delivery(row) for row in rows), None)

    def hint(self, delivery: DeliveryId) -> None:
        self._db.execute("update deliveries set hinted = 1 where id = ?", [delivery])

    def tick(self, delivery: DeliveryId, ticked: int) -> None:
        self._db.execute("update deliveries set ticked = ? where id = ?", [ticked, delivery])

    def answer(
        self, delivery: Delivery, answer: tuple[str, ...], correct: bool, at: float, graded: str | None = None
    ) -> bool:
        """Stores the answer. Returns False, and changes nothing, when this delivery was answered before.
        A question that was sent twice before it was answered has one first answer. `graded` is the question that
        graded the answer, if it differs from the one shown."""
        version = delivery.version if graded is None else self._version(delivery.question, graded)
        cursor = self._db.execute(
            "insert or ignore into attempts(delivery, learner, lesson, question, answer, correct, first, at, hinted,"
            " seconds, version, counts) values(:delivery, :learner, :lesson, :question, :answer, :correct, not exists("
            "select 1 from attempts a join deliveries d on d.id = a.delivery"
            " where d.round = :round and d.question = :question), :at, :hinted, :seconds, :version, :counts)",
            {
                "delivery": delivery.id,
                "round": delivery.round,
                "learner": delivery.learner,
                "lesson": delivery.lesson,
                "question": delivery.question,
                "answer": json.dumps(answer),
                "correct": correct,
                "at": at,
                "hinted": delivery.hinted,
                "seconds": max(0.0, at - delivery.sent_at),
                "version": version,
                "counts": delivery.counts,
            },
        )
        taken = cursor.rowcount == 1
        if taken and version != delivery.version:
            self._db.execute("update deliveries set version = ? where id = ?", [version, delivery.id])
        return taken

    def attempt(self, delivery: DeliveryId) -> Attempt | None:
        rows = self._db.query("select delivery, answer, correct, at from attempts where delivery = ?", [delivery])
        return next((_attempt(row) for row in rows), None)

    def first_answers(self, round: RoundId) -> tuple[FirstAnswer, ...]:
        """What was answered in this round, each question once, in the order of sending."""
        rows = self._db.execute(
            "select d.lesson, d.question, a.correct, d.counts from deliveries d join attempts a on a.delivery = d.id"
            " where d.round = ? and a.first = 1 order by d.id",
            [round],
        )
        return tuple(FirstAnswer(lesson, id, bool(correct), bool(counts)) for lesson, id, correct, counts in rows)


def _round(row: dict[str, Any]) -> Round:
    return Round(
        row["id"],
        row["learner"],
        RoundKind(row["kind"]),
        row["lesson"],
        row["started_at"],
        row["finished_at"],
        row["correct"],
        row["total"],
    )


def _delivery(row: dict[str, Any]) -> Delivery:
    flags = {flag: bool(row[flag]) for flag in ("answered", "hinted", "counts")}
    return Delivery(**{**row, **flags})


def _attempt(row: dict[str, Any]) -> Attempt:
    return Attempt(row["delivery"], tuple(json.loads(row["answer"])), bool(row["correct"]), row["at"])
