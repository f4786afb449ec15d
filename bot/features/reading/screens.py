"""The list of lessons, and a lesson page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import wording
from bot.domain.learning import Standing
from bot.domain.messages import Attachment
from bot.features.classes.buttons import Classes
from bot.features.own_code.buttons import Edit
from bot.features.progress.buttons import Progress
from bot.features.quiz.buttons import StartQuiz
from bot.features.reading.buttons import LessonsPage
from bot.features.reading.pages import PageText, Room, laid_out
from bot.runs.buttons import RunExample, Tune
from bot.telegram.actions import Action
from bot.telegram.listing import Entry, listed
from bot.telegram.richtext import (
    CAPTION_UNITS,
    MESSAGE_ENTITIES,
    MESSAGE_UNITS,
    Text,
    bold,
    italic,
    lines,
    paragraphs,
    text,
    units,
)
from bot.telegram.screen import Button, Row, Screen
from bot.turns.buttons import Lessons, Read
from bot.turns.screens import OWN_CODE
from lessons.model import Course, Example, Lesson, Role, Section

TEACHES = "You are an instructor here: /newclass makes a class, and /help shows what else you can do."
HEADER_UNITS = 256
"""Room kept on each page for the lesson's and the section's title."""
HEADER_MARKS = 24
"""What such a header has beside the two titles: numbers, marks and line ends."""
HEADER_ENTITIES = 2


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a lesson: `number` counts from 1 over the whole lesson, `index` from 0 within the section."""

    section: Section
    index: int
    number: int
    last_of_section: bool
    sheet: PageText

    @property
    def body(self) -> Text:
        return self.sheet.text


def room(lesson: Lesson, section: Section) -> Room:
    """What a page of this section holds below its header."""
    header = units(lesson.title) + units(section.title) + HEADER_MARKS
    return Room(MESSAGE_UNITS - HEADER_UNITS, CAPTION_UNITS - header, MESSAGE_ENTITIES - HEADER_ENTITIES)


def all_pages(lesson: Lesson) -> list[Page]:
    """A lesson's pages in order."""
    laid: list[Page] = []
    for section in lesson.sections:
        sheets = laid_out(section.body, room(lesson, section), frozenset(section.pictures)).sheets or (
            PageText(Text(), 0),
        )
        before = len(laid)
        laid += [Page(section, i, before + i + 1, i == len(sheets) - 1, sheet) for i, sheet in enumerate(sheets)]
    return laid


def find_page(lesson: Lesson, section: str, index: int) -> Page:
    """The page asked for; the section's last if it has fewer now, the lesson's first if the section is gone."""
    laid = all_pages(lesson)
    of_section = [p for p in laid if p.section.id == section]
    return of_section[min(index, len(of_section) - 1)] if of_section else laid[0]


def lesson_list(course: Course, standings: Mapping[str, Standing], page: int = 0) -> Screen:
    """A page of it, from 0: a long course has several."""
    blocks = []
    for lesson in course.lessons:
        standing = standings.get(lesson.id, Standing(lesson.id))
        read = len(standing.sections_read & {s.id for s in lesson.sections})
        total = len(lesson.sections)
        where = f"{lesson.minutes} min · {wording.bar(read, total)} {read} of {total} sections"
        verb = "Begin" if not read else "Read again" if read == len(lesson.sections) else "Go on"
        way: Row = (Button(f"{verb}: {lesson.title}", Read(lesson.id), style="primary"),)
        blocks.append(Entry(lines(bold(lesson.title), where, lesson.summary), (way,)))
    return listed("Lessons", blocks, page, LessonsPage)


def page(lesson: Lesson, shown: Page, following: Lesson | None = None) -> Screen:
    """`following` is the lesson after this one; its way stands on the last page of a lesson without a quiz."""
    laid = all_pages(lesson)
    header = lines(italic(f"{lesson.title} · {shown.number} of {len(laid)}"), bold(shown.section.title))
    rows = (*_example_rows(lesson, shown), *_section_rows(lesson, shown), _way(lesson, laid, shown, following))
    return Screen(paragraphs(header, shown.body), rows, _picture(shown))


def _picture(shown: Page) -> Attachment | None:
    name = shown.sheet.picture
    return Attachment(name.rpartition("/")[2], shown.section.pictures[name], picture=True) if name else None


def _section_rows(lesson: Lesson, shown: Page) -> list[Row]:
    """A way to each section that the text links to."""
    linked = [section for id in shown.sheet.sections if (section := lesson.section(id)) and section != shown.section]
    return [(Button(f"📖 {section.title}", Read(lesson.id, section.id)),) for section in linked]


def _example_rows(lesson: Lesson, shown: Page) -> list[Row]:
    """ "Run this example" under each example whose code stands on this page."""
    examples = [
        e for id in shown.section.examples if (e := lesson.example(id)) and e.source.strip() in shown.body.plain
    ]
    alone = len(examples) == 1
    return [row for example in examples for row in _rows_of(lesson, example, alone)]


def _rows_of(lesson: Lesson, example: Example, alone: bool) -> tuple[Row, Row]:
    label = "▶ Run this example" if alone else f"▶ {example.title}"
    values = (Button("⚙ Values", Tune(lesson.id, example.id)),) if example.parameters else ()
    return (
        (Button(label, run_action(lesson, example), style="success"),),
        (*values, Button("✎ Edit", Edit(lesson.id, example.id))),
    )


def run_action(lesson: Lesson, example: Example) -> Action:
    return RunExample(lesson.id, example.id)


def _way(lesson: Lesson, laid: list[Page], shown: Page, following: Lesson | None) -> Row:
    """Back and Next; after the last page comes the quiz, or else the next lesson."""
    before = laid[shown.number - 2] if shown.number > 1 else None
    after = laid[shown.number] if shown.number < len(laid) else None
    back = Button("‹ Back", _read(lesson, before)) if before else Button("☰ Lessons", Lessons())
    if after:
        return back, Button("Next ›", _read(lesson, after), style="primary")
    if lesson.questions:
        return back, Button("Take the quiz ›", StartQuiz(lesson.id), style="primary")
    if following:
        return back, Button("Next lesson ›", Read(following.id), style="primary")
    return back, Button("My progress ›", Progress())


def _read(lesson: Lesson, at: Page) -> Read:
    return Read(lesson.id, at.section.id, at.index)


def welcome(course: Course, name: str, resume: Lesson | None, instructs: bool = False) -> Screen:
    """The first message. `resume` is the lesson a returning learner was reading."""
    classes: Row = (Button("🎓 My classes", Classes()),) if instructs else ()
    if resume:
        hello = text("Welcome back, ", bold(name), "! You were reading ", bold(resume.title), ".")
        go = Button("Go on where I left off", Read(resume.id), style="primary")
        return Screen(
            hello,
            ((go,), (Button("☰ All lessons", Lessons()), Button("My progress", Progress())), classes),
        )
    first = course.lessons[0]
    main = next(iter(first.of_role(Role.TRAIN)), None)
    hello = paragraphs(
        text("Hello, ", bold(name), "! I teach machine learning with TensorFlow and Keras, here in the chat."),
        "You read a short lesson, answer a few questions, and train real models:"
        " send /train and watch the epochs come in.",
        OWN_CODE,
        text("We begin with ", bold(first.title), f" ({first.minutes} min)."),
        "You are an instructor here: /newclass makes a class, and /help shows what else you can do."
        if instructs
        else "",
    )
    keys: list[Row] = [(Button("Begin the lesson", Read(first.id), style="primary"),)]
    if main:
        keys.append((Button("▶ Train a model right now", run_action(first, main)),))
    keys.append(classes)
    return Screen(hello, tuple(keys))


def lesson_gone() -> Screen:
    return Screen(
        text("The lesson behind this link is not in the course. Perhaps another one is what you want:"),
        ((Button("☰ Lessons", Lessons(), style="primary"),),),
    )
