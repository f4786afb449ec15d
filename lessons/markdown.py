"""The text of a lesson: its sections, cut at second-level headings, and their blocks. Pure; imports nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

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
    """Of a fence: its text."""
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
    blocks: tuple[Block, ...]

    @property
    def examples(self) -> tuple[str, ...]:
        """Ids of the examples that are shown here."""
        return tuple(block.example for block in self.blocks if block.example)

    def body(self, sources: Mapping[str, str]) -> str:
        """The section's Markdown, without its heading; `sources` are the examples' by id."""
        return "\n\n".join(block.text(sources) for block in self.blocks if not block.inside)


def parts(text: str, first_line: int) -> tuple[Part, ...]:
    """The sections of a text that starts at `first_line` of its file. An introduction without text is left out."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    lines = text.split("\n")
    starts = [(Part(INTRODUCTION, "Introduction", first_line, ()), -1)]
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0 and token.map:
            heading = _HEADING.match(tokens[index + 1].content.replace("\n", " "))
            assert heading, "the pattern matches every line"
            line = first_line + token.map[0]
            starts.append((Part(heading["id"] or "", heading["title"], line, ()), index))
    ends = [index for _, index in starts[1:]] + [len(tokens)]
    made = (
        Part(part.id, part.title, part.line, tuple(_blocks(tokens[start + 1 : end], lines, first_line)))
        for (part, start), end in zip(starts, ends, strict=True)
    )
    return tuple(part for part in made if part.id != INTRODUCTION or part.blocks)


def _blocks(tokens: Iterable[Token], lines: list[str], first_line: int) -> Iterable[Block]:
    for token in tokens:
        standing = token.level == 0 and token.nesting >= 0 and token.type != "inline"
        if token.map and (standing or token.type == "fence"):
            start, end = token.map
            own = "\n".join(lines[start:end]).rstrip("\n").split("\n")
            yield Block(
                line=first_line + start,
                lines=tuple(own),
                tag=token.tag,
                marks=token.markup,
                info=tuple(token.info.split()),
                content=token.content,
                inside=token.level > 0,
            )
