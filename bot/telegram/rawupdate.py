"""An update as Telegram sent it: a JSON text, and what can be said of it without reading the whole.

Nothing here trusts the text. What it holds may be of any type, of any size, or missing.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from telegram import Bot, Chat, Update

from bot.telegram.incoming import Incoming, read

KINDS = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
"""What the bot asks Telegram for."""
LARGEST_ID = 2**52
"""The Bot API promises that its numbers have at most 52 significant bits."""
LARGEST_INTEGER = 2**63 - 1
"""SQLite's."""
OBJECT = re.compile(r"\s*\{")
UPDATE_ID = re.compile(r'"update_id"\s*:\s*(\d{1,16})(?![\d.eE])')
HALF_PAIR = re.compile("[\ud800-\udfff]")


class NoObject(ValueError):
    """The text is no JSON object."""


class Unreadable(Exception):
    """The update has a form that the bot cannot read. The text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """One update. `chat` and `query` are for an apology when it cannot be handled."""

    id: int
    """Telegram's own. Negative when the update has none that can be used: then it stands for the text."""
    lane: int
    """The person's id, else the chat's, else 0: updates of one lane are handled in order."""
    body: str
    """The JSON text."""
    content: dict[str, Any] | None
    """What the text says; None when Python cannot hold it."""

    @property
    def kind(self) -> str:
        """Telegram's word for what it brings; `other` for what the bot does not ask for."""
        return next((kind for kind in KINDS if kind in (self.content or {})), "other")

    @property
    def chat(self) -> int | None:
        """The private chat in which a person wrote or pressed something."""
        part = self._part(Update.MESSAGE) or self._part(Update.CALLBACK_QUERY)
        chat = part.get("chat") or _mapping(part.get("message")).get("chat")
        return _integer(_mapping(chat).get("id")) if _mapping(chat).get("type") == Chat.PRIVATE else None

    @property
    def query(self) -> str | None:
        """Id of the press."""
        id = self._part(Update.CALLBACK_QUERY).get("id")
        return id if isinstance(id, str) and id.isascii() else None

    def _part(self, kind: str) -> dict[str, Any]:
        return _mapping((self.content or {}).get(kind))


def received(body: str) -> RawUpdate:
    """The update of which this is the text. Raises NoObject."""
    try:
        content = json.loads(body)
    except json.JSONDecodeError as error:
        raise NoObject(str(error)) from None
    except (ValueError, RecursionError):  # a number of thousands of digits; nested too deep
        if not OBJECT.match(body):
            raise NoObject("it is an array") from None
        return RawUpdate(_id_in(body), 0, body, None)
    if not isinstance(content, dict):
        raise NoObject(f"it is of the type {type(content).__name__}")
    id = _integer(content.get("update_id"))
    return RawUpdate(id if id is not None and 0 < id < LARGEST_ID else _id_of(body), _lane(content), body, content)


def salvaged(body: str) -> RawUpdate:
    """The same for any text; one that is no JSON object has no content."""
    try:
        return received(body)
    except NoObject:
        return RawUpdate(_id_in(body), 0, body, None)


def incoming(update: RawUpdate, bot: Bot | None) -> Incoming | None:
    """What an update says. None when nobody addresses the bot in it. Raises Unreadable."""
    if update.content is None:
        raise Unreadable("its JSON cannot be read")
    if update.id < 0:
        raise Unreadable("it has no update_id that can be used")
    if update.kind == "other":
        return None
    try:
        came = read(Update.de_json(_whole(update), bot))
    except Exception as error:  # the library checks nothing, and so may raise anything
        raise Unreadable(f"the library cannot read it: {error!r}") from error
    for name, hint in _hints(Incoming).items():
        if came and not _fits(getattr(came, name), hint):
            raise Unreadable(f"its {name} is of a wrong type or too large")
    return came


def _lane(content: dict[str, Any]) -> int:
    for part in filter(None, map(_mapping, content.values())):
        message = _mapping(part.get("message"))
        for who in (part.get("from"), part.get("user"), part.get("chat"), message.get("chat")):
            if (id := _integer(_mapping(who).get("id"))) is not None:
                return id
    return 0


def _id_in(body: str) -> int:
    """The id of a text that cannot be read as JSON."""
    found = UPDATE_ID.search(body)
    return int(found[1]) if found and 0 < int(found[1]) < LARGEST_ID else _id_of(body)


def _id_of(body: str) -> int:
    """A negative number, always the same for the same text."""
    return -1 - int.from_bytes(hashlib.sha256(body.encode("utf-8", "replace")).digest()[:6])


def _whole(update: RawUpdate) -> dict[str, Any]:
    """The content, with U+FFFD in the place of halves of surrogate pairs: they can be neither stored nor sent."""
    assert update.content is not None
    return _mended(update.content) if "\\u" in update.body else update.content


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return HALF_PAIR.sub("\ufffd", value)
    if isinstance(value, list):
        return [_mended(one) for one in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(one) for name, one in value.items()}
    return value


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _integer(value: Any) -> int | None:
    """The value if it is a whole number that SQLite can hold."""
    return value if type(value) is int and -LARGEST_INTEGER <= value <= LARGEST_INTEGER else None


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is what the hint says. The library hands on whatever type came."""
    if isinstance(hint, NewType):  # a kind of id
        return _fits(value, hint.__supertype__)
    if get_origin(hint) in (Union, UnionType):
        return any(_fits(value, one) for one in get_args(hint))
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(_fits(one, get_args(hint)[0]) for one in value)
    if is_dataclass(hint):
        kinds = _hints(hint) if isinstance(hint, type) else {}
        return type(value) is hint and all(_fits(getattr(value, name), one) for name, one in kinds.items())
    if isinstance(hint, type) and issubclass(hint, Enum):
        return isinstance(value, hint)
    return _integer(value) is not None if hint is int else type(value) is hint
