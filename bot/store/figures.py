"""What reports read: a class' rows, from covering indexes alone, so that it takes milliseconds beside millions of
others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from bot.domain.classes import Pulse
from bot.domain.learning import Passed
from bot.domain.traces import Answered, Asked, Place, Ran, SectionRead, Traces
from bot.store.cohorts import CohortsTable

_ANSWERED = "x.learner, x.lesson, x.question, x.answer, x.correct, x.first, x.hinted, x.seconds, x.at, x.version"
_RAN = (
    "x.id, x.learner, x.lesson, x.example, x.role, x.verified, x.state, x.reason, x.queued_at, x.started_at,"
    " x.ended_at, x.seconds, x.metric, x.figure, x.parameters"
)


class FiguresTable:
    def __init__(self, db: Database) -> None:
        self._db = db

    def traces(
        self,
        cohort: int,
        *,
        lesson: str | None = None,
        learner: int | None = None,
        since: float | None = None,
        until: float | None = None,
    ) -> Traces:
        """All that the class left behind: in one lesson, by one learner, from `since` until before `until`."""
        members = CohortsTable(self._db).members(cohort)
        if learner is not None:
            members = [member for member in members if member.id == learner]
        chosen = _Chosen(self._db, cohort, lesson, learner, since, until)
        answers = tuple(map(Answered._make, chosen.rows("attempts", _ANSWERED, "x.at", "e.learner, x.at", "x.counts")))
        return Traces(
            members=tuple(members),
            answers=answers,
            sections=tuple(
                map(
                    SectionRead._make,
                    chosen.rows("sections_read", "x.learner, x.lesson, x.section, x.at", "x.at", "e.learner, x.at"),
                )
            ),
            places=tuple(
                map(
                    Place._make,
                    chosen.rows("bookmarks", "x.learner, x.lesson, x.section, x.page, x.at", "x.at", "e.learner, x.at"),
                )
            ),
            quizzes=tuple(
                map(
                    Passed._make,
                    chosen.rows(
                        "quizzes",
                        "x.learner, x.lesson, x.started_at, x.finished_at, x.correct, x.total",
                        "coalesce(x.finished_at, x.started_at)",
                        "e.learner, x.started_at",
                    ),
                )
            ),
            runs=tuple(map(Ran._make, chosen.rows("runs", _RAN, "x.queued_at", "e.learner, x.queued_at"))),
            versions=self._versions({answer.version for answer in answers if answer.version is not None}),
            assignments=tuple(CohortsTable(self._db).assignments(cohort)),
        )

    def _versions(self, ids: set[int]) -> dict[int, str]:
        rows = self._db.execute(
            "select v.id, v.body from json_each(?) j join versions v on v.id = j.value", [json.dumps(sorted(ids))]
        )
        return dict(rows.fetchall())

    def asked(self, cohort: int, since: float) -> list[Asked]:
        """The last question that counts of those that each learner of the class was sent, if it was sent since then."""
        rows = self._db.execute(
            "select d.learner, d.lesson, d.question, d.sent_at,"
            " exists(select 1 from attempts a where a.delivery = d.id)"
            " from enrolments e join deliveries d on d.id ="
            " (select max(l.id) from deliveries l where l.learner = e.learner and l.counts)"
            " where e.cohort = ? and d.sent_at >= ? order by d.learner",
            [cohort, since],
        )
        return [Asked(*row) for row in rows]

    # Chats that are shown a class, live

    def pulse(self, chat: int) -> Pulse | None:
        rows = self._db.query("select chat, cohort, until, shown from pulses where chat = ?", [chat])
        return next((Pulse(**row) for row in rows), None)

    def set_pulse(self, pulse: Pulse) -> None:
        self._db.execute(
            "insert into pulses values(?, ?, ?, ?) on conflict(chat) do update"
            " set cohort = excluded.cohort, until = excluded.until, shown = excluded.shown",
            [pulse.chat, pulse.cohort, pulse.until, pulse.shown],
        )

    def end_pulse(self, chat: int) -> bool:
        return self._db.execute("delete from pulses where chat = ?", [chat]).rowcount == 1


class _Chosen:
    """Rows of a class' learners in a table."""

    def __init__(
        self,
        db: Database,
        cohort: int,
        lesson: str | None,
        learner: int | None,
        since: float | None,
        until: float | None,
    ) -> None:
        self._db = db
        self._values = {"cohort": cohort, "lesson": lesson, "learner": learner, "since": since, "until": until}

    def rows(self, table: str, columns: str, time: str, order: str, only: str = "true") -> Iterator[tuple[Any, ...]]:
        conditions = ["e.cohort = :cohort", only]
        conditions += ["e.learner = :learner"] if self._values["learner"] is not None else []
        conditions += ["x.lesson = :lesson"] if self._values["lesson"] is not None else []
        conditions += [f"{time} >= :since"] if self._values["since"] is not None else []
        conditions += [f"{time} < :until"] if self._values["until"] is not None else []
        # "cross join": SQLite goes through the class first, however few rows it thinks the other table has.
        sql = (
            f"select {columns} from enrolments e cross join {table} x on x.learner = e.learner"  # noqa: S608 - ours
            f" where {' and '.join(conditions)} order by {order}"
        )
        yield from self._db.execute(sql, self._values)
