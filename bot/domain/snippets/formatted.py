"""A message's entities, as far as they say something about code. Offsets count UTF-16 units, as Telegram's do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.messages import Entity
from bot.domain.snippets import fences

MARKS = {"italic": "__", "underline": "__", "bold": "**", "strikethrough": "~~", "spoiler": "||"}
"""What apps took away when they made formatted text of it: of `__init__` the word in italics is left."""


def cut(text: str, start: int, end: int) -> str:
    raw = text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end]
    return raw.decode("utf-16-le", "replace")


def length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def blocks(text: str, entities: Sequence[Entity]) -> tuple[str, ...]:
    """Texts of the code blocks; those in another language only if there are no others."""
    found = [entity for entity in entities if entity.type == "pre"]
    ours = [entity for entity in found if fences.is_python(entity.language)]
    return tuple(_of(text, entity) for entity in ours or found)


def code_lines(text: str, entities: Iterable[Entity]) -> str | None:
    """The lines that are monospaced as a whole, if all that is not blank is so; else None."""
    code = sorted((entity for entity in entities if entity.type == "code"), key=lambda entity: entity.offset)
    at = 0
    between = []
    for entity in code:
        between.append(cut(text, at, entity.offset))
        at = entity.offset + entity.length
    between.append(cut(text, at, length(text)))
    if not code or any(part.strip() for part in between) or not all("\n" in part for part in between[1:-1]):
        return None
    return "".join(part + _of(text, entity) for part, entity in zip(between, code, strict=False)).strip("\n")


def restored(text: str, entities: Iterable[Entity]) -> str:
    """The text with the marks that the sender's app took away."""
    marks: list[tuple[int, int, str]] = []
    for place, entity in enumerate(entities):
        if mark := MARKS.get(entity.type):
            end = entity.offset + entity.length
            # Of two that begin together the longer one comes first, and ends last.
            marks += [(entity.offset, place, mark), (end, -place, mark)]
    parts, at = [], 0
    for where, _, mark in sorted(marks):
        parts += [cut(text, at, where), mark]
        at = where
    return "".join(parts) + cut(text, at, length(text))


def _of(text: str, entity: Entity) -> str:
    return cut(text, entity.offset, entity.offset + entity.length)
