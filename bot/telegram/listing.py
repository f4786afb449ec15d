"""Lists that may be too long for one message: they stand on pages, with buttons from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.telegram.actions import Action
from bot.telegram.richtext import MESSAGE_ENTITIES, MESSAGE_UNITS, Text, bold, paragraphs
from bot.telegram.screen import Button, Row, Screen

MOST_ROWS = 25
"""Rows of buttons on a page: more cannot be looked through on a phone."""
NUMBER_UNITS = 24
"""Room for which page it is, and for what stands between blocks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a list, with what can be done with it."""

    text: Text
    rows: tuple[Row, ...] = ()


NOTHING = Entry(Text())


def listed(
    title: str, blocks: Sequence[Entry], page: int, turn_to: Callable[[int], Action], last: Entry = NOTHING
) -> Screen:
    """The page with this number, from 0; the last page for a number beyond it. `last` stands below every page."""
    pages = _pages(blocks, Text(title), last)
    page = min(page, len(pages) - 1)
    title = title if len(pages) == 1 else f"{title} · {page + 1} of {len(pages)}"
    back = (Button("‹ Back", turn_to(page - 1)),) if page else ()
    more = (Button("More ›", turn_to(page + 1)),) if page + 1 < len(pages) else ()
    rows = (*(row for block in pages[page] for row in block.rows), (*back, *more), *last.rows)
    return Screen(paragraphs(bold(title), *(block.text for block in pages[page]), last.text), rows)


def _pages(blocks: Sequence[Entry], title: Text, last: Entry) -> list[list[Entry]]:
    """Each page as full as it may be."""
    pages: list[list[Entry]] = [[]]
    for block in blocks:
        if pages[-1] and not _fits([*pages[-1], block], title, last):
            pages.append([])
        pages[-1].append(block)
    return pages


def _fits(blocks: Sequence[Entry], title: Text, last: Entry) -> bool:
    every = [title, last.text, *(block.text for block in blocks)]
    return (
        sum(text.units + 2 for text in every) + NUMBER_UNITS <= MESSAGE_UNITS
        and sum(len(text.entities) for text in every) + 1 <= MESSAGE_ENTITIES
        and sum(len(block.rows) for block in blocks) <= MOST_ROWS
    )
