"""When two written answers are the same words. Pure.

Case, the form of letters, marks round a word, hyphens inside of one and apostrophes do not matter. Everything else
does: `C++` is not `C`, `a-b` not `a+b`, `__init__` not `init`, `x²` not `x2`.
"""

from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans(
    dict.fromkeys("‐‑‒–—−﹣－", "-") | dict.fromkeys("’‘ʼ＇", "'") | dict.fromkeys("“”„«»‹›＂", '"')
    | {"‚": "'", "`": '"', "´": "'", "…": "...", "。": "."} | dict.fromkeys("「」『』", '"')
    | {"؟": "?", "،": ",", "؛": ";"}
)  # fmt: skip
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
_RAISED_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+")
_OPENING = re.compile(r"^[ ¿¡]*(?:[-•*=] +(?=[^\W\d]))?(?:\.+(?=[^\W\d]))?")
_CLOSING = " .!?,;:"
_PAIRS = ('"', "'", "**", "*")
_CALL = re.compile(r"(?<=\w)\(\s*(?:\.\.\.)?\s*\)$")
_APOSTROPHES = re.compile(r"(?<=[^\W\d_])[`´′‛](?=[^\W\d_])")
"""What some keyboards have in place of one."""
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_HYPHENATED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
_WORD = re.compile(r"[^\W\d_]{2,}")


def same(given: str, answer: str) -> bool:
    """Whether both say the same. What shows nothing says nothing; marks alone stand for themselves."""
    one, other = _forms(given), _forms(answer)
    return bool(one & other)


def _forms(words: str) -> set[str]:
    """The words as they are compared; hyphenated ones both as one word and as several."""
    plain = _plain(words)
    if not plain:
        return set()
    tokens = plain.split()
    return {" ".join(_joined(token, glue) for token in tokens) for glue in ("", " ")}


def _plain(words: str) -> str:
    raised = _RAISED_RUN.sub(lambda run: "^" + run[0].translate(_RAISED), _APOSTROPHES.sub("'", words))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raised).casefold()).translate(_SAME)
    seen = "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc", "Cs") or c.isspace())
    plain = " ".join(seen.replace("\ufe0f", "").split())
    while (bare := _bare(plain)) and bare != plain:
        plain = bare
    return _BETWEEN_LETTERS.sub("", plain)


def _bare(plain: str) -> str:
    """Without closing marks, quotes round all of it, and the empty brackets of a call."""
    plain = _OPENING.sub("", plain).rstrip(_CLOSING)
    for mark in _PAIRS:
        if len(plain) > 2 * len(mark) and plain.startswith(mark) and plain.endswith(mark):
            return plain[len(mark) : -len(mark)]
    return _CALL.sub("", plain)


def _joined(token: str, glue: str) -> str:
    """A hyphenated word without its hyphens. `a-b` and `loss-1` are no words: their hyphen is a minus."""
    parts = token.split("-")
    is_word = _HYPHENATED.fullmatch(token) and any(map(_WORD.fullmatch, parts)) and not any(map(str.isdigit, parts))
    return glue.join(parts) if is_word else token
