"""What the emulated Telegram knows: people, chats, messages, files, polls, button presses and the bot's profile.

Messages are plain Bot API JSON and never change in place: an edit puts a new one where the old one was, so that a
message once given away (in an update, an answer, the call log) stays as it was. All of it lives in memory.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from .answers import Json


@dataclass(frozen=True)
class Person:
    """Somebody who can chat with the bot; `id` is the Telegram user id."""

    id: int
    name: str
    username: str = ""
    language_code: str = "en"
    last_name: str = ""

    def user(self) -> Json:
        """This person as a Bot API User."""
        return {"id": self.id, "is_bot": False, **self.names(), "language_code": self.language_code}

    def names(self) -> Json:
        """What this person is called, as the fields of a User or of a private Chat."""
        given = {"first_name": self.name, "last_name": self.last_name, "username": self.username}
        return {field: name for field, name in given.items() if name or field == "first_name"}


@dataclass(frozen=True)
class File:
    """An uploaded file. `kind` is what it was sent as: `photo`, `document`, `animation`, `sticker` or `voice`.

    `width` and `height` are in pixels, 0 for what cannot be seen; `seconds` is how long it plays.
    """

    kind: str
    id: str
    unique_id: str
    path: str
    name: str
    mime: str
    content: bytes = field(repr=False)
    width: int = 0
    height: int = 0
    seconds: int = 0

    def photo(self) -> list[Json]:
        """This picture as a message's `photo`: one size, the original."""
        return [self._common() | self._extent()]

    def document(self) -> Json:
        """This file as a message's `document`."""
        return self._common() | {"file_name": self.name, "mime_type": self.mime}

    def sticker(self, emoji: str) -> Json:
        """This picture as a message's `sticker`."""
        about = {"type": "regular", "is_animated": False, "is_video": False, "emoji": emoji}
        return self._common() | self._extent() | about

    def animation(self) -> Json:
        """This moving picture as a message's `animation`."""
        return self.document() | self._extent() | {"duration": self.seconds}

    def voice(self) -> Json:
        """This sound as a message's `voice`."""
        return self._common() | {"duration": self.seconds, "mime_type": self.mime}

    def file(self) -> Json:
        """This file as getFile answers it."""
        return self._common() | {"file_path": self.path}

    def _extent(self) -> Json:
        return {"width": self.width, "height": self.height}

    def _common(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}


@dataclass
class Chat:
    """A private chat or a group, its messages by id, oldest first.

    `administrator` says whether the bot is an administrator of a group and gets all messages, or a plain member (see
    `privacy`).
    `met` says that the bot may write here: in private only after the person wrote first. `seen` is the newest message
    id the bot has fetched; `keyboard` the reply keyboard; `topics` the thread ids of a forum; `reactions` the bot's
    emoji by message id.
    """

    id: int
    type: str
    title: str = ""
    met: bool = False
    administrator: bool = True
    blocked: bool = False
    moved_to: int | None = None
    seen: int = 0
    keyboard: Json | None = None
    members: dict[int, str] = field(default_factory=dict)
    topics: set[int] = field(default_factory=set)
    messages: dict[int, Json] = field(default_factory=dict)
    reactions: dict[int, str] = field(default_factory=dict)


@dataclass
class Press:
    """A pressed button; `answer` is {text, show_alert, url} once the bot `answered`."""

    id: str
    user: int
    chat: int
    message: int
    at: float
    answer: Json | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Ballot:
    """The votes of one poll: who chose which options."""

    chat: int
    message: int
    votes: dict[int, list[int]] = field(default_factory=dict)


@dataclass
class Profile:
    """What the bot registered about itself, by language code (commands by scope and language code)."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)


class State:
    """Everything the server remembers. `tell` hears of every change, as an event for the chat page."""

    def __init__(
        self,
        bot_name: str,
        bot_username: str,
        people: Iterable[Person],
        met: Iterable[Person],
        clock: Callable[[], float],
        tell: Callable[[Json], None],
    ) -> None:
        self.bot_id = 0
        self.bot_name = bot_name
        self.bot_username = bot_username
        self.profile = Profile()
        self.clock = clock
        self._tell = tell
        self._met = tuple(met)
        self._first_people = (*people, *self._met)
        # Ids go on from the time of the start: what a bot remembers from an earlier start then never meets a
        # stranger's message under the same id.
        self._message_ids = itertools.count(int(1000 * (clock() - 1_600_000_000)))
        self._own_message_ids: dict[int, Iterator[int]] = {}
        self.clear()

    def clear(self) -> None:
        """Forgets everything but what the bot registered about itself and the people of the start."""
        self.people = {person.id: person for person in self._first_people}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.presses: dict[str, Press] = {}
        self.ballots: dict[str, Ballot] = {}
        for person in self._met:
            self.chat(person.id).met = True

    def now(self) -> int:
        """The time in whole seconds since 1970, as messages carry it."""
        return int(self.clock())

    def tell(self, kind: str, chat: int | None = None, **details: object) -> None:
        """Tells the chat page what happened."""
        self._tell({"type": kind, "chat": chat, **details})

    # People and chats

    def bot_user(self) -> Json:
        """The bot as a User."""
        name = self.profile.names.get("", self.bot_name)
        return {"id": self.bot_id, "is_bot": True, "first_name": name, "username": self.bot_username}

    def user(self, user_id: int) -> Json | None:
        """A person or the bot as a User, None for a stranger."""
        if user_id == self.bot_id:
            return self.bot_user()
        person = self.people.get(user_id)
        return person.user() if person else None

    def add_person(self, person: Person) -> Person:
        """Adds a person, or replaces the one with the same id."""
        self.people[person.id] = person
        self.tell("people")
        return person

    def chat(self, chat_id: int) -> Chat:
        """The chat with this id, made on demand: a positive id is a person's private chat, a negative one a group."""
        if chat_id not in self.chats:
            if chat_id > 0:
                chat = Chat(chat_id, "private", members={chat_id: "member"})
            else:
                kind = "supergroup" if str(chat_id).startswith("-100") else "group"
                chat = Chat(chat_id, kind, title=f"Group {abs(chat_id)}")
            self.chats[chat_id] = chat
        return self.chats[chat_id]

    def met_chat(self, chat_id: int) -> Chat | None:
        """A chat that the bot can know: it was written to there, or has met the person in a group."""
        chat = self.chats.get(chat_id)
        if chat and (chat.met or chat.moved_to):
            return chat
        seen = any(chat_id in group.members for group in self.chats.values() if group.id < 0 and group.met)
        return self.chat(chat_id) if seen and chat_id in self.people else None

    def chat_json(self, chat: Chat) -> Json:
        """The chat as a Bot API Chat."""
        if chat.type != "private":
            forum = {"is_forum": True} if chat.topics else {}
            return {"id": chat.id, "type": chat.type, "title": chat.title, **forum}
        return {"id": chat.id, "type": "private", **self.people[chat.id].names()}

    # Messages

    def post(self, chat: Chat, sender: Json, content: Json) -> Json:
        """Puts a new message at the end of a chat and gives it its id and date."""
        message = {
            "message_id": self._next_message_id(chat),
            "from": sender,
            "chat": self.chat_json(chat),
            "date": self.now(),
            **content,
        }
        chat.messages[message["message_id"]] = message
        self.tell("new", chat.id, message=message)
        return message

    def replace(self, chat: Chat, message: Json, *, edited: bool = True) -> Json:
        """Puts a changed message in its place; `edited` marks it as edited now."""
        changed = message | ({"edit_date": self.now()} if edited else {})
        chat.messages[message["message_id"]] = changed
        self.tell("edited", chat.id, message=changed)
        return changed

    def delete(self, chat: Chat, message_id: int) -> None:
        """Takes a message out of its chat."""
        del chat.messages[message_id]
        self.tell("deleted", chat.id, message_id=message_id)

    def _next_message_id(self, chat: Chat) -> int:
        """Supergroups count for themselves; all other chats of a bot share one counter, as in Telegram."""
        if chat.type != "supergroup":
            return next(self._message_ids)
        return next(self._own_message_ids.setdefault(chat.id, itertools.count(1)))

    def migrate(self, chat: Chat) -> Chat:
        """Turns a group into a supergroup with a new id and returns that."""
        new = Chat(-1_000_000_000_000 - abs(chat.id), "supergroup", chat.title, met=True, members=dict(chat.members))
        new.administrator = chat.administrator
        self.chats[new.id] = new
        chat.moved_to = new.id
        return new

    # Files

    def add_file(
        self, kind: str, name: str, mime: str, content: bytes, size: tuple[int, int] = (0, 0), seconds: int = 0
    ) -> File:
        """Keeps an upload; `kind` is what it was sent as, `size` its width and height."""
        number = len(self.files) + 1
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        file = File(
            kind=kind,
            id=f"{kind[:3].upper()}{number}-{secrets.token_urlsafe(24)}",
            unique_id=secrets.token_urlsafe(9),
            path=f"{kind}s/file_{number}.{suffix}",
            name=name,
            mime=mime,
            content=content,
            width=size[0],
            height=size[1],
            seconds=seconds,
        )
        self.files[file.id] = file
        return file

    def file_at(self, path: str) -> File | None:
        """The file with this `file_path`."""
        return next((file for file in self.files.values() if file.path == path), None)
