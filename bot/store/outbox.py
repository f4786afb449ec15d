"""Messages to be delivered, and messages that stand in chats. The column `at` of both tables is the message's key."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from bot.domain.learning import SectionEnd
from bot.domain.messages import Attachment, Key, Mode, Outgoing, Post
from bot.store.news import News
from bot.store.reading import ReadingTable


class OutboxTable:
    def __init__(self, db: Database, news: News, reading: ReadingTable) -> None:
        self._db = db
        self._news = news
        self._reading = reading

    def add(self, message: Outgoing, at: float, reads: SectionEnd | None = None) -> None:
        """Stores a message, to be delivered after the commit. With `reads`, that section counts as read on delivery."""
        self._news.chats.add(message.chat)
        body = asdict(message) | {"reads": reads}
        attachment = body.pop("attachment")
        if attachment:
            body["attachment"] = {"name": attachment["name"], "picture": attachment["picture"]}
        self._db.execute(
            "insert into outbox(chat, at, mode, body, attachment, created_at) values(?, ?, ?, ?, ?, ?)",
            [
                message.chat,
                message.key,
                message.mode,
                json.dumps(body),
                message.attachment.content if message.attachment else None,
                at,
            ],
        )

    def next(self, chat: int) -> Outgoing | None:
        """The oldest message that waits for this chat."""
        rows = self._db.query("select * from outbox where chat = ? order by id limit 1", [chat])
        return next((_outgoing(row) for row in rows), None)

    def first(self, chat: int) -> tuple[int, str] | None:
        """Id and key of the chat's oldest message, which need not be readable."""
        rows = self._db.query("select id, at from outbox where chat = ? order by id limit 1", [chat])
        return next(((row["id"], row["at"]) for row in rows), None)

    def chats(self) -> list[int]:
        """Chats for which messages wait."""
        return [row["chat"] for row in self._db.query("select distinct chat from outbox")]

    def count(self) -> int:
        return int(next(iter(self._db.query("select count(*) as n from outbox")))["n"])

    def oldest(self) -> float | None:
        """When the message that has waited longest was written; None when none waits."""
        rows = self._db.query("select created_at from outbox order by id limit 1")
        return next((row["created_at"] for row in rows), None)

    def holds(self, chat: int, key: str) -> bool:
        """Whether a message with this key waits for this chat."""
        return any(self._db.query("select 1 from outbox where chat = ? and at = ? limit 1", [chat, key]))

    def delivered(self, id: int, at: float) -> None:
        """Deletes a message that Telegram has accepted. The section that it completes counts as read."""
        for row in self._db.query("select chat, body ->> 'reads' as reads from outbox where id = ?", [id]):
            if row["reads"]:
                lesson, section = json.loads(row["reads"])
                self._reading.finish_section(row["chat"], lesson, section, at)
        self.drop(id)

    def drop(self, id: int) -> None:
        """Deletes a message that waits."""
        self._db.execute("delete from outbox where id = ?", [id])

    def clear(self, chat: int) -> None:
        self._db.execute("delete from outbox where chat = ?", [chat])


class PostsTable:
    """Messages of ours that can be edited, and the last message of each chat."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, chat: int, key: str) -> Post | None:
        rows = self._db.query("select * from posts where chat = ? and at = ?", [chat, key])
        return next((_post(row) for row in rows), None)

    def put(self, post: Post) -> None:
        self._db.execute(
            "insert into posts(chat, at, message, pictured, keyed) values(?, ?, ?, ?, ?) on conflict do update"
            " set message = excluded.message, pictured = excluded.pictured, keyed = excluded.keyed",
            [post.chat, post.key, post.message, post.pictured, post.keyed],
        )

    def last_message(self, chat: int) -> int:
        """Id of the newest message known in this chat, whoever wrote it; 0 when there is none."""
        rows = self._db.query("select last_message from chats where id = ?", [chat])
        return next((row["last_message"] for row in rows), 0)

    def saw(self, chat: int, message: int) -> None:
        self._db.execute(
            "insert into chats(id, last_message) values(?, ?) on conflict do update"
            " set last_message = max(last_message, excluded.last_message)",
            [chat, message],
        )


def _outgoing(row: dict[str, Any]) -> Outgoing:
    body = json.loads(row["body"])
    attachment = body.get("attachment")
    return Outgoing(
        chat=row["chat"],
        text=body["text"],
        entities=tuple(body["entities"]),
        keyboard=tuple(tuple(Key(**key) for key in line) for line in body["keyboard"]),
        attachment=Attachment(attachment["name"], row["attachment"], attachment["picture"]) if attachment else None,
        key=row["at"],
        mode=Mode(row["mode"]),
        topic=body.get("topic"),
        id=row["id"],
    )


def _post(row: dict[str, Any]) -> Post:
    return Post(row["chat"], row["at"], row["message"], bool(row["pictured"]), bool(row["keyed"]))
