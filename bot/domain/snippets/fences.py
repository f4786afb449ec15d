"""Code between marks that were left as text: three backticks or tildes as in Markdown, or single backticks."""

from __future__ import annotations

import re

from bot.domain.snippets import looks
from bot.domain.snippets.syntax import parses

LANGUAGE = (
    r"(?:[ \t]*(?:[\w+#.-]+|\{\.?[a-z]\w*(?:[ ,][^}\n]*)?\}|i?python3?:)(?:[ \t]*\{[^}\n]*\}|(?:[ \t]+[\w-]+=\S+)+)?)?"
    r"[ \t]*(?=\n)"
)
OPENS = re.compile(
    rf"""(?P<mark>`{{3,}})(?P<language>{LANGUAGE}|(?:python3?|py3?|ipython3?)\b(?=[ \t]))?
        | ^[ \t]*(?P<tildes>~{{3,}})(?P<name>{LANGUAGE})""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
"""Backticks anywhere, tildes on a line of their own; behind them perhaps a language."""
PYTHON = re.compile(r"(?:i?python[\d.]*|py\d?|pycon|ipynb|jupyter|keras|tensorflow|code)?", re.IGNORECASE)
"""Languages under which people send Python; mostly none."""


def is_python(language: str | None) -> bool:
    word = re.search(r"[\w+#.-]+", (language or "").strip("{. \t"))
    return PYTHON.fullmatch(word[0] if word else "") is not None


def blocks(text: str) -> tuple[str, ...]:
    """The code blocks of a text, in order; empty when there are none. A block without an end goes to the text's.

    A mark may also be part of the code (a heading in a docstring): where the blocks are no Python, and the text from
    the first mark to the last one is, that is the one block.
    """
    found = _read(text)
    if found and not parses("\n".join(block for block, _ in found)):
        whole = _outermost(text)
        if whole is not None and parses(whole):
            return (whole,)
    ours = [block for block, language in found if is_python(language)]
    return tuple(ours or (block for block, _ in found))


def _read(text: str) -> list[tuple[str, str]]:
    """Each block with its language, as Markdown has them; a closing mark may also stand at the end of a line."""
    found = []
    at = 0
    while opening := OPENS.search(text, at):
        mark = opening["mark"] or opening["tildes"]
        closes = re.compile(rf"(?:^[ \t]*{re.escape(mark)}|{re.escape(mark)}(?=[ \t]*$))", re.MULTILINE)
        anywhere = re.compile(re.escape(mark))
        rest_of_line = text[opening.end() :].split("\n", 1)[0]
        begun_here = bool(rest_of_line.strip())
        closing = None
        if begun_here and mark in rest_of_line:
            closing = anywhere.search(text, opening.end())
        closing = closing or closes.search(text, opening.end())
        end = closing.start() if closing else len(text)
        block = text[opening.end() : end].strip("\n")
        block = block.rstrip() if closing else block
        found.append((block if "\n" in block else block.strip(), opening["language"] or opening["name"] or ""))
        if closing is None:
            break
        at = closing.end()
    return [(block, language) for block, language in found if block.strip()]


def _outermost(text: str) -> str | None:
    """What stands between the first mark and the last one of its kind."""
    opening = OPENS.search(text)
    if opening is None:
        return None
    end = text.rfind(opening["mark"] or opening["tildes"])
    return text[opening.end() : end].strip("\n").rstrip() if end > opening.end() else None


def ticked(text: str) -> str | None:
    """The code of a text that stands in single backticks as a whole, or line by line."""
    bare = text.strip()
    if len(bare) > 4 and bare[:2] == bare[-2:] == "``" and "`" not in bare[2:-2]:
        return bare[2:-2]
    if len(bare) > 2 and bare[0] == bare[-1] == "`" and "`" not in bare[1:-1]:
        return bare[1:-1]
    rows = [row.strip() for row in bare.split("\n")]
    if all(not row or (len(row) > 2 and row[0] == row[-1] == "`" and "`" not in row[1:-1]) for row in rows):
        return "\n".join(row[1:-1] for row in rows) or None
    return None


QUOTED = re.compile(r"[´'\"‘’“”]{3}(?:python3?|py3?)?[ \t]*\n(.*?)\s*(?:[´'\"‘’“”]{3})?", re.DOTALL | re.IGNORECASE)


def quoted(text: str) -> str | None:
    """The code of a text that stands in three quotes, which many people type for backticks; None if what stands there
    is no code."""
    found = QUOTED.fullmatch(text.strip())
    code = found[1].strip("\n") if found else ""
    return code if looks.is_python(code) or looks.was_python(code) else None
