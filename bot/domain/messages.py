"""Messages on their way to a chat, messages that are there, and timers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Mode(StrEnum):
    """How an outgoing message meets what the chat already shows under the same key."""

    NEW = "new"
    """A new message."""
    FOLLOW = "follow"
    """Edit the message if it is the chat's last; otherwise a new one, and the old one's buttons go."""
    KEEP = "keep"
    """Edit the message wherever it stands; a new one only if it is gone."""


@dataclass(frozen=True, slots=True)
class Key:
    """A keyboard key as it travels: exactly one of data, url, copy is set."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture (PNG or JPEG) or a file of any kind that goes with a message."""

    name: str
    content: bytes
    picture: bool


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way to a chat. `entities` are dicts as the Bot API has them."""

    chat: int
    text: str
    entities: tuple[Mapping[str, object], ...] = ()
    keyboard: tuple[tuple[Key, ...], ...] = ()
    attachment: Attachment | None = None
    key: str = ""
    """Key of the message in its chat (`lesson`, `run:17`); empty for one that is never edited."""
    mode: Mode = Mode.NEW
    topic: int | None = None
    """The topic of a forum in which it stands; None for any other chat, and for a forum's general topic."""
    id: int = 0
    """Row of the outbox; 0 for a live frame, which may be lost."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: updates not dealt with, messages not delivered."""

    inbox: int
    outbox: int
    oldest: float | None = None
    """When the message that has waited longest was written; None when none waits."""

    def age(self, now: float) -> float:
        """Seconds that message has waited; 0 when none waits."""
        return max(0.0, now - self.oldest) if self.oldest is not None else 0.0


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to be done at `due_at`. `payload` is JSON's kind of values; kind and payload together are unique."""

    id: int
    kind: str
    payload: Mapping[str, object]
    due_at: float


@dataclass(frozen=True, slots=True)
class OpenPrompt:
    """What a person's next message answers. `payload` is JSON's kind of values."""

    kind: str
    payload: Mapping[str, object]
    at: float


@dataclass(frozen=True, slots=True)
class Post:
    """A message of ours in a chat, which may be edited."""

    chat: int
    key: str
    """As the outgoing message had it."""
    message: int
    pictured: bool
    keyed: bool = field(default=False)
    """True while it has buttons."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One formatted stretch; `offset` and `length` in UTF-16 units."""

    type: str
    offset: int
    length: int
    language: str | None = None
    url: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None
