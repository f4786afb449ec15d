from __future__ import annotations

from sqlite_utils import Database

from bot.domain.classes import Pulse


class PulsesTable:
    """Chats that are shown a class live."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, chat: int) -> Pulse | None:
        """The class that the chat is shown."""
        rows = self._db.query("select chat, cohort, until, shown from pulses where chat = ?", [chat])
        return next((Pulse(**row) for row in rows), None)

    def set(self, pulse: Pulse) -> None:
        self._db.execute(
            "insert into pulses values(?, ?, ?, ?) on conflict(chat) do update"
            " set cohort = excluded.cohort, until = excluded.until, shown = excluded.shown",
            [pulse.chat, pulse.cohort, pulse.until, pulse.shown],
        )

    def end(self, chat: int) -> bool:
        """False when the chat was shown no class."""
        return self._db.execute("delete from pulses where chat = ?", [chat]).rowcount == 1
