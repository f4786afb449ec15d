"""Formatted text: what Telegram accepts as text and entities, and what it makes of them.

Offsets and lengths count UTF-16 code units, as everywhere in the Bot API.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from telegram.constants import MessageEntityType, MessageLimit

from .refusals import bad_request

Json = dict[str, Any]

# Telegram finds these by itself in every text; given by a bot they are ignored.
FOUND = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
GIVEN = frozenset(str(kind) for kind in MessageEntityType) - FOUND
CODE = frozenset({"code", "pre"})
EXTRA_FIELDS = {
    "text_link": "url",
    "text_mention": "user",
    "pre": "language",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}

# Relative; or the day of the week, the date and the time, in this order and each in one length.
DATE_TIME_FORMAT = re.compile("r|w?[dD]?[tT]?")

# Control characters become spaces, only the line feed survives; carriage returns disappear.
CONTROLS = {code: " " for code in range(32) if chr(code) != "\n"} | {ord("\r"): None}

PATTERNS = {
    "bot_command": re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    "url": re.compile(r"(?<![\w@.])(?:https?://[^\s<>\"]+|(?:www\.|t\.me/)[^\s<>\"]+)(?<![.,;:!?)'\]])"),
    "email": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w"),
    "mention": re.compile(r"(?<![\w/@.])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)"),
    "hashtag": re.compile(r"(?<![\w#&/])#(?=\w*[^\W\d])\w+"),
}


@dataclass(frozen=True)
class Formatted:
    """A text with its entities, sorted by place, the enclosing ones first."""

    text: str
    entities: tuple[Json, ...] = ()


def utf16_length(text: str) -> int:
    """Length of a text in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def accept(text: str, entities: Sequence[Json] = ()) -> Formatted:
    """Cleans and trims a text as Telegram does and keeps the entities in step.

    Raises Refused for an entity of an unknown type, without its fields, or outside of the text.
    """
    try:
        units = text.encode("utf-16-le")
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    given = [_checked(entity, units) for entity in entities]
    returns = [at for at in range(len(units) // 2) if units[2 * at : 2 * at + 2] == b"\r\x00"]
    given = [_without_units(entity, returns) for entity in given if entity["type"] in GIVEN]
    return _with_found(_trimmed(text.translate(CONTROLS), given))


def _checked(entity: Json, units: bytes) -> Json:
    """The entity with the fields Telegram keeps; `units` is the text in UTF-16, to see that both ends are inside."""
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind, offset, length = str(entity.get("type")), entity.get("offset"), entity.get("length")
    if kind not in GIVEN | FOUND:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request('can\'t parse MessageEntity: Field "offset" must be of type Number')
    size = len(units) // 2
    if offset < 0 or length < 0:
        raise bad_request(f"entity beginning at UTF-16 offset {offset} has an invalid length {length}")
    if offset > size or (offset == size and length > 0):
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    end = offset + length
    if end > size:
        beginning = f"entity beginning at UTF-16 offset {offset}"
        raise bad_request(f"{beginning} ends after the end of the text at UTF-16 offset {end}")
    for place, edge in (("begins", offset), ("ends", end)):
        if _splits_a_pair(units, edge):
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
    if field == "url" and not acceptable_url(str(value)):
        raise bad_request(f"entity URL '{value}' is invalid: Wrong HTTP URL")
    if field == "unix_time":
        return _moment(value, entity.get("date_time_format") or "")
    return {field: value} if value else {}


def _moment(unix_time: Any, form: Any) -> Json:
    """The fields of a date and time. Telegram keeps the time in 32 bits."""
    if type(unix_time) is not int:  # True is none
        raise bad_request('can\'t parse MessageEntity: Field "unix_time" must be of type Number')
    if not 0 < unix_time < 2**31:
        raise bad_request("invalid date specified")
    if not isinstance(form, str):
        raise bad_request('can\'t parse MessageEntity: Field "date_time_format" must be of type String')
    if not DATE_TIME_FORMAT.fullmatch(form):
        raise bad_request("invalid date format used")
    return {"unix_time": unix_time} | ({"date_time_format": form} if form else {})


def acceptable_url(url: str) -> bool:
    """Whether Telegram takes this address in a link or a button: http, https or tg, with a plausible host."""
    if re.match(r"(?:tg|ton|tonsite)://\S+$", url):
        return True
    match = re.match(r"(?:https?://)?([^\s/?#:@]+)(?::\d+)?(?:[/?#]\S*)?$", url)
    return match is not None and ("." in match[1] or match[1] == "localhost")


def _splits_a_pair(units: bytes, edge: int) -> bool:
    """Whether `edge` lies between the two halves of a character outside of the basic plane."""
    return 2 * edge < len(units) and 0xDC <= units[2 * edge + 1] <= 0xDF


def _without_units(entity: Json, removed: Sequence[int]) -> Json:
    """The entity after the code units at these places left the text."""
    offset, end = entity["offset"], entity["offset"] + entity["length"]
    start = offset - sum(at < offset for at in removed)
    return entity | {"offset": start, "length": end - sum(at < end for at in removed) - start}


def _trimmed(text: str, entities: list[Json]) -> Formatted:
    """Cuts spaces and line feeds at the end, and at the start as far as no entity begins there."""
    text = text.rstrip(" \n")
    first = min((entity["offset"] for entity in entities if entity["length"]), default=len(text))
    shift = min(len(text) - len(text.lstrip(" \n")), first)
    text = text[shift:]
    size = utf16_length(text)
    moved = []
    for entity in entities:
        offset = max(entity["offset"] - shift, 0)
        length = min(entity["length"], size - offset)
        if length > 0:
            moved.append(entity | {"offset": offset, "length": length})
    moved.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(text, tuple(_flat_code(moved))[: MessageLimit.MESSAGE_ENTITIES])


def _flat_code(entities: list[Json]) -> Iterator[Json]:
    """Nothing is formatted inside of code: what lies within it is dropped."""
    end_of_code = 0
    for entity in entities:
        if entity["offset"] >= end_of_code:
            yield entity
            if entity["type"] in CODE:
                end_of_code = entity["offset"] + entity["length"]


def _with_found(formatted: Formatted) -> Formatted:
    """Adds the commands, links and mentions that Telegram finds in plain text."""
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in formatted.entities
        if entity["type"] in CODE | {"text_link", "text_mention"}
    ]
    entities = list(formatted.entities)
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(formatted.text):
            start = utf16_length(formatted.text[: match.start()])
            end = start + utf16_length(match[0])
            if all(end <= first or start >= last for first, last in taken):
                taken.append((start, end))
                entities.append({"type": kind, "offset": start, "length": end - start})
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(formatted.text, tuple(entities[: MessageLimit.MESSAGE_ENTITIES]))
