"""When the operator was last alerted to each kind of trouble."""

from __future__ import annotations

from sqlite_utils import Database


class AlertsTable:
    def __init__(self, db: Database) -> None:
        self._db = db

    def raise_(self, kind: str, at: float, quiet: float) -> bool:
        """Stores that the operator is alerted now. Returns False when the last alert of this kind is less than `quiet`
        seconds old."""
        cursor = self._db.execute(
            "insert into alerts(kind, raised_at) values(:kind, :at) on conflict(kind) do update"
            " set raised_at = :at where raised_at <= :at - :quiet",
            {"kind": kind, "at": at, "quiet": quiet},
        )
        return cursor.rowcount == 1
