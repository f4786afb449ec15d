"""What an update says, as a value: handlers never see the library's objects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from telegram import Chat, Message, Update, User

from bot.domain import names
from bot.domain.ids import LearnerId
from bot.domain.messages import Entity
from bot.domain.snippets import Snippet, find

COMMAND = re.compile(r"/(\w{1,64})(?:@(\w{3,32}))?(?![\w/<>])", re.ASCII)
"""As Telegram finds commands in a text."""


class Content(StrEnum):
    """What a message brings."""

    NONE = "none"
    """The update is no message: a press, or news about the bot's place in a chat."""
    TEXT = "text"
    FILE = "file"
    PHOTO = "photo"
    OTHER = "other"
    """Something that a person sent and the bot cannot read: a sticker, a voice message, a place, a poll."""
    SERVICE = "service"
    """A notice of Telegram's own: a pin, a timer, a new background. No person wrote it."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A document or a photo that came with a message; its content is fetched before the turn. A photo has no name."""

    id: str
    name: str
    size: int
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update: a message, a press, or news about the bot's place in a chat."""

    update: int
    chat: int
    private: bool
    learner: LearnerId
    name: str
    username: str | None = None
    language: str | None = None
    message: int = 0
    """The learner's own message; 0 for a press."""
    content: Content = Content.TEXT
    edited: bool = False
    """The message was sent before, and its text is new."""
    topic: int | None = None
    """The topic of a forum that the message stands in."""
    album: str | None = None
    """Several messages that were sent as one have this in common."""
    text: str = ""
    entities: tuple[Entity, ...] = ()
    """What of the text is formatted: code, bold and the like."""
    sent_at: float = 0.0
    """When the message was sent (not when it was edited), as Telegram has it: in whole seconds."""
    file: SentFile | None = None
    query: str | None = None
    """Id of the press, to be answered."""
    data: str = ""
    blocked: bool | None = None
    """The learner has just blocked (True) or unblocked (False) the bot."""

    @property
    def command(self) -> str | None:
        """The command that the text begins with, in small letters, without its slash."""
        found = COMMAND.match(self.text) if self.content is Content.TEXT else None
        return found[1].lower() if found else None

    @property
    def addressee(self) -> str | None:
        """The bot that the command names, as in `/help@some_bot`."""
        found = COMMAND.match(self.text)
        return found[2] if found else None

    @property
    def code(self) -> Snippet | None:
        """The Python in the text, if there is any."""
        return find(self.text, self.entities)

    @property
    def arguments(self) -> list[str]:
        """Words behind a command."""
        return self.text.split()[1:]


def read(update: Update) -> Incoming | None:
    """None for updates in which nobody addresses the bot (channel posts and the like)."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None:
        return None
    message = update.message or update.edited_message
    query = update.callback_query
    return Incoming(
        update=update.update_id,
        chat=chat.id,
        private=chat.type == Chat.PRIVATE,
        learner=LearnerId(user.id),
        name=_name(user),
        username=user.username,
        language=user.language_code,
        message=message.message_id if message else 0,
        content=_content(message),
        edited=update.edited_message is not None,
        topic=message.message_thread_id if message and message.is_topic_message else None,
        album=message.media_group_id if message else None,
        text=(message.text or message.caption or "") if message else "",
        entities=_entities(message) if message else (),
        sent_at=message.date.timestamp() if message else 0.0,
        file=_file(message) if message else None,
        query=query.id if query else None,
        data=(query.data or "") if query else "",
        blocked=_blocked(update),
    )


BROUGHT_BY_PEOPLE = (
    "animation", "audio", "checklist", "contact", "dice", "game", "invoice", "location", "paid_media", "poll",
    "sticker", "story", "venue", "video", "video_note", "voice",
)  # fmt: skip
"""Fields of Telegram's Message that hold what a person sends, besides text, files and photos."""


def _content(message: Message | None) -> Content:
    """What a message brings. What is neither text nor named here is a notice of Telegram's own."""
    if message is None:
        return Content.NONE
    if message.document and not message.animation:
        return Content.FILE
    if message.photo:
        return Content.PHOTO
    if message.text:
        return Content.TEXT
    return Content.OTHER if any(getattr(message, field) for field in BROUGHT_BY_PEOPLE) else Content.SERVICE


def _name(user: User) -> str:
    """The name as Telegram shows it, or what else there is; never empty."""
    return names.shown(user.first_name, user.last_name, user.username, user.id)


def _entities(message: Message) -> tuple[Entity, ...]:
    given = message.entities if message.text else message.caption_entities
    return tuple(Entity(str(entity.type), entity.offset, entity.length, entity.language) for entity in given)


def _file(message: Message) -> SentFile | None:
    """The document, or the photo in its largest size."""
    document = message.document
    if document:
        return SentFile(document.file_id, document.file_name or "", document.file_size or 0)
    photo = max(message.photo, key=lambda size: size.width * size.height, default=None)
    return SentFile(photo.file_id, "", photo.file_size or 0) if photo else None


def _blocked(update: Update) -> bool | None:
    change = update.my_chat_member
    return change.new_chat_member.status in ("kicked", "left") if change else None
