"""Makes text from people safe in files that other programs open."""

from __future__ import annotations

import re
import unicodedata

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for a formula's beginning; some take the wide forms too (OWASP, CSV Injection)."""

NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


def clean(text: str) -> str:
    """Without what no file format can hold: control characters but tab and line ends, and lone surrogates."""
    if text.isascii() and text.isprintable():  # nearly all of it, and a hundred times quicker
        return text
    whole = text.encode("utf-8", "replace").decode()
    return "".join(c for c in whole if c in "\t\n\r" or unicodedata.category(c) != "Cc")


def neutral(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula. Spaces and invisible marks
    in front (the byte order mark, writing directions) do not hide one. A plain number is not a formula."""
    if text[:1].isalnum() or NUMBER.fullmatch(text):
        return text
    seen = next((i for i, c in enumerate(text) if not c.isspace() and unicodedata.category(c) != "Cf"), len(text))
    return f"'{text}" if text[seen:].startswith(FORMULA) or text.startswith(("\t", "\r")) else text
