"""Updates as Telegram sent them."""

from __future__ import annotations

from sqlite_utils import Database

TRIES = 5
"""After so many tries that did not come to an end, an update is a dead letter."""


class InboxTable:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, update: int, lane: int, body: str, at: float) -> bool:
        """False when this update was stored before."""
        cursor = self._db.execute(
            "insert or ignore into inbox(update_id, lane, body, got_at) values(?, ?, ?, ?)", [update, lane, body, at]
        )
        return cursor.rowcount == 1

    def begin(self, update: int) -> bool:
        """Count a try; False when the update is done, or has had its tries and becomes a dead letter."""
        rows = self._db.query(
            "update inbox set tries = tries + 1, state = iif(tries >= ?, 'dead', state)"
            " where update_id = ? and state = 'new' returning state",
            [TRIES, update],
        )
        return any(row["state"] == "new" for row in rows)

    def done(self, update: int, at: float) -> float | None:
        """The update is dealt with. Returns when it came; None for one that was never stored."""
        rows = self._db.query(
            "update inbox set state = 'done', done_at = ? where update_id = ? returning got_at", [at, update]
        )
        return next((row["got_at"] for row in rows), None)

    def dead(self, update: int, error: str, at: float) -> None:
        self._db.execute(
            "update inbox set state = 'dead', error = ?, done_at = ? where update_id = ?", [error, at, update]
        )

    def waiting(self) -> list[tuple[int, int, str]]:
        """Id, lane and body of updates that were stored and not dealt with, oldest first."""
        rows = self._db.query("select update_id, lane, body from inbox where state = 'new' order by update_id")
        return [(row["update_id"], row["lane"], row["body"]) for row in rows]

    def count(self) -> int:
        """Updates that were stored and not dealt with."""
        return int(next(iter(self._db.query("select count(*) as n from inbox where state = 'new'")))["n"])

    def forget_before(self, at: float) -> None:
        """Drop what was dealt with before this time."""
        self._db.execute("delete from inbox where state <> 'new' and done_at < ?", [at])
