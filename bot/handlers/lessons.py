"""Finding a lesson and reading it."""

from __future__ import annotations

from collections.abc import Mapping

from bot import buttons
from bot.handlers.classes import due_of
from bot.handlers.people import own_zone
from bot.records import SectionEnd, Standing
from bot.screens import lessons as screens
from bot.screens import progress as progress_screens
from bot.screens.classes import Due
from bot.turn import Turn
from lessons.model import Lesson


def start(turn: Turn) -> None:
    """`/start`: a welcome, or where a returning learner left off."""
    last = turn.tables.reading.current_lesson(turn.learner.id)
    resume = turn.course.lesson(last) if last else None
    turn.show(screens.welcome(turn.course, turn.learner.name, resume, turn.instructs))


def lessons(turn: Turn, page: int = 0) -> None:
    turn.show(screens.lesson_list(turn.course, turn.tables.reading.standings(turn.learner.id), page))


def show_lessons(turn: Turn, pressed: buttons.Lessons) -> None:
    lessons(turn)


def turn_lessons(turn: Turn, pressed: buttons.LessonsPage) -> None:
    lessons(turn, pressed.page)


def read(turn: Turn, pressed: buttons.Read) -> None:
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
    turn.show(screens.page(lesson, page), reads=reads)


def progress(turn: Turn, page: int = 0) -> None:
    last = next(iter(turn.tables.runs.past(turn.learner.id, 0, 1)), None)
    lesson = turn.course.lesson(last.lesson) if last else None
    example = lesson.example(last.example) if last and lesson else None
    title = example.title if example else last.example if last else ""
    standings = turn.tables.reading.standings(turn.learner.id)
    due = _due(turn, standings)
    shown = progress_screens.progress(turn.course, turn.learner.name, standings, last, title, due, own_zone(turn), page)
    turn.show(shown)


def _due(turn: Turn, standings: Mapping[str, Standing]) -> dict[str, list[Due]]:
    """By lesson: by when it is due in each class of the learner's, under the class' name."""
    found: dict[str, list[Due]] = {}
    for cohort in turn.tables.cohorts.of_learner(turn.learner.id):
        for assignment in turn.tables.cohorts.assignments(cohort.id):
            due = due_of(cohort.name, assignment, standings.get(assignment.lesson))
            found.setdefault(assignment.lesson, []).append(due)
    return found


def show_progress(turn: Turn, pressed: buttons.Progress) -> None:
    progress(turn)


def turn_progress(turn: Turn, pressed: buttons.ProgressPage) -> None:
    progress(turn, pressed.page)
