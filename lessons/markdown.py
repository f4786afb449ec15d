"""The text of a lesson: its sections, cut at second-level headings, and their blocks. Pure; imports nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from markdown_it import MarkdownIt

INTRODUCTION = "introduction"
"""Id of the section that the text before the first heading makes."""

_HEADING = re.compile(r"^(?P<title>.*?)\s*(\{#(?P<id>[^{}]*)\})?$")


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

    @property
    def is_closed(self) -> bool:
        """Of a fence: whether its closing marks are there; without them it reaches to the end of the text."""
        return len(self.lines) > 1 and set(self.lines[-1].strip("> ")) == {self.marks[0]}

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

    def body(self, sources: Mapping[str, str]) -> str:
        """The section's Markdown, without its heading; `sources` are the examples' by id."""
        lines = list(self.lines)
        for block in reversed(self.blocks):
            if block.example in sources:
                start = block.line - self.first
                lines[start : start + len(block.lines)] = [block.text(sources)]
        return "\n".join(lines).strip("\n")


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
        made.append(part(words["id"] or "", words["title"], heading.line, heading.line + len(heading.lines), end))
    return tuple(made if made[0].blocks else made[1:])


def _blocks(text: str, lines: list[str], first_line: int) -> Iterator[Block]:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    for token, following in zip_longest(tokens, tokens[1:]):
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
            )
