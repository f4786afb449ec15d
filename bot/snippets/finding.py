"""Finds the code in a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.snippets import fences, formatted, looks
from bot.snippets.repairs import Fixed, repair
from bot.snippets.snippet import Repair, Snippet
from bot.snippets.syntax import compiles, parses
from bot.text import Entity

LONGEST = 64 * 1024
"""Longer texts are not looked at, in characters."""


@lru_cache(maxsize=64)
def find(text: str, entities: tuple[Entity, ...] = ()) -> Snippet | None:
    """The code of a message as it would run; None when there is none.

    First match: code blocks; a text that is Python as it stands (marks in it belong to it); fences that were left as
    text; monospaced lines; a text that looks like Python after repairs, with words around it or not.
    """
    if len(text) > LONGEST or not text.strip():
        return None
    if blocks := formatted.blocks(text, entities):
        return _of_blocks(text, blocks, entities)
    if parses(text) and looks.is_python(text):
        return _recognised(text, entities)
    if blocks := fences.blocks(text):
        return _of_blocks(text, blocks, entities)
    inline = formatted.code_lines(text, entities) or fences.ticked(text)
    if inline:
        found = _snippet(repair(inline + "\n"), marked=True)
        return replace(found, short=looks.is_short(found.source) or not looks.is_python(found.source))
    return _recognised(text, entities)


def of_source(source: str) -> Snippet:
    """Code that came as a file."""
    return _snippet(repair(_plain(source)), marked=True)


def rejoined(parts: Sequence[str], marked: bool) -> Snippet:
    """Code that came in several messages. Telegram cuts spaces and line feeds at both ends of a message, so what
    stood between two parts is found by trying: the first way that makes Python of them counts."""
    whole = parts[0]
    for part in parts[1:]:
        whole = _joined(whole, part)
    found = _snippet(repair(_plain(whole)), marked)
    return replace(found, repairs=(Repair.JOINED, *found.repairs))


FULL = 4090
"""A part of this length was cut in the middle of a line, if need be; a shorter one at the end of a line."""


def _joined(before: str, after: str) -> str:
    rows = [row for row in before.split("\n") if row.strip()]
    indents = {row[: len(row) - len(row.lstrip())] for row in rows}
    new_line = ["\n" + indent for indent in sorted({"", *indents}, key=len)]
    if rows and rows[-1].rstrip().endswith(":"):
        deepest = rows[-1][: len(rows[-1]) - len(rows[-1].lstrip())]
        new_line.append("\n" + deepest + "    ")
    within = ["", " "]
    between = within + new_line if formatted.length(before) >= FULL else new_line + within
    return before + next((gap for gap in between if _whole(before + gap + after)), between[0]) + after


def _whole(source: str) -> bool:
    return compiles(repair(source).source)


def _of_blocks(text: str, blocks: tuple[str, ...], entities: Sequence[Entity]) -> Snippet | None:
    """Several blocks run as one, in their order. A block of output or of an error among them does not."""
    together = "\n".join(blocks)
    fixed = repair(_plain(together))
    if len(blocks) > 1 and not parses(fixed.source):
        one_by_one = [repair(_plain(block)) for block in blocks]
        ours = [one for one in one_by_one if parses(one.source) or looks.was_python(one.source)]
        fixed = _together(ours or one_by_one)
    found = _snippet(fixed, marked=True)
    last = text.rstrip()
    return replace(found, to_the_end=last.endswith(blocks[-1].rstrip()))


def _together(parts: Sequence[Fixed]) -> Fixed:
    source = "\n".join(part.source.strip("\n") for part in parts) + "\n"
    repairs = {code: None for part in parts for code in part.repairs}
    return Fixed(source, tuple(repairs), tuple(line for part in parts for line in part.left_out))


def _recognised(text: str, entities: Sequence[Entity]) -> Snippet | None:
    """Unmarked Python: the text with the marks that the app took for formatting, the text, the text without the words
    around it; and at last Python with a mistake in it."""
    restored = formatted.restored(text, entities)
    for candidate in dict.fromkeys((restored, text, _core(text))):
        fixed = repair(_plain(candidate))
        if parses(fixed.source) and looks.is_python(fixed.source):
            formatting = (Repair.FORMATTING,) if restored != text and candidate == restored else ()
            fixed = replace(fixed, repairs=formatting + fixed.repairs)
            return _snippet(fixed, marked=False, to_the_end=text.endswith(candidate) or candidate == restored)
    return _snippet(repair(_plain(restored)), marked=False) if looks.was_python(restored) else None


def _core(text: str) -> str:
    """From the first line of code to the last, where words stand around at least two lines of it."""
    rows = text.split("\n")
    sure = [at for at, row in enumerate(rows) if looks.is_code_line(row)]
    if len(sure) < 2:
        return ""
    end = sure[-1] + 1
    while end < len(rows) and looks.may_go_on(rows[end]):
        end += 1
    return "\n".join(rows[sure[0] : end])


def _snippet(fixed: Fixed, marked: bool, to_the_end: bool = True) -> Snippet:
    source = fixed.source.strip("\n") + "\n"
    return Snippet(
        source,
        marked,
        short=not marked and looks.is_short(source),
        repairs=fixed.repairs,
        left_out=fixed.left_out,
        to_the_end=to_the_end,
    )


def _plain(source: str) -> str:
    """With line feeds alone at the ends of lines."""
    return source.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"
