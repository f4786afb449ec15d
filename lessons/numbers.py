"""Numbers as people write them. Pure: a text goes in, every number that it may mean comes out.

`1.000` is one in London and a thousand in Berlin, `50 %` is 50 or 0.5. The caller knows which
reading fits, so nothing is decided here. Numbers are exact: a fraction for each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

LONGEST = 80
"""Characters: what is longer is a text with numbers in it."""
HUGE = Fraction(10**300)
"""What is larger, or nearer to nothing than its inverse, is a slip of the finger: no float holds it."""
UNIT_WORDS = 3
"""Words that may stand behind a number as its unit: `4 batches per epoch`."""
NOT_UNITS = {
    "and", "at", "between", "but", "e", "less", "minus", "more", "no", "not", "or", "plus", "than", "though", "to",
    "times", "x",
}  # fmt: skip
"""Words behind a number that change what it says: `4 or 5`, `2 x`."""
SCALES = {
    "k": 10**3, "thousand": 10**3, "M": 10**6, "mio": 10**6, "mln": 10**6, "million": 10**6, "millions": 10**6,
    "bn": 10**9, "billion": 10**9, "billions": 10**9, "hundred": 100, "dozen": 12, "lakh": 10**5, "crore": 10**7,
    "tausend": 10**3, "mil": 10**3, "mille": 10**3, "тыс": 10**3, "тысяч": 10**3, "千": 10**3, "万": 10**4, "萬": 10**4,
    "millionen": 10**6, "millones": 10**6, "milhões": 10**6, "млн": 10**6, "亿": 10**8, "億": 10**8,
}  # fmt: skip
PERCENT = dict.fromkeys(
    ("%", "percent", "per cent", "pct", "prozent", "por ciento", "por cento", "pour cent", "per cento", "процентов",
     "процента", "процент"), 100,
) | {"‰": 1000}  # fmt: skip
SIGNS = {"minus": "-", "negative": "-", "menos": "-", "moins": "-", "минус": "-", "plus": "+"}

_SAME = str.maketrans(
    dict.fromkeys("‐‑‒–—−﹣－", "-") | dict.fromkeys("’‘ʼ′´`＇", "'") | dict.fromkeys("×⋅∗", "*")
    | {"⁄": "/", "∕": "/", "÷": "/", "٫": ".", "٬": "'", "،": ",", "٪": "%", "˙": "'"}
)  # fmt: skip
_TIMES_TEN = re.compile(r"[·.]\s?(?=10\s?(?:\^|\*\*))")
"""The point that multiplies, and does not begin decimals: `2·10^-3`."""
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
_RAISED_RUN = re.compile(f"[{''.join(_RAISED)}]+")
_MARKS = "\"'`*$“”„«»‹›()[]{} "
_AHEAD = re.compile(
    r"(?:(?:it is|it's|i think|maybe|the answer is|answer|about|approximately|approx\.?|around|roughly|circa|ca\.?)\s+"
    r"|[^\W\d][\w. ]{0,30}[=:]|[\d ][\d .,+*/x()^-]*=|(?:#|no\.)(?=\s?\d)|[=~≈≃≅≡:])\s*",
    re.IGNORECASE,
)
_PLAIN = r"(?:\d[\d.,'_ ]*|[.,]\d+)"
_NUMBER = re.compile(
    rf"(?P<whole>\d{{1,9}}) (?P<part>[1-9]\d{{0,8}}/[1-9]\d{{0,8}})(?![\d/])"
    rf"|(?P<base>{_PLAIN})\s?(?:\^|\*\*)\s?\(?(?P<power>[+-]?\d{{1,3}})\)?"
    rf"|(?P<top>{_PLAIN})\s?/\s?(?P<bottom>{_PLAIN})"
    rf"|(?P<mantissa>{_PLAIN})(?:e(?P<exponent>[+-]?\d{{1,3}})|\s?[*x]\s?10\s?(?:\^|\*\*)\s?\(?(?P<tens>[+-]?\d{{1,3}})\)?)"
    rf"|(?P<alone>{_PLAIN})",
    re.IGNORECASE,
)
_GROUPED = (r"[1-9]\d{0,2}(?:%s\d{3})+", r"[1-9]\d?(?:%s\d\d)+%s\d{3}")
"""Thousands as in most countries, and as in India."""


def readings(text: str) -> tuple[Fraction, ...]:
    """Every number that the text may mean, each once, the one in the writing of Python first; empty when it is none.

    Understood are separators of thousands and of decimals of either kind, digits and spaces of any script, fractions,
    powers, percent, and a unit behind the number. Words for numbers are not.
    """
    plain = _plain(text)
    if not plain or len(plain) > LONGEST:
        return ()
    word, _, rest = plain.partition(" ")
    plain = SIGNS[word.casefold()] + rest if word.casefold() in SIGNS and rest[:1] not in ("", "-", "+") else plain
    sign = -1 if plain.startswith("-") else 1
    plain = plain[1:].lstrip() if plain[0] in "+-" else plain
    found = _NUMBER.match(plain)
    if found is None:
        return ()
    behind = plain[found.end() :].strip()
    if found[0][-1].isdigit() and behind[:1].isdigit():
        return ()
    scales = _scales(behind, attached=not plain[found.end() : found.end() + 1].isspace() and found[0][-1] != " ")
    values = (sign * value * scale for value in _values(found) for scale in scales)
    return tuple(dict.fromkeys(value for value in values if not value or 1 / HUGE <= abs(value) <= HUGE))


def exactly(number: float) -> Fraction:
    """The number as its author wrote it: 0.1 is a tenth."""
    return Fraction(repr(number))


def shown(number: Fraction | float) -> str:
    """The number in plain digits: `1234567`, `0.25`, `-0.0001`; in few digits where it would not end."""
    value = Fraction(repr(number)) if isinstance(number, float) else number
    if value.denominator == 1 and abs(value) < 10**15:
        return str(value.numerator)
    plain = float(value)
    short = repr(plain) if Fraction(repr(plain)) == value else f"{plain:.6g}"
    if "e" in short and 1e-7 <= abs(plain) < 1e15:
        return f"{plain:.20f}".rstrip("0").rstrip(".")
    return short


def _plain(text: str) -> str:
    """The text in ASCII as far as numbers go, without what stands round the number."""
    raised = _RAISED_RUN.sub(lambda run: "^" + "".join(_RAISED[c] for c in run[0]), text.translate(_SAME))
    raised = _TIMES_TEN.sub("*", raised).replace("·", ".")
    spaced = "".join(f" {c}" if unicodedata.normalize("NFKC", c).count("⁄") else c for c in raised)
    written = "".join(_character(c) for c in unicodedata.normalize("NFKC", spaced).translate(_SAME))
    plain = " ".join(written.split()).strip(_MARKS + "!?;:…").rstrip(".").removesuffix(",")
    while ahead := _AHEAD.match(plain):
        plain = plain[ahead.end() :].strip(_MARKS)
    return re.sub(r"\s+\([^()]*\)?$", "", plain)  # `50,240 (196.25 KB)`


def _character(c: str) -> str:
    """Digits of any script as ASCII, any blank and any picture as a space, invisible marks as nothing."""
    if c.isascii():
        return c
    digit = unicodedata.decimal(c, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(c)
    if c.isspace() or (c > "\u2100" and kind in ("So", "Sk")):
        return " "
    return "" if kind in ("Cf", "Cs", "Me", "Mn") else c


def _values(found: re.Match[str]) -> Iterator[Fraction]:
    if found["whole"]:
        yield int(found["whole"]) + Fraction(found["part"])
    elif found["base"]:
        power = int(found["power"])
        yield from (base**power for base in _written(found["base"]) if base or power > 0)
    elif found["top"]:
        yield from (top / low for top in _written(found["top"]) for low in _written(found["bottom"]) if low)
    elif found["mantissa"]:
        tens = Fraction(10) ** int(found["exponent"] or found["tens"])
        yield from (value * tens for value in _written(found["mantissa"]))
    else:
        yield from _written(found["alone"])


def _written(digits: str) -> Iterator[Fraction]:
    """Digits with separators: each way in which a point, a comma, or neither stands before the decimals."""
    digits = digits.strip(" ")
    for decimal in (".", ",", ""):
        whole, mark, part = digits.partition(decimal) if decimal else (digits, "", "")
        if decimal and not mark:
            continue
        whole, part = _ungrouped(whole) if whole else "0", re.sub(r"(?<=\d)[ _](?=\d)", "", part)
        if whole and (part.isdigit() or not part):
            yield Fraction(f"{whole}.{part or 0}")


def _ungrouped(whole: str) -> str:
    """The digits of a whole number; empty when its separators stand where none does."""
    separators = set(whole) - set("0123456789")
    if not separators:
        return whole
    separator = re.escape(separators.pop())
    if separators or not any(re.fullmatch(form.replace("%s", separator), whole) for form in _GROUPED):
        return ""
    return re.sub(r"\D", "", whole)


def _scales(behind: str, attached: bool) -> tuple[Fraction, ...]:
    """The factors that the text behind the number allows (`%`, `k`, ...); empty when it means something else."""
    whole = (Fraction(1),)
    for sign, part in PERCENT.items():
        if behind.casefold().startswith(sign) and not behind[len(sign) :][:1].isalpha():
            return (Fraction(1, part), *whole) if _is_unit(behind[len(sign) :]) else ()
    word, *more = behind.split() or [""]
    scale = SCALES.get(word) or (SCALES.get(word.casefold()) if len(word) > 1 or word == "K" else None)
    if scale:
        return (Fraction(scale),) if _is_unit(" ".join(more)) else ()
    if attached and word[:1].casefold() == "e" and len(word) == 1:
        return ()
    return whole if _is_unit(behind) else ()


def _is_unit(behind: str) -> bool:
    """Whether this text names what is counted and does not change the number."""
    words = behind.casefold().split()
    return len(words) <= UNIT_WORDS and all(
        re.fullmatch(r"[^\W\d_]+(?:[-'/.][^\W\d_]+)*\.?|[°€£¥$]\w?", word) and word not in NOT_UNITS for word in words
    )
