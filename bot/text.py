"""Rich text as Telegram has it: plain text and entities, with offsets in UTF-16 units. Nothing is ever escaped, so
nothing can be forgotten.

Built from parts: `text("Hello, ", bold(name), "!")`. Text from people is a plain `str` part and stays plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from markdown_it import MarkdownIt
from telegramify_markdown import RenderConfig, convert

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
class Entity:
    """One formatted stretch; `offset` and `length` in UTF-16 units."""

    type: str
    offset: int
    length: int
    language: str | None = None
    url: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None


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
    return styled(part, "text_link", url=url)


def moment(at: float, zone: tzinfo = UTC, format: str = "wDt") -> Text:
    """A point in time. Telegram's apps show it in the reader's own time zone, as `format` says (Bot API: date-time
    entity formatting); older ones show the text, which is in `zone` and names it."""
    local = datetime.fromtimestamp(at, zone)
    plain = f"{local:%A, %-d %B %Y, %H:%M} ({local.tzname()})"
    return Text(plain, (Entity("date_time", 0, units(plain), unix_time=int(at), date_time_format=format),))


def _config() -> RenderConfig:
    config = RenderConfig.isolated()
    symbols = config.markdown_symbol
    for level in range(1, 7):
        setattr(symbols, f"heading_level_{level}", "")
    symbols.unordered_list_item, symbols.link, symbols.image = "•", "", ""
    config.cite_expandable = False
    return config


_CONFIG = _config()


@lru_cache(maxsize=1024)
def markdown(source: str) -> Text:
    """Markdown of a course (never of a person) as text and entities. Cached: lessons are read again and again."""
    plain, entities = convert(source, latex_escape=False, config=_CONFIG)
    kept = sorted(entities, key=lambda e: (e.offset, -e.length))
    return Text(plain, tuple(Entity(e.type, e.offset, e.length, e.language, e.url) for e in kept))


class BlockTooLong(ValueError):
    """One block of Markdown alone does not fit a message."""


@lru_cache(maxsize=1024)
def pages(source: str, limit: int = MESSAGE_UNITS) -> tuple[Text, ...]:
    """Markdown cut into pages of at most `limit` units and 100 entities, between top-level blocks only: a code fence
    stays whole.

    Raises BlockTooLong when a single block does not fit.
    """
    cut: list[Text] = []
    held: list[str] = []
    for block in _blocks(source):
        grown = markdown("\n".join([*held, block]))
        if held and not _fits(grown, limit):
            cut.append(markdown("\n".join(held)))
            held, grown = [], markdown(block)
        if not _fits(grown, limit):
            raise BlockTooLong(f"a block of {grown.units} units begins {block.strip()[:40]!r}; a page holds {limit}")
        held.append(block)
    return (*cut, markdown("\n".join(held))) if held else tuple(cut)


def _fits(page: Text, limit: int) -> bool:
    return page.units <= limit and len(page.entities) <= MESSAGE_ENTITIES


def _blocks(source: str) -> Sequence[str]:
    """Top-level blocks with the blank lines that follow them."""
    rows = source.split("\n")
    starts = [t.map[0] for t in MarkdownIt("commonmark").enable("table").parse(source) if t.level == 0 and t.map]
    starts = sorted(set(starts))
    return ["\n".join(rows[a:b]) for a, b in zip(starts, [*starts[1:], len(rows)], strict=True)]
