"""The text of a lesson: its sections, cut at second-level headings, and their blocks. Pure; imports nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token

INTRODUCTION = "introduction"
"""Id of the section that the text before the first heading makes."""

_PARSER = MarkdownIt("commonmark", {"maxNesting": 60}).enable("table")
_PARSER.validateLink = lambda url: True  # type: ignore[method-assign]  # a bad address is named, not passed over
SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’)\]]*\s+")
"""Where a paragraph can be cut that is too long for a page."""

_HEADING = re.compile(r"^(?P<title>.*?)\s*(\{#(?P<id>[^{}]*)\})?$")


@dataclass(frozen=True, slots=True)
class PictureMark:
    """`![alt](name)`"""

    line: int
    """In the file, counted from 1."""
    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list, a fence or whatever else stands alone in a section."""

    line: int
    """In the file, counted from 1."""
    lines: tuple[str, ...]
    tag: str
    """In HTML's words: `p`, `ul`, `h3`, `code` for a fence."""
    marks: str
    """Of a fence: the marks that open and close it."""
    info: tuple[str, ...]
    """Of a fence: the words after its opening marks."""
    content: str
    """Of a fence or heading: its text."""
    inside: bool
    """Whether it stands inside of another block, such as a list."""
    pictures: tuple[PictureMark, ...] = ()
    """Those shown in it, in order."""

    @property
    def is_closed(self) -> bool:
        """Whether a fence has its closing marks; without them it reaches to the end of the text."""
        last = self.lines[-1].strip("> \t")
        return len(self.lines) > 1 and len(last) >= len(self.marks) and set(last) == {self.marks[0]}

    @property
    def example(self) -> str:
        """Id of the example that this fence names, or empty."""
        return next((word.removeprefix("example=") for word in self.info if word.startswith("example=")), "")

    def text(self, sources: Mapping[str, str]) -> str:
        """The block's Markdown. A fence that names an example is filled with its source."""
        if self.example not in sources:
            return "\n".join(self.lines)
        source = sources[self.example].rstrip("\n")
        marks = max(["```", *(mark + "`" for mark in re.findall(r"`{3,}", source))], key=len)
        return f"{marks}python\n{source}\n{marks}"  # Telegram shows all after the marks as the language


@dataclass(frozen=True, slots=True)
class Part:
    """A section as its author wrote it."""

    id: str
    """Empty if the heading has none."""
    title: str
    line: int
    """Of its heading, counted from 1."""
    first: int
    """The line of the file that is the first of `lines`."""
    lines: tuple[str, ...]
    """All below the heading."""
    blocks: tuple[Block, ...]

    @property
    def examples(self) -> tuple[str, ...]:
        """Ids of the examples that are shown here."""
        return tuple(block.example for block in self.blocks if block.example)

    @property
    def pictures(self) -> tuple[PictureMark, ...]:
        return tuple(picture for block in self.blocks for picture in block.pictures)

    def body(self, sources: Mapping[str, str]) -> str:
        """The section's Markdown, without its heading; `sources` are the examples' by id."""
        return "\n".join(line for line, _ in self._filled(sources))

    def origins(self, sources: Mapping[str, str]) -> tuple[int, ...]:
        """For each line of the body the line of the file that it comes from."""
        return tuple(origin for _, origin in self._filled(sources))

    def _filled(self, sources: Mapping[str, str]) -> list[tuple[str, int]]:
        rows = [(line, self.first + i) for i, line in enumerate(self.lines)]
        for block in reversed(self.blocks):
            if block.example in sources:
                start = block.line - self.first
                rows[start : start + len(block.lines)] = [(row, block.line) for row in block.text(sources).split("\n")]
        while rows and not rows[0][0]:
            del rows[0]
        while rows and not rows[-1][0]:
            del rows[-1]
        return rows


def parts(text: str, first_line: int) -> tuple[Part, ...]:
    """The sections of a text that starts at `first_line` of its file. An introduction without text is left out."""
    lines = text.split("\n")
    blocks = tuple(_blocks(text, lines, first_line))

    def part(id: str, title: str, line: int, first: int, end: int) -> Part:
        below = tuple(lines[first - first_line : end - first_line])
        return Part(id, title, line, first, below, tuple(block for block in blocks if first <= block.line < end))

    headings = [block for block in blocks if block.tag == "h2" and not block.inside]
    ends = [heading.line for heading in headings] + [first_line + len(lines)]
    made = [part(INTRODUCTION, "Introduction", first_line, first_line, ends[0])]
    for heading, end in zip(headings, ends[1:], strict=True):
        words = _HEADING.match(heading.content)
        assert words, "the pattern matches every line"
        title, below = _plain(words["title"]), heading.line + len(heading.lines)
        made.append(part(words["id"] or "", title, heading.line, below, end))
    return tuple(made if made[0].blocks else made[1:])


def _plain(heading: str) -> str:
    """The words of a heading: it stands on buttons too, where nothing is formatted."""
    return "".join(
        " " if token.type == "softbreak" else token.content for token in _PARSER.parseInline(heading)[0].children or ()
    )


def _blocks(text: str, lines: list[str], first_line: int) -> Iterator[Block]:
    tokens = _PARSER.parse(text)
    for i, (token, following) in enumerate(zip_longest(tokens, tokens[1:])):
        is_block = token.level == 0 and token.nesting >= 0 and token.type != "inline"
        if token.map and (is_block or token.type == "fence"):
            start, end = token.map
            own = "\n".join(lines[start:end]).rstrip("\n").split("\n")
            heading = following.content.replace("\n", " ") if token.type == "heading_open" else ""
            yield Block(
                line=first_line + start,
                lines=tuple(own),
                tag=token.tag,
                marks=token.markup,
                info=tuple(token.info.split()),
                content=token.content or heading,
                inside=token.level > 0,
                pictures=tuple(_pictures(tokens[i:], first_line)) if is_block else (),
            )


def _pictures(tokens: list[Token], first_line: int) -> Iterator[PictureMark]:
    """Those in the block that these tokens begin with."""
    line, level = 0, 0
    for token in tokens:
        line = token.map[0] if token.map else line
        at = line
        for child in token.children or []:
            if child.type == "image":
                yield PictureMark(first_line + at, str(child.attrs["src"]), child.content)
            at += child.type in ("softbreak", "hardbreak")
        level += token.nesting
        if level == 0:
            return
