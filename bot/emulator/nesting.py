"""How entities may be nested, and how Telegram changes those that break the rules.

Styles (bold and the like) overlap freely: they are cut at the edges of everything else. Code, moments, links and
mentions hold no other entity but styles, code and moments not even those; quotations hold all of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from .answers import Json

STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
BARE = frozenset({"pre", "code", "date_time"})
HIDING = BARE | {"text_link", "text_mention"}  # these may cover spaces only
# Of two entities at the same place the one named first goes around the other.
OUTER = ("blockquote", "expandable_blockquote", "pre", "code", "date_time", "text_link", "text_mention")
SPACES = " \n"


def end(entity: Json) -> int:
    """The place behind an entity."""
    return int(entity["offset"] + entity["length"])


def ordered(entities: Iterable[Json]) -> list[Json]:
    """Entities by place, the enclosing ones first."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"], _rank(entity["type"])))


def _rank(kind: str) -> int:
    if kind in STYLES:
        return len(OUTER) + 1 + STYLES.index(kind)
    return OUTER.index(kind) if kind in OUTER else len(OUTER)


def settled(entities: Iterable[Json], found: Sequence[Json] = ()) -> list[Json]:
    """Entities as Telegram keeps them, with those that it `found` where the given ones leave room."""
    there = ordered(entity for entity in entities if entity["length"] > 0)
    styles = [entity for entity in there if entity["type"] in STYLES]
    quotes = list(_apart(entity for entity in there if entity["type"] in QUOTES))
    solid = list(_apart(entity for entity in there if entity["type"] not in QUOTES and entity["type"] not in STYLES))
    solid = [entity for entity in solid if _fits(entity, quotes)]
    solid += [entity for entity in found if _fits(entity, quotes) and not any(_touch(entity, other) for other in solid)]
    return ordered([*quotes, *solid, *_cut(styles, [*quotes, *solid])])


def _apart(entities: Iterable[Json]) -> Iterator[Json]:
    """Keeps the first of entities that overlap."""
    last = 0
    for entity in entities:
        if entity["offset"] >= last:
            last = end(entity)
            yield entity


def _touch(one: Json, other: Json) -> bool:
    return bool(one["offset"] < end(other) and other["offset"] < end(one))


def _fits(entity: Json, quotes: Iterable[Json]) -> bool:
    """Whether an entity crosses no edge of a quotation and goes around none."""
    return all(
        quote["offset"] <= entity["offset"] and end(entity) <= end(quote) for quote in quotes if _touch(entity, quote)
    )


def _cut(styles: Sequence[Json], others: Sequence[Json]) -> Iterator[Json]:
    """Styles of one kind joined, then cut where anything else begins or ends, and left out within code."""
    joined = {kind: list(_joined(entity for entity in styles if entity["type"] == kind)) for kind in STYLES}
    edges = {edge for entity in others for edge in (entity["offset"], end(entity))}
    edges |= {start for spans in joined.values() for start, _ in spans}
    bare = [entity for entity in others if entity["type"] in BARE]
    for kind, spans in joined.items():
        for start, last in spans:
            places = sorted({start, last, *(edge for edge in edges if start < edge < last)})
            for offset, until in itertools.pairwise(places):
                piece = {"type": kind, "offset": offset, "length": until - offset}
                if not any(_touch(piece, code) for code in bare):
                    yield piece


def _joined(entities: Iterable[Json]) -> Iterator[tuple[int, int]]:
    """The places that entities of one kind cover, where they touch as one."""
    start, last = -1, -1
    for entity in entities:
        if start >= 0 and entity["offset"] <= last:
            last = max(last, end(entity))
            continue
        if start >= 0:
            yield start, last
        start, last = entity["offset"], end(entity)
    if start >= 0:
        yield start, last


def without_spaces(entities: Iterable[Json], text: str) -> list[Json]:
    """Entities that begin behind the spaces and line feeds they began with; those over nothing else are left out."""
    kept = []
    for entity in entities:
        covered = text[entity["offset"] : end(entity)]
        spaces = 0 if entity["type"] in HIDING else len(covered) - len(covered.lstrip(SPACES))
        if spaces < len(covered):
            kept.append(entity | {"offset": entity["offset"] + spaces, "length": entity["length"] - spaces})
    return ordered(kept)
