"""The text of a lesson: sections with ids, fences that name examples, blocks that fit into a message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessons.draft import Draft, LessonDraft
from lessons.forms import BLOCK, BUTTON, ID_PATTERN, SECTION_ID
from lessons.markdown import SENTENCE_END, Block, Part
from lessons.problem import Problem


def problems(draft: Draft) -> Iterator[Problem]:
    for lesson in draft.lessons:
        if lesson.form and not lesson.parts:
            yield Problem(lesson.file, 1, "no text after the front matter", "a section at least")
        for part in lesson.parts:
            yield from _heading(lesson, part)
            for block in part.blocks:
                yield from _block(lesson, block)


def _heading(lesson: LessonDraft, part: Part) -> Iterator[Problem]:
    if not part.id:
        yield Problem(lesson.file, part.line, f"heading `{part.title}` without an id", "`## Title {#id}`")
    elif not re.match(ID_PATTERN, part.id) or len(part.id) > SECTION_ID:
        expected = f"at most {SECTION_ID} small letters, digits and single hyphens"
        yield Problem(lesson.file, part.line, f"section id `{part.id}`", expected)
    if not 0 < len(part.title) <= BUTTON:
        found = f"a heading of {len(part.title)} characters"
        yield Problem(lesson.file, part.line, found, f"1 to {BUTTON}, to fit a phone")
    if not part.blocks:
        yield Problem(lesson.file, part.line, f"section `{part.title}` without text", "text below the heading")


def _block(lesson: LessonDraft, block: Block) -> Iterator[Problem]:
    if block.tag == "h1":
        expected = "`##` for a section: the lesson's title stands in the front matter"
        yield Problem(lesson.file, block.line, "a first-level heading", expected)
    if block.tag == "code":
        yield from _fence(lesson, block)
    size = _longest(block, lesson)
    if size > BLOCK and not block.inside:
        found = f"a {'code block' if block.tag == 'code' else 'sentence'} of {size} characters"
        yield Problem(lesson.file, block.line, found, f"at most {BLOCK}, to fit into one message")


def _longest(block: Block, lesson: LessonDraft) -> int:
    """UTF-16 units of the longest piece that has to stay whole; lists and tables are cut where they are shown."""
    text = block.text(lesson.sources)
    pieces = {"code": [text], "p": SENTENCE_END.split(text)}.get(block.tag, [])
    return max((len(piece.encode("utf-16-le")) // 2 for piece in pieces), default=0)


def _fence(lesson: LessonDraft, fence: Block) -> Iterator[Problem]:
    if fence.marks and not fence.is_closed:
        yield Problem(lesson.file, fence.line, "a code fence that is never closed", f"`{fence.marks}` on a later line")
    for word in fence.info[1:]:
        if not word.startswith("example="):
            yield Problem(lesson.file, fence.line, f"`{word}` at a code fence", "a language, then at most `example=ID`")
    if not any("example=" in word for word in fence.info):
        return
    examples = [node.text("id") for node in lesson.head.items("examples")]
    if fence.example not in examples and lesson.head.value is not None:
        expected = f"one of {', '.join(examples)}" if examples else "no example: the front matter has none"
        yield Problem(lesson.file, fence.line, f"a code fence for example `{fence.example}`", expected)
    if fence.inside:
        expected = "it by itself, outside of lists and quotations"
        yield Problem(lesson.file, fence.line, "a code fence for an example inside of another block", expected)
    if fence.content.strip():
        expected = f"an empty fence: the text comes from examples/{fence.example}.py"
        yield Problem(lesson.file, fence.line, f"text in the fence of example `{fence.example}`", expected)
