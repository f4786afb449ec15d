from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from bot.domain.headline import headline
from bot.domain.ids import LearnerId, RunId
from bot.domain.runs import Epoch, ErrorHint, Judgement, Order, Run, RunState, Value
from bot.store.unique import unique_or

_OWN_CODE = "own"
"""Stands in the columns of example and role for a learner's own code. `verified` is what tells it from an example."""


class RunIsOpen(Exception):
    """The learner has a run that is queued or running, and so cannot have another."""


class RunsTable:
    """Runs, the parameters chosen for the next one, and the files kept from the last one."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, order: Order, at: float) -> Run:
        """Queue a run. Raises RunIsOpen."""
        verified = order.example is not None
        which = [order.example, order.role] if verified else [_OWN_CODE, _OWN_CODE]
        with unique_or(RunIsOpen(order.learner)):
            rows = self._db.query(
                "insert into runs(learner, chat, lesson, example, role, parameters, source, verified, state, queued_at)"
                " values(?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?) returning *",
                [order.learner, order.chat, order.lesson, *which, json.dumps(order.values), order.source, verified, at],
            )
        return _run(next(iter(rows)))

    def get(self, id: RunId) -> Run | None:
        return self._one("select * from runs where id = ?", [id])

    def open(self) -> list[Run]:
        """Runs that are queued or running, oldest first."""
        rows = self._db.query("select * from runs where state in ('queued', 'running') order by id")
        return [_run(row) for row in rows]

    def open_of(self, learner: LearnerId) -> Run | None:
        """The learner's run that is queued or running; the schema allows one."""
        return self._one(
            "select * from runs where learner = ? and state in ('queued', 'running')",
            [learner],
        )

    def last_trained(self, learner: LearnerId, lesson: str) -> Run | None:
        """The learner's last training run in this lesson that ended well, of the course's own code."""
        return self._one(
            "select * from runs where learner = ? and lesson = ? and role = 'train' and state = 'finished'"
            " and verified = 1 order by ended_at desc limit 1",
            [learner, lesson],
        )

    def past(self, learner: LearnerId, offset: int, limit: int) -> list[Run]:
        """Newest first."""
        rows = self._db.query(
            "select * from runs where learner = ? order by id desc limit ? offset ?", [learner, limit, offset]
        )
        return [_run(row) for row in rows]

    def count(self, learner: LearnerId) -> int:
        return int(next(iter(self._db.query("select count(*) as n from runs where learner = ?", [learner])))["n"])

    def outcomes(self) -> dict[str, int]:
        """How many runs there are by state; failed ones by their reason, as `failed: timeout`."""
        rows = self._db.query("select state, reason, count(*) as n from runs group by state, reason")
        return {f"{row['state']}: {row['reason']}" if row["reason"] else row["state"]: row["n"] for row in rows}

    def started(self, id: RunId, at: float) -> None:
        self._db.execute(
            "update runs set state = 'running', started_at = coalesce(started_at, ?)"
            " where id = ? and state in ('queued', 'running')",
            [at, id],
        )

    def requeued(self, id: RunId) -> None:
        """Queues an interrupted run again, in its old place."""
        self._db.execute(
            "update runs set state = 'queued', started_at = null, restarts = restarts + 1"
            " where id = ? and state in ('queued', 'running')",
            [id],
        )

    def end(
        self,
        id: RunId,
        state: RunState,
        at: float,
        *,
        reason: str | None = None,
        detail: str | None = None,
        hint: ErrorHint | None = None,
        seconds: float | None = None,
        history: Iterable[Epoch] = (),
        judgements: Iterable[Judgement] = (),
        output: str = "",
    ) -> Run | None:
        """Stores the end of the run. Returns None when it had ended already: the first end stands."""
        history, judgements = tuple(history), tuple(judgements)
        history_json = json.dumps([asdict(e) for e in history])
        judgements_json = json.dumps([asdict(j) for j in judgements])
        hint_json = None if hint is None else json.dumps(asdict(hint))
        best = headline(history, judgements) if state is RunState.FINISHED else None
        metric, figure = (best.metric, best.figure) if best else (None, None)
        return self._one(
            "update runs set state = ?, ended_at = ?, reason = ?, detail = ?, hint = ?, seconds = ?, history = ?,"
            " judgements = ?, output = ?, metric = ?, figure = ?"
            " where id = ? and state in ('queued', 'running') returning *",
            [state, at, reason, detail, hint_json, seconds, history_json, judgements_json, output, metric, figure, id],
        )

    def reached(self, id: RunId, judgements: Iterable[Judgement], output: str) -> Run | None:
        """Adds what its job had reached to a stopped run. Returns None when the run was not stopped."""
        judgements_json = json.dumps([asdict(j) for j in judgements])
        return self._one(
            "update runs set judgements = ?, output = ? where id = ? and state = 'cancelled' returning *",
            [judgements_json, output, id],
        )

    def keep(self, run: Run, name: str, data: bytes) -> None:
        """Keep a file of this run in place of the one of the learner's earlier run of the same example."""
        self._db.execute(
            "insert into artifacts(learner, lesson, example, name, run, data) values(?, ?, ?, ?, ?, ?)"
            " on conflict(learner, lesson, example, name) do update set run = excluded.run, data = excluded.data",
            [run.learner, run.lesson, run.example, name, run.id, data],
        )

    def kept(self, learner: LearnerId, lesson: str, example: str) -> dict[str, bytes]:
        """Files kept from the learner's last run of this example."""
        rows = self._db.query(
            "select name, data from artifacts where learner = ? and lesson = ? and example = ?",
            [learner, lesson, example],
        )
        return {row["name"]: row["data"] for row in rows}

    def draft(self, learner: LearnerId, lesson: str, example: str) -> dict[str, Value]:
        """Knobs as they stand for the next run; only those that were turned."""
        rows = self._db.query(
            "select parameters from drafts where learner = ? and lesson = ? and example = ?", [learner, lesson, example]
        )
        return next((json.loads(row["parameters"]) for row in rows), {})

    def set_draft(self, learner: LearnerId, lesson: str, example: str, values: Mapping[str, Value]) -> None:
        self._db.execute(
            "insert into drafts values(?, ?, ?, ?) on conflict do update set parameters = excluded.parameters",
            [learner, lesson, example, json.dumps(values)],
        )

    def _one(self, sql: str, parameters: list[Any]) -> Run | None:
        return next((_run(row) for row in self._db.query(sql, parameters)), None)


def _run(row: dict[str, Any]) -> Run:
    return Run(
        id=RunId(row["id"]),
        learner=LearnerId(row["learner"]),
        chat=row["chat"],
        lesson=row["lesson"],
        example=row["example"],
        values=json.loads(row["parameters"]),
        source=row["source"],
        queued_at=row["queued_at"],
        verified=bool(row["verified"]),
        state=RunState(row["state"]),
        reason=row["reason"],
        detail=row["detail"],
        hint=None if row["hint"] is None else _hint(json.loads(row["hint"])),
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        seconds=row["seconds"],
        history=tuple(_epoch(e) for e in json.loads(row["history"])),
        judgements=tuple(_judgement(j) for j in json.loads(row["judgements"])),
        output=row["output"],
        restarts=row["restarts"],
    )


def _hint(stored: dict[str, Any]) -> ErrorHint:
    return ErrorHint(**{**stored, "there": tuple(stored["there"])})


def _epoch(stored: dict[str, Any]) -> Epoch:
    return Epoch(**{**stored, "diverged": tuple(stored.get("diverged", ()))})


def _judgement(stored: dict[str, Any]) -> Judgement:
    return Judgement(**{**stored, "diverged": tuple(stored.get("diverged", ()))})
