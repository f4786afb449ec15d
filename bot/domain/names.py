"""A person's name as the bot shows it: one line that one can see, and that leaves the text around it alone. Pure."""

from __future__ import annotations

import unicodedata

LONGEST = 64
"""Characters."""
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that show nothing."""
JOINERS = "\u200c\u200d"
"""They shape Persian and Indic words, and emoji; at an end they do nothing."""
MARKS = 3
"""About the most marks on one letter in any language."""


def shown(first: str, last: str | None = None, username: str | None = None, id: int = 0) -> str:
    """First and last name as Telegram shows them, without what turns the direction of text or cannot be seen. A name of
    which nothing is left gives way to the username, or the id. Raises TypeError for what is no text."""
    return _visible(" ".join([first, last or ""])) or username or str(id)


def sort_key(name: str) -> tuple[str, str]:
    """Orders names as people read them: accents and case tell apart only what is equal without."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_BASE))
    return "".join(c for c in plain if not unicodedata.combining(c)), name


_BASE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def _visible(name: str) -> str:
    if name.isascii() and name.isprintable():
        return name.strip()[:LONGEST].rstrip()
    kept: list[str] = []
    marks = 0
    for c in unicodedata.normalize("NFC", name):
        kind = unicodedata.category(c)
        marks = marks + 1 if kind[0] == "M" else 0
        if c in BLANK or c.isspace() or kind == "Cc":
            kept.append(" ")
        elif c in JOINERS or (kind not in ("Cf", "Cs", "Cn", "Co") and marks <= MARKS):
            kept.append(c)
    words = " ".join("".join(kept).split()).strip(JOINERS + " ")
    while words and unicodedata.category(words[0])[0] == "M":  # it would sit on the letter before the name
        words = words[1:].lstrip()
    seen = any(unicodedata.category(c)[0] in "LNPS" for c in words)
    return words[:LONGEST].rstrip(JOINERS + " ") if seen else ""
