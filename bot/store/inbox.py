"""Updates as Telegram sent them."""

from __future__ import annotations

from sqlite_utils import Database

TRIES = 5
"""An update becomes a dead letter after this many attempts that did not finish."""


class InboxTable:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, update: int, lane: int, body: str, at: float) -> bool:
        """Stores an update. Returns False when it was stored before."""
        cursor = self._db.execute(
            "insert or ignore into inbox(update_id, lane, body, got_at) values(?, ?, ?, ?)", [update, lane, body, at]
        )
        return cursor.rowcount == 1

    def begin(self, update: int) -> bool:
        """Counts an attempt. Returns False when the update is done, or when its attempts are used up: then it becomes a
        dead letter."""
        rows = self._db.query(
            "update inbox set tries = tries + 1, state = iif(tries >= ?, 'dead', state)"
            " where update_id = ? and state = 'new' returning state",
            [TRIES, update],
        )
        return any(row["state"] == "new" for row in rows)

    def done(self, update: int, at: float) -> float | None:
        """Marks the update as done. Returns the time when it was stored; None when it never was."""
        rows = self._db.query(
            "update inbox set state = 'done', done_at = ? where update_id = ? returning got_at", [at, update]
        )
        return next((row["got_at"] for row in rows), None)

    def dead(self, update: int, error: str, at: float) -> None:
        self._db.execute(
            "update inbox set state = 'dead', error = ?, done_at = ? where update_id = ?", [error, at, update]
        )

    def waiting(self) -> list[tuple[int, int, str]]:
        """Id, lane and body of stored updates that are not done, oldest first."""
        rows = self._db.query("select update_id, lane, body from inbox where state = 'new' order by update_id")
        return [(row["update_id"], row["lane"], row["body"]) for row in rows]

    def count(self) -> int:
        """The number of stored updates that are not done."""
        return int(next(iter(self._db.query("select count(*) as n from inbox where state = 'new'")))["n"])

    def forget_before(self, at: float) -> None:
        """Deletes updates that were done, or became dead letters, before this time."""
        self._db.execute("delete from inbox where state <> 'new' and done_at < ?", [at])
