"""Rich text as Telegram has it: plain text and entities, with offsets in UTF-16 units. Nothing is ever escaped, so
nothing can be forgotten.

Built from parts: `text("Hello, ", bold(name), "!")`. Text from people is a plain `str` part and stays plain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from bot.domain.messages import Entity

MESSAGE_UNITS = 4096
"""Telegram: longest text of a message, in UTF-16 units."""


CAPTION_UNITS = 1024
"""Telegram: longest caption of a picture or document, in UTF-16 units."""


MESSAGE_ENTITIES = 100
"""Telegram ignores entities beyond these."""


def units(plain: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(plain) if plain.isascii() else len(plain.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Text:
    plain: str = ""
    entities: tuple[Entity, ...] = ()

    def __add__(self, other: Text | str) -> Text:
        return text(self, other)

    def __bool__(self) -> bool:
        return bool(self.plain)

    @property
    def units(self) -> int:
        return units(self.plain)

    def between(self, start: int, end: int) -> Text:
        """The part from unit `start` to unit `end`, with what formats it."""
        raw = self.plain.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end]
        kept = []
        for entity in self.entities:
            first, last = max(entity.offset, start), min(entity.offset + entity.length, end)
            if first < last:
                kept.append(replace(entity, offset=first - start, length=last - first))
        return Text(raw.decode("utf-16-le", "surrogatepass"), tuple(kept))

    def clipped(self, limit: int) -> Text:
        """At most `limit` units; what is cut ends in an ellipsis, and entities end with the text."""
        if self.units <= limit:
            return self
        raw = self.plain.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)]
        plain = raw.decode("utf-16-le", "ignore").rstrip() + "…"
        end = units(plain)
        kept = (replace(e, length=min(e.length, end - e.offset)) for e in self.entities if e.offset < end)
        return Text(plain, tuple(kept))


Part = str | Text


def text(*parts: Part) -> Text:
    """The parts one after the other."""
    plain: list[str] = []
    entities: list[Entity] = []
    offset = 0
    for part in parts:
        if isinstance(part, Text):
            entities += (replace(e, offset=e.offset + offset) for e in part.entities)
            part = part.plain
        plain.append(part)
        offset += units(part)
    return Text("".join(plain), tuple(entities))


def join(separator: str, parts: Iterable[Part]) -> Text:
    """The parts that are not empty, with `separator` between them."""
    woven: list[Part] = []
    for part in parts:
        if part:
            woven += [separator, part] if woven else [part]
    return text(*woven)


def lines(*parts: Part) -> Text:
    return join("\n", parts)


def paragraphs(*parts: Part) -> Text:
    return join("\n\n", parts)


def styled(part: Part, type: str, language: str | None = None, url: str | None = None) -> Text:
    inner = part if isinstance(part, Text) else Text(part)
    if not inner:
        return inner
    return Text(inner.plain, (Entity(type, 0, inner.units, language, url), *inner.entities))


def bold(part: Part) -> Text:
    return styled(part, "bold")


def italic(part: Part) -> Text:
    return styled(part, "italic")


def code(plain: str) -> Text:
    """Inline monospace; a tap copies it."""
    return styled(plain, "code")


def pre(plain: str, language: str | None = None) -> Text:
    """A code block with its language; Telegram draws a copy button on it."""
    return styled(plain.strip("\n"), "pre", language)


def quote(part: Part, expandable: bool = False) -> Text:
    return styled(part, "expandable_blockquote" if expandable else "blockquote")


def link(part: Part, url: str) -> Text:
    """A link; where Telegram does not take the address, the address as code, which a tap copies."""
    if linkable(url):
        return styled(part, "text_link", url=url)
    return code(url) if part == url else text(part, " (", code(url), ")")


def moment(at: float, zone: tzinfo = UTC, format: str = "wDt") -> Text:
    """A point in time. Telegram's apps show it in the reader's own time zone, as `format` says (Bot API: date-time
    entity formatting); older ones show the text, which is in `zone` and names it."""
    local = datetime.fromtimestamp(at, zone)
    plain = f"{local:%A, %-d %B %Y, %H:%M} ({local.tzname()})"
    return Text(plain, (Entity("date_time", 0, units(plain), unix_time=int(at), date_time_format=format),))


_SCHEME = re.compile(r"(?P<scheme>https?|tg)://(?P<rest>\S+)", re.IGNORECASE)


_HOST = re.compile(r"(?:[^\s/?#@]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]]+)(?P<port>:\d{1,5})?(?=[/?#]|$)")


def linkable(url: str) -> bool:
    """Whether Telegram takes this address in a link and it leads somewhere: a full web address whose host has a dot (or
    is of IPv6), or one of Telegram's own (`tg:`). Anything else makes Telegram refuse the whole message, or becomes
    the address of a host that does not exist.
    """
    address = _SCHEME.fullmatch(url)
    found = _HOST.match(address["rest"]) if address else None
    if not address or not found or any(ord(letter) < 33 for letter in url):
        return False
    if address["scheme"].lower() == "tg":
        return not found["port"] and re.fullmatch(r"[\w-]+", found["host"], re.ASCII) is not None
    host = found["host"]
    return host.startswith("[") or ("." in host and not host.startswith(".") and ".." not in host)
