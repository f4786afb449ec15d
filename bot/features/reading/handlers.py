"""Finding a lesson and reading it."""

from __future__ import annotations

from bot.domain.learning import SectionEnd
from bot.features.reading import screens
from bot.features.reading.buttons import LessonsPage
from bot.turns import links
from bot.turns.buttons import Read
from bot.turns.turn import Turn
from lessons.model import Lesson


def start(turn: Turn) -> None:
    """`/start` alone welcomes, or says where a returning learner left off. With a payload it opens what the link is
    for."""
    payload = next(iter(turn.incoming.arguments), "")
    if payload:
        links.open_payload(turn, payload)
        return
    last = turn.tables.reading.current_lesson(turn.learner.id)
    resume = turn.course.lesson(last) if last else None
    turn.show(screens.welcome(turn.course, turn.learner.name, resume, turn.instructs))


def lessons(turn: Turn, page: int = 0) -> None:
    turn.show(screens.lesson_list(turn.course, turn.tables.reading.standings(turn.learner.id), page))


def turn_lessons(turn: Turn, pressed: LessonsPage) -> None:
    lessons(turn, pressed.page)


def read(turn: Turn, pressed: Read) -> None:
    """A page by name; without one, the page where the learner left off."""
    lesson = turn.course.lesson(pressed.lesson)
    if lesson is None:
        turn.toast("This lesson is no longer in the course.", alert=True)
        lessons(turn)
    elif pressed.section:
        open_page(turn, lesson, pressed.section, pressed.page)
    else:
        mark = turn.tables.reading.bookmark(turn.learner.id, lesson.id)
        open_page(turn, lesson, mark.section if mark else "", mark.page if mark else 0)


def open_page(turn: Turn, lesson: Lesson, section: str, index: int) -> None:
    """Show a page, and remember it as the learner's place."""
    page = screens.find_page(lesson, section, index)
    turn.tables.reading.turn_to(turn.learner.id, lesson.id, page.section.id, page.index, turn.now)
    # Read is what reached the learner: a page that Telegram refuses is not.
    reads = SectionEnd(lesson.id, page.section.id) if page.last_of_section else None
    turn.show(screens.page(lesson, page, turn.course.after(lesson)), reads=reads)


def open_link(turn: Turn, lesson: str) -> None:
    """`/start l-LESSON`"""
    if turn.course.lesson(lesson):
        read(turn, Read(lesson))
    else:
        turn.say(screens.lesson_gone())
