"""Files and code that learners send."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from bot.domain.ids import FileId, LearnerId, RunId, SnippetId
from bot.domain.runs import CodePart, LearnersFile, SentCode, SnippetState


class FilesTable:
    """Files that learners sent. Their own code can open them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, learner: LearnerId, name: str, data: bytes, at: float) -> None:
        """Stores a file. It replaces one of the same name."""
        self._db.execute(
            "insert into files(learner, name, data, at) values(?, ?, ?, ?)"
            " on conflict(learner, name) do update set data = excluded.data, at = excluded.at",
            [learner, name, data, at],
        )

    def of(self, learner: LearnerId) -> list[LearnersFile]:
        """By name."""
        rows = self._db.query(
            "select id, name, length(data) as size from files where learner = ? order by name", [learner]
        )
        return [LearnersFile(**row) for row in rows]

    def contents(self, learner: LearnerId) -> dict[str, bytes]:
        rows = self._db.query("select name, data from files where learner = ?", [learner])
        return {row["name"]: row["data"] for row in rows}

    def delete(self, learner: LearnerId, id: FileId) -> str | None:
        """Deletes a file and returns its name. Returns None when the learner has no such file."""
        rows = self._db.query("delete from files where learner = ? and id = ? returning name", [learner, id])
        return next((row["name"] for row in rows), None)


class SnippetsTable:
    """Code that learners sent in messages."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, learner: LearnerId, parts: Sequence[CodePart], units: int, marked: bool, sent_at: float) -> SentCode:
        """Stores code that was sent, in the state `offered`."""
        rows = self._db.query(
            "insert into snippets(learner, parts, last_message, units, marked, state, sent_at)"
            " values(?, ?, ?, ?, ?, 'offered', ?) returning *",
            [learner, _json(parts), parts[-1].message, units, marked, sent_at],
        )
        return _sent(next(iter(rows)))

    def change(self, id: SnippetId, parts: Sequence[CodePart], units: int, marked: bool, sent_at: float) -> SentCode:
        """Replaces the parts of the code: one was added or edited."""
        rows = self._db.query(
            "update snippets set parts = ?, last_message = ?, units = ?, marked = ?, sent_at = ?"
            " where id = ? returning *",
            [_json(parts), parts[-1].message, units, marked, sent_at, id],
        )
        return _sent(next(iter(rows)))

    def get(self, id: SnippetId) -> SentCode | None:
        return self._one("select * from snippets where id = ?", [id])

    def last(self, learner: LearnerId) -> SentCode | None:
        """The code that the learner sent last."""
        return self._one(
            "select * from snippets where learner = ? order by last_message desc, id desc limit 1", [learner]
        )

    def of_message(self, learner: LearnerId, message: int) -> SentCode | None:
        """The code that this message is a part of."""
        return self._one(
            "select * from snippets where learner = ? and exists("
            "select 1 from json_each(parts) where json_extract(value, '$.message') = ?) order by id desc limit 1",
            [learner, message],
        )

    def becomes(self, id: SnippetId, state: SnippetState) -> None:
        self._db.execute("update snippets set state = ? where id = ?", [state, id])

    def ran(self, id: SnippetId, run: RunId) -> None:
        self._db.execute("update snippets set state = 'run', run = ? where id = ?", [run, id])

    def forget_before(self, at: float) -> None:
        self._db.execute("delete from snippets where sent_at < ?", [at])

    def _one(self, sql: str, values: list[Any]) -> SentCode | None:
        return next((_sent(row) for row in self._db.query(sql, values)), None)


def _json(parts: Sequence[CodePart]) -> str:
    return json.dumps([asdict(part) for part in parts])


def _sent(row: dict[str, Any]) -> SentCode:
    return SentCode(
        id=row["id"],
        learner=row["learner"],
        parts=tuple(CodePart(**part) for part in json.loads(row["parts"])),
        units=row["units"],
        marked=bool(row["marked"]),
        state=SnippetState(row["state"]),
        run=row["run"],
        sent_at=row["sent_at"],
    )
