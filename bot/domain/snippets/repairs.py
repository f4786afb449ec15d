"""Repairs of code that a phone, a notebook or a console changed: a table of small functions, each from text to text.

A repair is made only if the code is no Python as it stands, and all repairs together make it Python.
"""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from bot.domain.snippets import fences, looks
from bot.domain.snippets.snippet import Repair
from bot.domain.snippets.syntax import DOUBLE, LINE_ENDS, TOKEN, outside_strings, parses, statements, tree

Fix = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Fixed:
    source: str
    repairs: tuple[Repair, ...] = ()
    left_out: tuple[str, ...] = ()


def repair(source: str) -> Fixed:
    """The code with as few repairs as make it Python. Where no repairs do, only what can never be Python goes
    (prompts, commands of notebooks), so that the learner is told of the true mistake."""
    if _fine(source):
        return Fixed(source)
    made: list[Repair] = []
    now = source
    for code, fix in TABLE.items():
        if now != (now := fix(now)):
            made.append(code)
        if _fine(now):
            break
    if _fine(now):
        for code in tuple(made):
            fewer = [other for other in made if other != code]
            if _fine(_after(source, fewer)):
                made = fewer
    else:
        made = [code for code in made if code in CERTAIN]
    before = _after(source, [code for code in made if code in EARLIER])
    return Fixed(_after(source, made), tuple(made), _left_out(before) if Repair.NOTEBOOK in made else ())


def _fine(source: str) -> bool:
    """Python, without what only a notebook has: of that, `get_ipython()` and `In [1]: x = 2` are Python by chance."""
    return parses(source) and not any(
        mark in source and fix(source) != source
        for mark, fix in (
            ("get_ipython()", without_foreign_lines),
            ("In [", without_prompts),
            ("ython\n", without_label),
        )
    )


def _after(source: str, repairs: Sequence[Repair]) -> str:
    for code in repairs:
        source = TABLE[code](source)
    return source


TAG = re.compile(r"</?(?:pre|code|div|span|p)(?:\s[^<>]*)?>", re.IGNORECASE)
NAMED_SIGN = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#0?39|#x27|#34);")


def without_html(source: str) -> str:
    return NAMED_SIGN.sub(lambda found: html.unescape(found[0]), TAG.sub("", source))


LABEL = re.compile(r"\A\s*i?python3?[ \t]*\n(?:(?:Copy(?: code)?|Edit)[ \t]*\n)*", re.IGNORECASE)
"""What is copied along with a code block of a web page: its language, and its buttons."""


def without_label(source: str) -> str:
    return LABEL.sub("", source)


def without_fences(source: str) -> str:
    return "\n".join(fences.blocks(source)) or without_label(source)


MARKED_LINE = re.compile(r"[ \t]*(?:>(?!>)|[•▪·*+-](?=[ \t]|$)) ?")


def without_marks(source: str) -> str:
    """Lines without the mark of a list or a quotation, if each has the same."""
    rows = source.split("\n")
    found = [MARKED_LINE.match(row) for row in rows if row.strip()]
    marks = {mark[0].strip() if mark else "" for mark in found}
    if len(found) < 2 or len(marks) > 1 or "" in marks:
        return source
    return "\n".join(row[mark.end() :] if (mark := MARKED_LINE.match(row)) else row for row in rows)


PYTHON_PROMPT = re.compile(r"[ \t]*>>> ?(.*)")
PYTHON_MORE = re.compile(r"[ \t]*(?:\.\.\.|…) ?(.*)")
CELL_PROMPT = re.compile(r"[ \t]*(?:In ?\[[\d* ]*\]|\[\d+\]):[ \t]?(.*)")
CELL_MORE = re.compile(r"[ \t]*\.{3,}:[ \t]?(.*)")


def without_prompts(source: str) -> str:
    """What was typed in an interactive session: behind prompts, or below an `In [3]:` that stands alone."""
    rows = source.split("\n")
    first = next((at for at, row in enumerate(rows) if PYTHON_PROMPT.match(row) or CELL_PROMPT.match(row)), None)
    if first is None or any(looks.is_code_line(row) or '"""' in row or "'''" in row for row in rows[:first]):
        return source
    typed: list[str] = []
    below = False
    for row in rows[first:]:
        cell = CELL_PROMPT.match(row)
        found = cell or PYTHON_PROMPT.match(row) or CELL_MORE.match(row) or PYTHON_MORE.match(row)
        if cell:
            below = not cell[1].strip()
        elif row.startswith("Out["):
            below = False
        if found:
            typed.append(found[1].rstrip())
        elif below:
            typed.append(row)
    return "\n".join(typed).strip("\n") + "\n"


NUMBERED = re.compile(r"[ \t]*(\d{1,6})(?:[.:|)\]]|(?=[ \t])|$)")


def without_numbers(source: str) -> str:
    """Lines without their numbers, if those count up one by one from the first line to the last."""
    rows = source.split("\n")
    numbered = [(row, NUMBERED.match(row)) for row in rows if row.strip()]
    numbers = [int(found[1]) for _, found in numbered if found]
    steps = {after - before for before, after in pairwise(numbers)}
    if len(numbers) != len(numbered) or len(numbers) < 2 or steps != {1}:
        return source
    return _dedent([NUMBERED.sub("", row, count=1) for row in rows])


WIDE = "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\xad"
SPACES = str.maketrans(dict.fromkeys(WIDE, " ") | dict.fromkeys(UNSEEN, "") | dict.fromkeys(LINE_ENDS, "\n"))


def plain_spaces(source: str) -> str:
    return _translated(source, SPACES)


SIGNS = str.maketrans(
    {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
    | {"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": "*", "÷": "/", "∗": "*", "≤": "<=", "≥": ">=", "≠": "!="}
    | {"…": "...", "→": "->", "【": "[", "】": "]", "、": ",", "。": "."}
)  # fmt: skip


def plain_signs(source: str) -> str:
    return _translated(source, SIGNS)


def _translated(source: str, table: dict[int, str]) -> str:
    return "".join(piece.translate(table) if code else piece for piece, code in outside_strings(source))


def straight_quotes(source: str) -> str:
    return TOKEN.sub(lambda found: _straight(found[0]) if found["curly"] else found[0], source)


def _straight(string: str) -> str:
    """A string in curly quotes with straight ones; as it is if it holds the straight one, too."""
    wide = 3 if string[:3].strip(DOUBLE) == "" and len(string) >= 6 else 1
    inside = string[wide:-wide]
    ours, other = ('"', "'") if string[0] in DOUBLE else ("'", '"')
    quote = next((mark for mark in (ours, other) if mark not in inside), None)
    return quote * wide + inside + quote * wide if quote else string


def without_foreign_lines(source: str) -> str:
    """Commands of notebooks and shells become comments: what follows keeps its line number."""
    foreign_cell = False

    def changed(row: str, foreign: bool) -> str:
        nonlocal foreign_cell
        bare = row.lstrip()
        indent = row[: len(row) - len(bare)]
        foreign_cell = foreign_cell or (foreign and FOREIGN_CELL.match(bare) is not None)
        if foreign_cell:
            return "\n".join(f"# {line}" for line in row.split("\n"))
        if foreign and (timed := TIMED.match(bare)):
            return indent + timed[1]
        if foreign:
            return f"{indent}pass  # {bare}" if indent else f"# {bare}"
        return row

    return _by_statement(source, changed)


def _by_statement(source: str, change: Callable[[str, bool], str]) -> str:
    """The source with each statement changed; `change` is also told whether it is a notebook's."""
    parts, at = [], 0
    for found in statements(source):
        parts += [source[at : found.start], change(source[found.start : found.end], found.foreign)]
        at = found.end
    return "".join(parts) + source[at:]


FOREIGN_CELL = re.compile(r"%%(?!time\b|timeit\b|capture\b|prun\b|python3?\b)\w+")
"""First line of a cell that is written in another language."""
TIMED = re.compile(r"%time[ \t]+(\S.*)")
"""A command behind which a statement of Python stands."""


def _left_out(source: str) -> tuple[str, ...]:
    after = without_foreign_lines(source)
    pairs = zip(source.split("\n"), after.split("\n"), strict=True)
    return tuple(before.strip() for before, now in pairs if before != now and not TIMED.match(before.lstrip()))


def dedented(source: str) -> str:
    """Lines without their common indentation. Telegram cuts the first line's, since it begins the message."""
    rows = source.split("\n")
    starts = [source.count("\n", 0, found.start) for found in statements(source)]
    whole = _dedent(rows, starts)
    if whole != source or not starts:
        return whole
    first = starts[0]
    return "\n".join(rows[: first + 1]) + "\n" + _dedent(rows[first + 1 :], [row - first - 1 for row in starts[1:]])


def _dedent(rows: Sequence[str], starts: Sequence[int] | None = None) -> str:
    """`starts` are the rows where statements begin: strings and brackets may hold rows of any indentation."""
    counted = [rows[at] for at in (range(len(rows)) if starts is None else starts)]
    indents = [row[: len(row) - len(row.lstrip(" \t"))] for row in counted if row.strip()]
    common = min(indents, key=len, default="")
    if not all(indent.startswith(common) for indent in indents):
        common = ""
    return "\n".join(row.removeprefix(common) for row in rows)


KEYWORD = re.compile(
    r"\A[ \t]*(?:Import|From|Def|Class|For|While|If|Elif|Else|Try|Except|Finally|With|Return|Async|Assert|Raise)\b"
)


def small_keywords(source: str) -> str:
    """A phone begins sentences with a capital letter."""
    return _by_statement(source, lambda row, _: KEYWORD.sub(lambda found: found[0].lower(), row, count=1))


def without_tabs(source: str) -> str:
    """Lines indented by spaces alone, if there is only one way to read the tabs that makes Python of them."""
    ways = [_by_statement(source, partial(_untabbed, width)) for width in (8, 4)]
    found = {ast.dump(parsed): way for way in ways if (parsed := tree(way))}
    return next(iter(found.values())) if len(found) == 1 else source


def _untabbed(width: int, row: str, _: bool) -> str:
    bare = row.lstrip(" \t")
    return row[: len(row) - len(bare)].expandtabs(width) + bare


TABLE: dict[Repair, Fix] = {
    Repair.HTML: without_html,
    Repair.FENCES: without_fences,
    Repair.LISTED: without_marks,
    Repair.PROMPTS: without_prompts,
    Repair.NUMBERS: without_numbers,
    Repair.SPACES: plain_spaces,
    Repair.NOTEBOOK: without_foreign_lines,
    Repair.INDENTATION: dedented,
    Repair.QUOTES: straight_quotes,
    Repair.SIGNS: plain_signs,
    Repair.CAPITALS: small_keywords,
    Repair.TABS: without_tabs,
}
"""In the order in which they are tried; each works on what those before it left."""
CERTAIN = (Repair.FENCES, Repair.PROMPTS, Repair.NOTEBOOK)
"""What these take away is never Python, whatever else is wrong."""
EARLIER = tuple(TABLE)[: tuple(TABLE).index(Repair.NOTEBOOK)]
