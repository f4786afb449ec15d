"""Saying what a class has to do, and by when."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain import dates
from bot.domain.classes import Cohort
from bot.domain.ids import CohortId
from bot.features.assignments import jobs, screens
from bot.features.assignments.buttons import AssignNow, Unassign
from bot.features.classes.buttons import Card
from bot.turns.choosing import TEACH, own
from bot.turns.people import own_zone
from bot.turns.prompts import Prompt
from bot.turns.turn import Turn
from lessons.model import Course, Lesson

FORMS = dates.EXAMPLES[:3]
_BY = re.compile(r"(?:(.*)\s)?by\b\s*(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class AskDate(Prompt, kind="assign", most_words=16, yields_to=()):
    """The next message says the lesson and the date; only the date when the lesson is known."""

    cohort: int
    lesson: str = ""


def take_date(turn: Turn, asked: AskDate) -> None:
    """The message says what was asked for."""
    cohort = own(turn, CohortId(asked.cohort))
    if cohort:
        begin(turn, cohort, turn.incoming.text, asked.lesson)


def begin(turn: Turn, cohort: Cohort, typed: str, before: str = "") -> None:
    """Show what would be assigned; what is missing, or cannot be read, is asked for. `before` is the id of a lesson
    that was named before."""
    if not typed.strip():
        _ask(turn, cohort)
        turn.show(screens.ask(cohort, turn.course, FORMS), TEACH)
        return
    name, when = _divided(turn, typed.strip(), bool(before))
    matching = matches(turn.course, name) if name else _only(turn.course, before)
    if len(matching) != 1:
        _ask(turn, cohort)
        turn.say(screens.unknown_lesson(name, matching, turn.course, FORMS))
    else:
        _preview(turn, cohort, matching[0], when)


def _ask(turn: Turn, cohort: Cohort, lesson: str = "") -> None:
    turn.ask(AskDate(cohort.id, lesson))


def _divided(turn: Turn, typed: str, lesson_is_known: bool) -> tuple[str, str]:
    """What names the lesson, and what the date; either may be missing."""
    if matches(turn.course, typed):
        return typed, ""
    if found := _BY.fullmatch(typed):
        return (found[1] or "").strip(), found[2].strip()
    try:
        dates.read(typed, turn.now, own_zone(turn))
    except dates.OutOfReach:
        return "", typed
    except dates.NotADate:
        return ("", typed) if lesson_is_known or _only(turn.course) else (typed, "")
    return "", typed


def matches(course: Course, name: str) -> list[Lesson]:
    """Lessons with this id or title, else those whose title begins so, in any case; only lessons with a quiz."""
    wanted = " ".join(name.casefold().split())
    lessons = screens.quizzed(course)
    exact = [lesson for lesson in lessons if wanted in (lesson.id, lesson.title.casefold())]
    return exact[:1] or [lesson for lesson in lessons if wanted and lesson.title.casefold().startswith(wanted)]


def _only(course: Course, id: str = "") -> list[Lesson]:
    """The lesson that need not be named: that with this id, or the course's only one."""
    lessons = screens.quizzed(course)
    return [lesson for lesson in lessons if lesson.id == id] or (lessons if len(lessons) == 1 else [])


def _preview(turn: Turn, cohort: Cohort, lesson: Lesson, when: str) -> None:
    local = own_zone(turn)
    try:
        due_at = dates.read(when, turn.now, local)
    except dates.NotADate:
        refusal = screens.not_a_date(when, dates.EXAMPLES)
    except dates.Past as error:
        refusal = screens.past(error.at, local)
    except dates.TooFar as error:
        refusal = screens.too_far(error.at, local)
    else:
        now_due = turn.tables.cohorts.assignment(cohort.id, lesson.id)
        shown_zone = local if turn.learner.zone else None
        screen = screens.preview(cohort, lesson, int(due_at // 60), shown_zone, now_due.due_at if now_due else None)
        turn.show(screen, TEACH)
        return
    _ask(turn, cohort, lesson.id)
    turn.say(refusal)


def assign_now(turn: Turn, pressed: AssignNow) -> None:
    """Twice is like once. A preview may be old, so its date is looked at again."""
    cohort = own(turn, CohortId(pressed.cohort))
    lesson = turn.course.lesson(pressed.lesson)
    due_at = 60.0 * pressed.minute
    if cohort is None:
        return
    if lesson is None:
        turn.toast("This lesson is no longer in the course.", alert=True)
    elif not turn.now < due_at <= turn.now + dates.LATEST:
        turn.toast("That date is over, or too far ahead. Please send another one.", alert=True)
    elif jobs.assign(turn.tables, cohort, lesson, due_at, turn.learner.id, turn.now):
        turn.toast("Assigned. I tell those who have not passed it.")
    else:
        turn.toast("It is assigned already.")
    turn.open(Card(cohort.id))


def unassign(turn: Turn, pressed: Unassign) -> None:
    cohort = own(turn, CohortId(pressed.cohort))
    if cohort:
        gone = jobs.unassign(turn.tables, cohort.id, pressed.lesson)
        turn.toast("It is not due any more." if gone else "It was not assigned.")
        turn.open(Card(cohort.id))
