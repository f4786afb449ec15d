"""YAML that its author meant otherwise: what YAML refuses, in words for people, and what it reads as something
else than it looks. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

WELL_FORMED = "well-formed YAML"


@dataclass(frozen=True, slots=True)
class Misread:
    line: int
    """Of the YAML, counted from 0."""
    found: str
    expected: str


# What YAML refuses


def refused(error: yaml.YAMLError, text: str) -> Misread:
    """What is wrong with a text that YAML cannot read, and on which line it began to be."""
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position)
        return Misread(line, f"a character that YAML does not allow ({error.reason})", WELL_FORMED)
    if not isinstance(error, yaml.MarkedYAMLError) or not error.problem_mark:
        return Misread(0, f"{error}".splitlines()[0], WELL_FORMED)
    refusal = _Refusal(error, text)
    return next((misread for cause in _CAUSES if (misread := cause(refusal))), refusal.as_it_is())


class _Refusal:
    """An error of YAML's with what stands around it."""

    def __init__(self, error: yaml.MarkedYAMLError, text: str) -> None:
        assert error.problem_mark
        self.problem = error.problem or ""
        self.context = error.context or ""
        self.at: int = error.problem_mark.index
        self.line: int = error.problem_mark.line
        self.opened: int = error.context_mark.line if error.context_mark else self.line
        self.text = text
        self.rows = [*text.split("\n"), ""]

    def quoted(self, line: int | None = None) -> str:
        """The line to write instead, with its text in quotes."""
        found = _ENTRY.match(self.rows[self.line if line is None else line])
        return f"the text in quotes: {found['key']}{in_quotes(found['value'])}" if found else "the text in quotes"

    def before(self) -> yaml.Token | None:
        """The last token that ends before the problem."""
        last = None
        try:
            for token in yaml.scan(self.text, yaml.SafeLoader):
                if token.end_mark.index > self.at:
                    break
                if token.end_mark.index > token.start_mark.index:  # the end of a block has no place of its own
                    last = token
        except yaml.YAMLError:
            pass
        return last

    def as_it_is(self) -> Misread:
        bracket = "flow" in self.context and self.opened != self.line
        more = f" (the bracket of line {{line:{self.opened}}} is not closed)" if bracket else ""
        return Misread(self.line, self.problem or self.context, WELL_FORMED + more)


_ENTRY = re.compile(r"\s*(?:- +)*(?P<key>(?:[\w-]+: +)?)(?P<value>\S.*?)\s*$")


def in_quotes(value: str) -> str:
    """The text in the kind of quotes that needs no escapes."""
    value = value.strip()
    if len(value) > 40:
        value = value[:40].rstrip() + "…"
    return '"' + value + '"' if "\\" not in value and '"' not in value else "'" + value.replace("'", "''") + "'"


def _open_quote(refusal: _Refusal) -> Misread | None:
    if refusal.context == "while scanning a quoted scalar":
        return Misread(refusal.opened, "a quote that is not closed", "the same quote where the text ends")
    before = refusal.before()
    if not isinstance(before, yaml.ScalarToken) or before.style not in ("'", '"'):
        return None
    if before.start_mark.line < before.end_mark.line:
        found = f"a quote that is not closed before line {{line:{before.end_mark.line}}}"
        return Misread(before.start_mark.line, found, "the same quote where the text ends")
    if before.end_mark.line != refusal.line:
        return None
    rest = refusal.text[before.end_mark.index :].split("\n")[0].strip()
    expected = 'the whole text in quotes, and in it another kind of quote: "It\'s" or \'say "yes"\''
    return Misread(refusal.line, f"`{rest[:40]}` after the quote that closes the text", expected)


def _escape(refusal: _Refusal) -> Misread | None:
    if "double-quoted" not in refusal.context:
        return None
    found = re.search(r"character '(.*)'", refusal.problem)
    sign = f"`\\{found[1]}`" if found else "a backslash"
    return Misread(refusal.line, f"{sign} in double quotes", "single quotes, in which a backslash stays as it is")


def _colon(refusal: _Refusal) -> Misread | None:
    if refusal.problem != "mapping values are not allowed here":
        return None
    if re.search(r":\s", re.sub(r"^\s*(?:- +)*[\w-]+: ", "", refusal.rows[refusal.line]) + " "):
        if re.match(r"\s*(?:- +)*[\w-]+: ", refusal.rows[refusal.line]):
            return Misread(refusal.line, "a text with a colon and a space in it", refusal.quoted())
        expected = "keys exactly below each other, and a text with a colon in quotes"
        return Misread(refusal.line, f"`{refusal.rows[refusal.line].strip()[:40]}` further to the right", expected)
    expected = "keys exactly below each other, and a text with a colon in quotes"
    return Misread(refusal.line, f"`{refusal.rows[refusal.line].strip()[:40]}` further to the right", expected)


def _tab(refusal: _Refusal) -> Misread | None:
    if "'\\t'" not in refusal.problem:
        return None
    return Misread(refusal.line, "a tab before a key or a value", "spaces: YAML does not indent by tabs")


_STARTS = (
    # A part of YAML's problem or context, and where its line stands.
    ("that cannot start any token", "line"),
    ("while scanning an alias", "opened"),
    ("while scanning an anchor", "opened"),
    ("found undefined alias", "line"),
    ("while scanning a tag", "opened"),
    ("while parsing a tag", "opened"),
    ("while scanning a block scalar", "opened"),
    ("sequence entries are not allowed here", "line"),
    ("mapping keys are not allowed here", "line"),
    ("while scanning a directive", "opened"),
)


def _first_sign(refusal: _Refusal) -> Misread | None:
    for words, where in _STARTS:
        if words in refusal.problem or words in refusal.context:
            line: int = getattr(refusal, where)
            entry = _ENTRY.match(refusal.rows[line])
            sign = entry["value"][0] if entry else refusal.rows[line].strip()[:1]
            return Misread(line, f"a text that begins with `{sign}`", refusal.quoted(line))
    return None


def _no_key(refusal: _Refusal) -> Misread | None:
    if refusal.context != "while scanning a simple key":
        return None
    found = f"`{refusal.rows[refusal.opened].strip()[:40]}`, a line without a key"
    return Misread(refusal.opened, found, "`key: value`; a text of several lines in quotes, or after `>`")


def _bracket(refusal: _Refusal) -> Misread | None:
    row = refusal.rows[refusal.opened]
    entry = _ENTRY.match(row)
    if "flow" not in refusal.context or refusal.opened == refusal.line or not entry or len(entry["value"]) < 2:
        return None
    return Misread(refusal.opened, "a bracket that is not closed", f"its end, or {refusal.quoted(refusal.opened)}")


def _comment(refusal: _Refusal) -> Misread | None:
    before = refusal.before()
    if not isinstance(before, yaml.ScalarToken) or not before.plain:
        return None
    comment = _COMMENT.match(refusal.text[before.end_mark.index :].split("\n", 1)[0])
    if not comment:
        return None
    found = f"`#{comment['words'][:40]}`, which YAML takes for a comment"
    return Misread(before.end_mark.line, found, "the text in quotes; a comment on a line of its own")


def _indentation(refusal: _Refusal) -> Misread | None:
    if "<block end>" not in refusal.problem or "<scalar>" in refusal.problem:
        return None
    found = f"`{refusal.rows[refusal.line].strip()[:40]}`, which does not stand below what it belongs to"
    return Misread(refusal.line, found, "lines that belong together exactly below each other")


def _rest_of_line(refusal: _Refusal) -> Misread | None:
    entry = _ENTRY.match(refusal.rows[refusal.line])
    if "<block end>" not in refusal.problem or not entry or not entry["key"]:
        return None
    return Misread(refusal.line, f"`{entry['value'][:40]}`, which YAML reads in two parts", refusal.quoted())


def _within_braces(refusal: _Refusal) -> Misread | None:
    """A mapping on one line that YAML cannot read; where it took the end for a comment, it stopped on the next line."""
    for line in (refusal.opened, refusal.opened - 1):
        row = refusal.rows[max(0, line)].strip().removeprefix("- ")
        if "flow" in refusal.context and row.startswith("{") and not _is_yaml(row):
            found = f"`{row[:60]}`, which YAML cannot read"
            return Misread(line, found, "each text between the braces in quotes, or each key on a line of its own")
    return None


def _is_yaml(row: str) -> bool:
    try:
        yaml.safe_load(row)
    except yaml.YAMLError:
        return False
    return True


_CAUSES: tuple[Callable[[_Refusal], Misread | None], ...] = (
    _open_quote,
    _escape,
    _colon,
    _tab,
    _first_sign,
    _bracket,
    _comment,
    _no_key,
    _indentation,
    _rest_of_line,
    _within_braces,
)


# What YAML reads as something else

_OCTAL = re.compile(r"(?P<sign>[-+]?)0(?P<digits>[0-7_]+)")
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_COMMENT = re.compile(r"(?P<space>[ \t]+)#(?P<words>.*)")
_ESCAPE = re.compile(r"\\(.)([A-Za-z]*)", re.DOTALL)


def taken_otherwise(node: yaml.ScalarNode, text: str, value: object) -> Iterator[tuple[str, str]]:
    """What was found and what is expected, where YAML reads another `value` than an author sees."""
    written = text[node.start_mark.index : node.end_mark.index]
    if written.startswith("!") and not written.startswith("!!"):
        yield "a text that begins with `!`", f"the text in quotes: {in_quotes(written)}"
    elif node.style is None:
        yield from _other_number(written, value)
        yield from _cut_off(written, text[node.end_mark.index :].split("\n", 1)[0], value)
    if node.style == '"':
        yield from _escaped(written)


def _other_number(written: str, value: object) -> Iterator[tuple[str, str]]:
    octal = _OCTAL.fullmatch(written)
    if octal and isinstance(value, int):
        number = f"{octal['sign'].strip('+')}{octal['digits'].lstrip('0_') or '0'}"
        yield f"`{written}`, which YAML reads as {value}", f'{number} for a number, "{written}" for a text'
    elif _BASE_60.fullmatch(written) and isinstance(value, int | float):
        yield f"`{written}`, which YAML reads as {value}", f'{value} for a number, "{written}" for a text'
    elif value is None and written not in ("", "-"):
        yield f"`{written}`, which YAML reads as nothing", f'"{written}" in quotes for a text'


def _cut_off(written: str, rest: str, value: object) -> Iterator[tuple[str, str]]:
    """A text that ends where YAML takes a sign of number for the beginning of a comment."""
    comment = _COMMENT.match(rest)
    if not comment or not (value is None or isinstance(value, str)):
        return
    tight = not comment["words"].startswith(" ")
    if not written or tight or " " in written:
        whole = f"{written}{comment['space']}#{comment['words']}" if written else f"#{comment['words']}"
        yield (
            f"`#{comment['words'].rstrip()[:40]}`, which YAML takes for a comment",
            f"the text in quotes: {in_quotes(whole)}; a comment on a line of its own",
        )


def _escaped(written: str) -> Iterator[tuple[str, str]]:
    """The commands of a formula that double quotes turn into tabs and the like."""
    for found in _ESCAPE.finditer(written):
        sign, word = found.groups()
        in_formula = written.count("$", 0, found.start()) % 2 == 1 and "$" in written[found.end() :]
        if word and (sign in "abtvfreNLP" or (sign == "n" and in_formula)):
            expected = f"single quotes, in which a backslash stays as it is: {in_quotes(written[1:-1])}"
            yield f"`\\{sign}{word}` in double quotes, where YAML reads `\\{sign}` as another character", expected
            return
