"""What is to be done at a time, and when the operator was told what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from bot.domain.messages import Timer
from bot.store.news import News


class TimersTable:
    def __init__(self, db: Database, news: News) -> None:
        self._db = db
        self._news = news

    def set(self, kind: str, due_at: float, payload: Mapping[str, object] | None = None) -> None:
        """Have it done at this time; a timer of the same kind and payload is moved."""
        self._news.timer(due_at)
        self._db.execute(
            "insert into timers(kind, payload, due_at) values(?, ?, ?)"
            " on conflict(kind, payload) do update set due_at = excluded.due_at",
            [kind, _payload(payload), due_at],
        )

    def ensure(self, kind: str, due_at: float) -> None:
        """Have it done at this time unless a time is set already."""
        self._db.execute(
            "insert or ignore into timers(kind, payload, due_at) values(?, ?, ?)", [kind, _payload(None), due_at]
        )

    def unset(self, kind: str, payload: Mapping[str, object] | None = None) -> None:
        self._db.execute("delete from timers where kind = ? and payload = ?", [kind, _payload(payload)])

    def due(self, now: float) -> Timer | None:
        """The timer that has been due for longest."""
        rows = self._db.query("select * from timers where due_at <= ? order by due_at, id limit 1", [now])
        return next((_timer(row) for row in rows), None)

    def holds(self, timer: Timer) -> bool:
        """Whether the timer still stands as it was read."""
        return any(self._db.query("select 1 from timers where id = ? and due_at = ?", [timer.id, timer.due_at]))

    def all(self) -> list[Timer]:
        """Soonest first."""
        return [_timer(row) for row in self._db.query("select * from timers order by due_at, id")]

    def postpone(self, id: int, due_at: float) -> None:
        self._db.execute("update timers set due_at = ? where id = ?", [due_at, id])

    def done(self, id: int) -> None:
        self._db.execute("delete from timers where id = ?", [id])


def _payload(given: Mapping[str, object] | None) -> str:
    """Always the same text for the same content, since it is part of the timer's identity."""
    return json.dumps(given or {}, sort_keys=True)


def _timer(row: dict[str, Any]) -> Timer:
    return Timer(row["id"], row["kind"], json.loads(row["payload"]), row["due_at"])
