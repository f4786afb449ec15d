"""Every screen that a course makes, as it would be sent, held against Telegram's limits.

`lessons.check` says whether the course's files are right. This says what learners would not see as it was meant: the
course can be read all the same, since nothing here keeps a page from being sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from bot.domain.grading import grade_choices
from bot.domain.ids import DeliveryId, LearnerId, RoundId, RunId
from bot.domain.messages import Outgoing
from bot.domain.rounds import Attempt, Delivery
from bot.domain.runs import Run
from bot.features.own_code import screens as own_code
from bot.features.quiz import screens as quiz
from bot.features.reading import screens as lesson_screens
from bot.features.reading.pages import laid_out
from bot.features.training import screens as runs
from bot.telegram.markdown import Remark, SectionLink, blocks, phrase
from bot.telegram.richtext import CAPTION_UNITS, MESSAGE_ENTITIES, MESSAGE_UNITS
from bot.telegram.screen import Screen
from lessons import pictures
from lessons.document import Key, Node
from lessons.draft import Draft, LessonDraft
from lessons.loader import readable
from lessons.model import Course, Example, Lesson, Question, Section
from lessons.problem import Problem

MARKUP_BYTES = 10_000
"""Telegram: about the longest reply markup, as JSON."""
BUTTONS = 100
"""Telegram: buttons under one message."""
LARGE = 10**12
"""An id as long as ids may become: buttons carry them."""


def problems(draft: Draft) -> list[Problem]:
    """What would not be shown as it was meant, in the order of files and lines. What of the course cannot be used at
    all is passed over: `lessons.check` names it."""
    course = readable(draft)
    found = {*pictures.problems(draft), *_lesson_list(draft, course)}
    for lesson in course.lessons:
        read = next(read for read in draft.lessons if read.id == lesson.id)
        for section in lesson.sections:
            found |= {*_section(read, lesson, section)}
        for question in lesson.questions:
            found |= {*_question(read, lesson, question)}
        found |= {*_result(read, lesson)}
        for example in lesson.examples:
            found |= {*_example(read, lesson, example)}
    return sorted(found, key=lambda problem: (problem.file, problem.line, problem.found))


def limits(screen: Screen) -> Iterator[tuple[str, str]]:
    """The limits of Telegram that a screen exceeds: what was found, and what was expected."""
    most, what = (CAPTION_UNITS, "the text below a picture") if screen.attachment else (MESSAGE_UNITS, "a message")
    if screen.text.units > most:
        yield f"{screen.text.units} characters", f"at most {most} in {what}"
    if len(screen.text.entities) > MESSAGE_ENTITIES:
        yield f"{len(screen.text.entities)} formatted stretches", f"at most {MESSAGE_ENTITIES} in a message"
    try:
        sent = screen.outgoing(LARGE)
    except ValueError as error:
        yield f"a button that carries too much ({error})", "shorter ids"
        return
    if (count := sum(len(row) for row in sent.keyboard)) > BUTTONS:
        yield f"{count} buttons", f"at most {BUTTONS} below a message"
    if (size := _markup_bytes(sent)) > MARKUP_BYTES:
        yield f"buttons of {size:,} bytes", f"at most {MARKUP_BYTES:,} below a message"


def _markup_bytes(sent: Outgoing) -> int:
    rows = [[{name: value for name, value in asdict(key).items() if value} for key in row] for row in sent.keyboard]
    return len(json.dumps({"inline_keyboard": rows}, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _over(screen: Screen, what: str, file: Path, line: int) -> Iterator[Problem]:
    for found, expected in limits(screen):
        yield Problem(file, line, f"{what}: {found}", expected)


def _lesson_list(draft: Draft, course: Course) -> Iterator[Problem]:
    """The list goes on to a further page where it must; what one lesson has there may still be too much."""
    for lesson in course.lessons:
        screen = lesson_screens.lesson_list(replace(course, lessons=(lesson,)), {})
        yield from _over(
            screen, f"`{lesson.id}` in the list of lessons", draft.head.file, draft.head.at("lessons").line
        )


def _section(read: LessonDraft, lesson: Lesson, section: Section) -> Iterator[Problem]:
    part = next(part for part in read.parts if part.id == section.id)
    origins = part.origins(read.sources) or (part.line,)

    def line(of_body: int) -> int:
        return origins[min(of_body, len(origins) - 1)]

    room = lesson_screens.room(lesson, section)
    layout = laid_out(section.body, room, frozenset(section.pictures))
    if not layout.sheets and part.blocks:
        yield Problem(
            read.file, part.line, f"section `{part.title}` without anything to show", "text below the heading"
        )
    yield from _remarked(layout.remarks, read.file, line)
    yield from _unknown((way for block in blocks(section.body) for way in block.ways), lesson, read.file, line)
    for page in lesson_screens.all_pages(lesson):
        if page.section is section:
            what = f"page {page.index + 1} of section `{section.id}`"
            yield from _over(lesson_screens.page(lesson, page), what, read.file, line(page.sheet.line))


def _remarked(remarks: tuple[Remark, ...], file: Path, line: Callable[[int], int]) -> Iterator[Problem]:
    for remark in remarks:
        yield Problem(file, line(remark.line), remark.found, remark.expected)


def _unknown(ways: Iterable[SectionLink], lesson: Lesson, file: Path, line: Callable[[int], int]) -> Iterator[Problem]:
    known = [section.id for section in lesson.sections]
    for way in ways:
        if way.section not in known:
            yield Problem(file, line(way.line), f"a link to `#{way.section}`", f"one of #{', #'.join(known)}")


def _question(read: LessonDraft, lesson: Lesson, question: Question) -> Iterator[Problem]:
    node = next(node for node in read.quiz if node.text("id") == question.id)
    for path in _written(node):
        at, value = node.at(*path), node.at(*path).value
        if isinstance(value, str):
            made = phrase(value.strip())
            # Where a text of several lines is folded, nobody knows which of them a line was: its key's line is named.
            line = partial(_always, at.line)
            yield from _remarked(made.remarks, node.file, line)
            yield from _unknown(made.ways, lesson, node.file, line)
    for what, screen in _question_screens(lesson, question):
        yield from _over(screen, f"question `{question.id}`{what}", node.file, node.line)


def _always(line: int, _: int) -> int:
    return line


def _written(question: Node) -> Iterator[tuple[Key, ...]]:
    """Where a question has text for learners."""
    yield from ((key,) for key in ("prompt", "hint", "explanation") if question.has(key))
    for i, choice in enumerate(question.items("choices")):
        yield from (("choices", i, key) for key in ("text", "feedback") if choice.has(key))


def _question_screens(lesson: Lesson, question: Question) -> Iterator[tuple[str, Screen]]:
    """The question at its longest, and its verdict on each choice, on all of them and on the right ones."""
    everything = 2 ** len(question.choices) - 1
    ids = DeliveryId(LARGE), RoundId(LARGE), LearnerId(LARGE)
    delivery = Delivery(*ids, lesson.id, question.id, 1, 0.0, hinted=True, ticked=everything)
    yield "", quiz.question(lesson, question, delivery)
    right = sum(2**i for i, choice in enumerate(question.choices) if choice.correct)
    each = [2**i for i in range(len(question.choices))]
    for chosen in dict.fromkeys([*each, everything, everything - right, right]):
        grade = grade_choices(question, chosen)
        attempt = Attempt(delivery.id, grade.answer or ("1234567890",), grade.correct, 0.0)
        yield " and its verdict", quiz.verdict(lesson, question, delivery, attempt)


def _result(read: LessonDraft, lesson: Lesson) -> Iterator[Problem]:
    if lesson.questions:
        node = read.quiz[0]
        yield from _over(quiz.result(lesson, {}, False), "the quiz's result", node.file, node.line)


def _example(read: LessonDraft, lesson: Lesson, example: Example) -> Iterator[Problem]:
    node = next(node for node in read.head.items("examples") if node.text("id") == example.id)
    ids = RunId(LARGE), LearnerId(LARGE), LARGE
    values = {parameter.name: parameter.default for parameter in example.parameters}
    run = Run(*ids, lesson.id, example.id, values, example.source, 0.0)
    screens = [own_code.to_edit(example), runs.source(example, run)]
    if example.parameters:
        screens.append(runs.tune(lesson, example, {}))
    for screen in screens:
        yield from _over(screen, f"example `{example.id}`", node.file, node.line)
