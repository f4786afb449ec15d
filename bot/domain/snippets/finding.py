"""Finds the code in a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.domain.messages import Entity
from bot.domain.snippets import fences, formatted, looks
from bot.domain.snippets.repairs import Fixed, repair
from bot.domain.snippets.snippet import Repair, Snippet
from bot.domain.snippets.syntax import compiles, parses

LONGEST = 128 * 1024
"""Longer texts are not looked at, in characters."""


@lru_cache(maxsize=64)
def find(text: str, entities: tuple[Entity, ...] = ()) -> Snippet | None:
    """The code of a message as it would run; None when there is none.

    First match: code blocks; monospaced lines; a text that is Python as it stands (marks in it belong to it); fences
    and backticks that were left as text; a text that looks like Python after repairs, with words around it or not.
    """
    if len(text) > LONGEST or not text.strip():
        return None
    if blocks := formatted.blocks(text, entities):
        return _of_blocks(text, blocks)
    inline = formatted.code_lines(text, entities)
    if not inline and parses(text) and looks.is_python(text):
        return _recognised(text, entities)
    if not inline and (blocks := fences.blocks(text)):
        return _of_blocks(text, blocks)
    if inline := inline or fences.ticked(text) or fences.quoted(text):
        found = _snippet(inline, repair(_plain(inline)), marked=True)
        return replace(found, short=looks.is_short(found.source) or not looks.is_python(found.source))
    return _recognised(text, entities)


def of_source(source: str) -> Snippet:
    """Code that came as a file."""
    return _snippet(source, repair(_plain(source)), marked=True)


def rejoined(parts: Sequence[tuple[str, int]], marked: bool) -> Snippet:
    """Code that came in several messages: each one's code, and the message's length in UTF-16 units. Telegram cuts
    spaces and line feeds at both ends of a message, so what stood between two parts is found by trying: the first way
    that makes Python of them counts."""
    whole, length = parts[0]
    for code, units in parts[1:]:
        whole, length = _joined(whole, code, full=length >= FULL), units
    found = _snippet(whole, repair(_plain(whole)), marked)
    return replace(found, repairs=(Repair.JOINED, *found.repairs)) if len(parts) > 1 else found


def continuation(text: str, entities: tuple[Entity, ...] = ()) -> tuple[str, bool]:
    """The code of a message that goes on with that of the message before, and whether it goes on to its end: marked
    code, or the whole text up to the mark that closes it."""
    restored = formatted.restored(text, entities)
    blocks = formatted.blocks(text, entities)
    closing = next((mark for mark in ("```", "~~~") if restored.count(mark) % 2 and not parses(restored)), None)
    if closing and not blocks:
        return restored.split(closing)[0].rstrip(), False
    found = find(text, entities)
    if found and found.marked and not found.short:
        return found.raw, found.to_the_end
    return restored, True


FULL = 4090
"""A message of this length was cut in the middle of a line, if need be; a shorter one at the end of a line."""


def _joined(before: str, after: str, full: bool) -> str:
    rows = [row for row in before.split("\n") if row.strip()]
    indents = {row[: len(row) - len(row.lstrip())] for row in rows}
    new_line = ["\n" + indent for indent in sorted({"", *indents}, key=len)]
    if rows and rows[-1].rstrip().endswith(":"):
        deepest = rows[-1][: len(rows[-1]) - len(rows[-1].lstrip())]
        new_line.append("\n" + deepest + "    ")
    within = ["", " "]
    between = within + new_line if full else new_line + within
    return before + next((gap for gap in between if _whole(before + gap + after)), between[0]) + after


def _whole(source: str) -> bool:
    return compiles(repair(source).source)


def _of_blocks(text: str, blocks: tuple[str, ...]) -> Snippet:
    """Several blocks run as one, in their order. A block of output or of an error among them does not."""
    fixed = repair(_plain("\n".join(blocks)))
    if len(blocks) > 1 and not parses(fixed.source):
        alone = {block: repair(_plain(block)) for block in blocks}
        blocks = tuple(b for b in blocks if parses(alone[b].source) or looks.was_python(b)) or blocks
        fixed = _together([alone[block] for block in blocks])
    found = _snippet("\n".join(blocks), fixed, marked=True)
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
            return _snippet(
                candidate, fixed, marked=False, to_the_end=text.endswith(candidate) or candidate == restored
            )
    return _snippet(restored, repair(_plain(restored)), marked=False) if looks.was_python(restored) else None


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


def _snippet(raw: str, fixed: Fixed, marked: bool, to_the_end: bool = True) -> Snippet:
    source = fixed.source.strip("\n") + "\n"
    return Snippet(
        source,
        raw,
        marked,
        short=not marked and looks.is_short(source),
        repairs=fixed.repairs,
        left_out=fixed.left_out,
        to_the_end=to_the_end,
        runs=compiles(source),
    )


def _plain(source: str) -> str:
    """With line feeds alone at the ends of lines."""
    return source.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"
