"""Formatted text: what Telegram accepts as text and entities, and what it makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram.constants import MessageEntityType, MessageLimit

from . import addresses, nesting
from .answers import Json
from .finding import find
from .refusals import bad_request
from .utf16 import joined, units

# Telegram finds these by itself in every text; given by a bot they are ignored.
FOUND = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
GIVEN = frozenset(str(kind) for kind in MessageEntityType) - FOUND
EXTRA_FIELDS = {
    "text_link": "url",
    "text_mention": "user",
    "pre": "language",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}

# Control characters become spaces, only the line feed survives. Carriage returns disappear, and so do separators and
# marks of direction that would reach into the text around, and lines that would cross it.
SPACED = {code: " " for code in range(32) if chr(code) not in "\n\r"}
REMOVED = frozenset("\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a")


@dataclass(frozen=True)
class Formatted:
    """A text with its entities, sorted by place, the enclosing ones first."""

    text: str
    entities: tuple[Json, ...] = ()


def accept(text: str, entities: Sequence[Json] = ()) -> Formatted:
    """Cleans and trims a text as Telegram does, keeps the entities in step, and adds what Telegram finds itself.

    Raises Refused for an entity of an unknown type, without its fields, or outside of the text.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    raw = units(text)
    given = [entity for entity in (_checked(entity, raw) for entity in entities) if entity["type"] in GIVEN]
    clean, given = _cleaned(raw, nesting.settled(given))
    clean, given = _trimmed(clean, nesting.settled(nesting.without_spaces(given, clean)))
    settled = nesting.without_spaces(nesting.settled(given, find(clean)), clean)
    return Formatted(joined(clean), tuple(settled[: MessageLimit.MESSAGE_ENTITIES]))


def _checked(entity: Json, text: str) -> Json:
    """The entity with the fields Telegram keeps; `text` is in code units, to see that both ends are inside."""
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind, offset, length = str(entity.get("type")), entity.get("offset"), entity.get("length")
    if kind not in GIVEN | FOUND:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if type(offset) is not int or type(length) is not int:  # True is none
        raise bad_request('can\'t parse MessageEntity: Field "offset" must be of type Number')
    if offset < 0 or length < 0:
        raise bad_request(f"entity beginning at UTF-16 offset {offset} has an invalid length {length}")
    if offset > len(text) or (offset == len(text) and length > 0):
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    end = offset + length
    if end > len(text):
        beginning = f"entity beginning at UTF-16 offset {offset}"
        raise bad_request(f"{beginning} ends after the end of the text at UTF-16 offset {end}")
    for place, edge in (("begins", offset), ("ends", end)):
        if "\udc00" <= text[edge : edge + 1] <= "\udfff":
            raise bad_request(f"entity {place} in a middle of a UTF-16 symbol at UTF-16 offset {edge}")
    kept = {"type": kind, "offset": offset, "length": length}
    return kept | _extra_field(entity)


def _extra_field(entity: Json) -> Json:
    field = EXTRA_FIELDS.get(entity["type"])
    if field is None:
        return {}
    value = entity.get(field)
    if value is None and field != "language":
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{field}\"")
    if field == "url":
        return {"url": _address(str(value))}
    if field == "unix_time":
        return _moment(value, entity.get("date_time_format") or "")
    return {field: value} if value else {}


def _address(url: str) -> str:
    try:
        return addresses.checked(url)
    except addresses.BadAddress as reason:
        raise bad_request(f"entity URL '{url}' is invalid: {reason}") from None


def _moment(unix_time: Any, form: Any) -> Json:
    """The fields of a date and time. Telegram keeps the time in 32 bits."""
    if type(unix_time) is not int:  # True is none
        raise bad_request('can\'t parse MessageEntity: Field "unix_time" must be of type Number')
    if not 0 < unix_time < 2**31:
        raise bad_request("invalid date specified")
    if not isinstance(form, str):
        raise bad_request('can\'t parse MessageEntity: Field "date_time_format" must be of type String')
    return {"unix_time": unix_time} | ({"date_time_format": _moment_format(form)} if form else {})


def _moment_format(form: str) -> str:
    """A format as Telegram keeps it: relative alone, or day of the week, date and time, each once, in any order."""
    if form.lower() == "r":
        return "r"
    small = form.lower()
    if set(small) <= set("wdt") and len(set(small)) == len(small):
        parts = {part.lower(): part for part in form}
        return "".join(parts[name] for name in "wdt" if name in parts).replace("W", "w")
    raise bad_request("invalid date format used")


def _cleaned(text: str, entities: Sequence[Json]) -> tuple[str, list[Json]]:
    """The text without what Telegram removes, and the entities moved along."""
    removed = [at for at, unit in enumerate(text) if unit in REMOVED]
    moved = []
    for entity in entities:
        start = entity["offset"] - sum(at < entity["offset"] for at in removed)
        last = nesting.end(entity) - sum(at < nesting.end(entity) for at in removed)
        moved.append(entity | {"offset": start, "length": last - start})
    kept = "".join(unit for unit in text if unit not in REMOVED) if removed else text
    return kept.translate(SPACED), moved


def _trimmed(text: str, entities: Sequence[Json]) -> tuple[str, list[Json]]:
    """Cuts spaces and line feeds at the end, and at the start as far as no entity begins there."""
    text = text.rstrip(nesting.SPACES)
    first = min((entity["offset"] for entity in entities), default=len(text))
    shift = min(len(text) - len(text.lstrip(nesting.SPACES)), first)
    text = text[shift:]
    moved = []
    for entity in entities:
        offset = entity["offset"] - shift
        moved.append(entity | {"offset": offset, "length": min(entity["length"], len(text) - offset)})
    return text, moved
