"""A lesson's text laid out in pages, each of which fits into one message. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.domain.messages import Entity
from bot.telegram.markdown import Remark, RichBlock, blocks
from bot.telegram.richtext import CAPTION_UNITS, MESSAGE_ENTITIES, MESSAGE_UNITS, Text, text, units
from lessons.markdown import SENTENCE_END


@dataclass(frozen=True, slots=True)
class Room:
    """What a page may hold: UTF-16 units alone and as the caption of a picture, and entities."""

    message: int = MESSAGE_UNITS
    caption: int = CAPTION_UNITS
    entities: int = MESSAGE_ENTITIES


@dataclass(frozen=True, slots=True)
class PageText:
    """What stands on one page."""

    text: Text
    line: int
    """The line of the source where it begins, counted from 0."""
    picture: str = ""
    """The file of the picture it is the caption of."""
    sections: tuple[str, ...] = ()
    """Ids of the sections that it links to."""


@dataclass(frozen=True, slots=True)
class Layout:
    sheets: tuple[PageText, ...]
    remarks: tuple[Remark, ...]
    """What cannot be shown as it was meant, in the order of lines."""


@lru_cache(maxsize=512)
def laid_out(source: str, room: Room = Room(), pictures: frozenset[str] = frozenset()) -> Layout:
    """Markdown in pages. They are cut between blocks; a block longer than a page is cut between a list's items, a
    table's rows, a paragraph's sentences, and only at last between the lines of code or between words, with a remark.

    `pictures` are the files that there are: each stands on a page of its own, whose text is its caption.
    """
    press = _Press(room, pictures)
    for block in blocks(source):
        press.put(block)
    press.turn()
    remarks = [remark for block in blocks(source) for remark in block.remarks]
    return Layout(tuple(press.sheets), tuple(sorted([*remarks, *press.remarks], key=lambda remark: remark.line)))


class _Press:
    """Fills one page after the other."""

    def __init__(self, room: Room, pictures: frozenset[str]) -> None:
        self._room = room
        self._pictures = pictures
        self._held: list[RichBlock] = []
        self.sheets: list[PageText] = []
        self.remarks: list[Remark] = []

    def put(self, block: RichBlock) -> None:
        """Put a block on the page; on the next one if it does not fit; cut if it is longer than any."""
        block = block if block.picture in self._pictures else replace(block, picture="")
        if not block.text and not block.picture:
            return
        if self._fits([*self._held, block]):
            self._held.append(block)
        elif self._fits([block]):
            self.turn(for_block=True)
            if not self._fits([*self._held, block]):
                self.turn()
            self._held.append(block)
        elif block.picture:  # more words than fit below it
            self.put(replace(block, text=Text()))
            self.put(replace(block, picture="", gap=""))
        elif block.parts:
            for i, part in enumerate(block.parts):
                self.put(part if i else replace(part, gap=block.gap))
        else:
            self.turn(for_block=True)
            for piece in self._cut(block):
                self.turn()
                self._held.append(piece)

    def turn(self, for_block: bool = False) -> None:
        """End the page. Headings at its end go to the next one, if there is something for them to stand above."""
        kept: list[RichBlock] = []
        while for_block and len(self._held) > 1 and self._held[-1].leads:
            kept.insert(0, self._held.pop())
        if self._held:
            picture = next((block.picture for block in self._held if block.picture), "")
            sections = dict.fromkeys(way.section for block in self._held for way in block.ways)
            self.sheets.append(PageText(_joined(self._held), self._held[0].line, picture, tuple(sections)))
        self._held = kept

    def _fits(self, held: list[RichBlock]) -> bool:
        pictures = sum(bool(block.picture) for block in held)
        page = _joined(held)
        limit = self._room.caption if pictures else self._room.message
        return pictures < 2 and page.units <= limit and len(page.entities) <= self._room.entities

    def _cut(self, block: RichBlock) -> Iterator[RichBlock]:
        """Pieces of a block that has no parts, each as long as a page allows."""
        rest, limit = block.text, self._room.message
        head = block.head if block.head and 4 * block.head.units < limit else None
        clean = True
        while not self._fits([replace(block, text=rest)]):
            place, well = _place(rest, limit, self._room.entities, rows=bool(head))
            clean = clean and well
            yield replace(block, text=_trimmed(rest.between(0, place)))
            rest = _trimmed(rest.between(place, rest.units))
            if head and rest:
                rest = _headed(head, rest)
        if rest:
            yield replace(block, text=rest)
        if not clean:
            what = "code block" if any(e.type == "pre" for e in block.text.entities) else "sentence"
            found = f"a {what} that does not fit on a page ({block.text.units} characters in all)"
            self.remarks.append(Remark(block.line, found, f"at most {self._room.message}, to fit into one message"))


def _joined(held: list[RichBlock]) -> Text:
    parts: list[Text | str] = []
    for block in held:
        if block.text:
            parts += [block.gap, block.text] if parts else [block.text]
    return text(*parts)


_LINE, _WORD = re.compile(r"\n"), re.compile(r"\s")


def _place(long: Text, limit: int, entities: int, rows: bool) -> tuple[int, bool]:
    """Where to cut a text that is too long, in units: the last place that leaves it short enough. And whether that is
    a good place: between sentences, or between a table's rows."""
    in_code = any(entity.type == "pre" and entity.length * 2 > long.units for entity in long.entities)
    kinds = [(_LINE, rows), (_WORD, False)] if in_code else [(SENTENCE_END, True), (_LINE, True), (_WORD, False)]
    room = _reach(long, limit, entities)
    short = long.between(0, room).plain
    for pattern, good in kinds:
        end = max((units(short[: found.end()]) for found in pattern.finditer(short)), default=0)
        if end > limit // 4:
            return end, good
    return room, False


def _reach(long: Text, limit: int, entities: int) -> int:
    """The farthest unit up to which the text is short enough, and has no more than so many entities."""
    starts = sorted(entity.offset for entity in long.entities)
    reach = min(limit, starts[entities] if len(starts) > entities else limit)
    raw = long.plain.encode("utf-16-le", "surrogatepass")
    splits_a_pair = 2 * reach < len(raw) and 0xDC <= raw[2 * reach + 1] <= 0xDF
    return reach - 1 if reach > 1 and splits_a_pair else max(1, reach)


def _trimmed(part: Text) -> Text:
    """Without white space at its ends."""
    start = units(part.plain) - units(part.plain.lstrip("\n "))
    return part.between(start, units(part.plain.rstrip()))


def _headed(head: Text, rest: Text) -> Text:
    """A table's further rows below its first lines."""
    plain = f"{head.plain}\n{rest.plain}"
    return Text(plain, (Entity("pre", 0, units(plain)),))
