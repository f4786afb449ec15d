"""What reports read: the rows of a class. Covering indexes alone answer these queries, so that they take milliseconds
beside millions of other rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sqlite_utils import Database

from bot.domain.ids import CohortId, LearnerId
from bot.domain.learning import Passed
from bot.domain.traces import Answered, Asked, PageOpened, Ran, SectionRead, Traces
from bot.store.cohorts import CohortsTable


class _Kind(NamedTuple):
    """One kind of rows: its table, the columns in the order of the row's fields, and what orders it in time."""

    row: Callable[[Iterable[Any]], Any]
    table: str
    columns: str
    time: str
    """By which a span of time chooses."""
    order: str
    only: str = "true"
    """Which rows count at all."""


_KINDS = {
    "answers": _Kind(
        Answered._make,
        "attempts",
        "x.learner, x.lesson, x.question, x.answer, x.correct, x.first, x.hinted, x.seconds, x.at, x.version",
        "x.at",
        "x.at",
        only="x.counts",
    ),
    "sections": _Kind(SectionRead._make, "sections_read", "x.learner, x.lesson, x.section, x.at", "x.at", "x.at"),
    "places": _Kind(PageOpened._make, "bookmarks", "x.learner, x.lesson, x.section, x.page, x.at", "x.at", "x.at"),
    "quizzes": _Kind(
        Passed._make,
        "quizzes",
        "x.learner, x.lesson, x.started_at, x.finished_at, x.correct, x.total",
        "coalesce(x.finished_at, x.started_at)",
        "x.started_at",
    ),
    "runs": _Kind(
        Ran._make,
        "runs",
        "x.id, x.learner, x.lesson, x.example, x.role, x.verified, x.state, x.reason, x.queued_at, x.started_at,"
        " x.ended_at, x.seconds, x.metric, x.figure, x.parameters",
        "x.queued_at",
        "x.queued_at",
    ),
}
"""By the field of Traces that holds them."""


class TracesTable:
    """What a class' learners left behind."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of_class(
        self,
        cohort: CohortId,
        *,
        lesson: str | None = None,
        learner: LearnerId | None = None,
        since: float | None = None,
        until: float | None = None,
    ) -> Traces:
        """Everything of the class: in one lesson, by one learner, from `since` until before `until`."""
        cohorts = CohortsTable(self._db)
        chosen = _Chosen(self._db, cohort, lesson, learner, since, until)
        rows = {field: tuple(map(kind.row, chosen.rows(kind))) for field, kind in _KINDS.items()}
        return Traces(
            members=tuple(member for member in cohorts.members(cohort) if learner in (None, member.id)),
            versions=self._versions({answer.version for answer in rows["answers"] if answer.version is not None}),
            assignments=tuple(cohorts.assignments(cohort)),
            **rows,
        )

    def _versions(self, ids: set[int]) -> dict[int, str]:
        rows = self._db.execute(
            "select v.id, v.body from json_each(?) j join versions v on v.id = j.value", [json.dumps(sorted(ids))]
        )
        return dict(rows.fetchall())

    def asked(self, cohort: CohortId, since: float) -> list[Asked]:
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


class _Chosen:
    """Rows of a class' learners in a table."""

    def __init__(
        self,
        db: Database,
        cohort: CohortId,
        lesson: str | None,
        learner: LearnerId | None,
        since: float | None,
        until: float | None,
    ) -> None:
        self._db = db
        self._values = {"cohort": cohort, "lesson": lesson, "learner": learner, "since": since, "until": until}

    def rows(self, kind: _Kind) -> Iterator[tuple[Any, ...]]:
        conditions = ["e.cohort = :cohort", kind.only]
        conditions += ["e.learner = :learner"] if self._values["learner"] is not None else []
        conditions += ["x.lesson = :lesson"] if self._values["lesson"] is not None else []
        conditions += [f"{kind.time} >= :since"] if self._values["since"] is not None else []
        conditions += [f"{kind.time} < :until"] if self._values["until"] is not None else []
        # "cross join": SQLite goes through the class first, however few rows it thinks the other table has.
        sql = (
            f"select {kind.columns} from enrolments e cross join {kind.table} x on x.learner = e.learner"  # noqa: S608 - ours
            f" where {' and '.join(conditions)} order by e.learner, {kind.order}"
        )
        yield from self._db.execute(sql, self._values)
