from __future__ import annotations

from sqlite_utils import Database

from bot.domain.ids import LearnerId


class MenusTable:
    """Chats in which Telegram offers the commands for instructors."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> set[LearnerId]:
        return {row["chat"] for row in self._db.query("select chat from menus")}

    def put(self, chat: int) -> None:
        self._db.execute("insert or ignore into menus(chat) values(?)", [chat])

    def remove(self, chat: int) -> None:
        self._db.execute("delete from menus where chat = ?", [chat])
