"""Python's syntax, as far as it can be told of text that may not be Python yet."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

NAME = "<message>"
"""Stands for the file in warnings about the text."""
DOUBLE, SINGLE = "“”„‟«»″＂", "‘’‚‛‹›′´＇"
"""What phones put in place of straight quotes."""
LINE_ENDS = "\u2028\u2029\x85\x0b\x0c"
"""Characters that some apps use to end a line, besides the line feed."""

# Code like "\d" is fine for a learner's script; that Python will grumble about it is the script's business.
warnings.filterwarnings("ignore", category=SyntaxWarning, module=re.escape(NAME))
warnings.filterwarnings("ignore", category=DeprecationWarning, module=re.escape(NAME))


@lru_cache(maxsize=64)
def tree(source: str) -> ast.Module | None:
    """The syntax tree; None for text that is no Python."""
    try:
        return ast.parse(source, NAME)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def parses(source: str) -> bool:
    return tree(source) is not None


def compiles(source: str) -> bool:
    """Stricter than `parses`: a `return` outside of a function does not compile."""
    try:
        compile(source, NAME, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


_STRING = rf"""
    "{{3}}(?:\\.|[^\\])*?(?:"{{3}}|\Z)
    | '{{3}}(?:\\.|[^\\])*?(?:'{{3}}|\Z)
    | "(?:\\.|[^"\\\n{LINE_ENDS}])*+"?
    | '(?:\\.|[^'\\\n{LINE_ENDS}])*+'?
"""
_CURLY = rf"""
    [{DOUBLE}]{{3}}[^{DOUBLE}]*[{DOUBLE}]{{3}}
    | [{DOUBLE}][^{DOUBLE}\n]*[{DOUBLE}]
    | [{DOUBLE}][^{DOUBLE}"\n]*"
    | [{SINGLE}][^{SINGLE}\n]*[{SINGLE}]
    | [{SINGLE}][^{SINGLE}'\n]*'
"""
TOKEN = re.compile(
    rf"(?P<comment>\#[^\n{LINE_ENDS}]*) | (?P<string>{_STRING}) | (?P<curly>{_CURLY})"
    r"| (?P<open>[(\[{（［｛]) | (?P<close>[)\]}）］｝]) | (?P<joined>\\\n) | (?P<end>\n)",
    re.VERBOSE | re.DOTALL,
)
"""What matters for telling code from strings and comments, also where quotes are curly ones."""
FOREIGN = re.compile(
    r"""[ \t]*(?:
        [%!?] | \$[ ] | (?:\w+\s*=\s*)?[!%]{1,2}\w     # %matplotlib, !pip, ?help, $ pip, files = !ls
        | (?:pip3?|conda|mamba|apt(?:-get)?)[ ]+install\b
        | get_ipython\(\)
        | [\w.]+\?{1,2}[ \t]*$                         # model.fit?
    )""",
    re.VERBOSE | re.MULTILINE,
)
"""How a line begins that only a notebook or a shell understands; where a statement may begin, no Python does so
(`get_ipython` is a function that only notebooks have)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Lines that belong together: a bracket or a string may hold line feeds. `end` is where the last line ends."""

    start: int
    end: int
    foreign: bool
    """A line that only a notebook understands."""


def statements(source: str) -> Iterator[Statement]:
    start = at = depth = 0
    while start < len(source):
        if at == start and FOREIGN.match(source, start):
            end = source.find("\n", start)
            end = len(source) if end < 0 else end
            yield Statement(start, end, True)
            start = at = end + 1
            continue
        found = TOKEN.search(source, at)
        if found is None:
            break
        at = found.end()
        if found["open"]:
            depth += 1
        elif found["close"]:
            depth = max(0, depth - 1)
        elif found["end"] and not depth:
            yield Statement(start, found.start(), False)
            start = at
    if start < len(source):
        yield Statement(start, len(source), False)


def outside_strings(source: str) -> Iterator[tuple[str, bool]]:
    """The source in pieces, each with whether it is code: neither string nor comment."""
    at = 0
    for found in TOKEN.finditer(source):
        if found["string"] or found["curly"] or found["comment"]:
            yield source[at : found.start()], True
            yield found[0], False
            at = found.end()
    yield source[at:], True
