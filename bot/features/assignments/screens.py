"""What is due: asked for, shown before it is set, told to learners, and reminded of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from bot.domain.classes import Cohort
from bot.features.assignments.buttons import AssignNow
from bot.features.classes.buttons import Card
from bot.telegram.richtext import Text, bold, code, italic, lines, moment, paragraphs, text
from bot.telegram.screen import Button, Screen
from bot.turns.buttons import Read
from lessons.model import Course, Lesson


def ask(cohort: Cohort, course: Course, examples: Sequence[str]) -> Screen:
    """`examples` are dates as one may write them."""
    lessons = quizzed(course)
    if len(lessons) == 1:
        what = text("By when should ", bold(cohort.name), " have passed the quiz of ", bold(lessons[0].title), "?")
    else:
        what = text("Which lesson's quiz should ", bold(cohort.name), " pass, and by when?")
    return Screen(paragraphs(what, _forms(course, examples)), (_cancel(cohort),))


def _forms(course: Course, examples: Sequence[str]) -> Text:
    lessons = quizzed(course)
    if len(lessons) == 1:
        return text("Send a date, like ", *_listed(examples), ".")
    form = code(f"{lessons[0].title} by {examples[0]}")
    listed = lines(*(text("• ", lesson.title) for lesson in lessons[:12]))
    return paragraphs(text("Send both, like ", form, "."), lines("The lessons:", listed))


def quizzed(course: Course) -> list[Lesson]:
    """Lessons that can be assigned: they have a quiz to pass."""
    return [lesson for lesson in course.lessons if lesson.questions]


def _listed(examples: Sequence[str]) -> list[Text | str]:
    woven: list[Text | str] = []
    for i, example in enumerate(examples):
        woven += [", " if 0 < i < len(examples) - 1 else " or " if i else "", code(example)]
    return woven


def preview(cohort: Cohort, lesson: Lesson, minute: int, zone: tzinfo | None, before: float | None) -> Screen:
    """`zone` is the instructor's, None if they have set none. `before`: what was due till now."""
    due = moment(60 * minute, zone) if zone else moment(60 * minute)
    was = text("Until now it was due ", moment(before, zone) if zone else moment(before), ".") if before else Text()
    return Screen(
        paragraphs(
            text(bold(cohort.name), " should have passed the quiz of ", bold(lesson.title), " by:"),
            bold(due),
            was,
            "" if zone else italic("Times are in UTC; /zone sets yours."),
            "Learners who have not passed it are told now, and reminded once before it is due.",
        ),
        ((Button("Assign", AssignNow(cohort.id, lesson.id, minute), style="primary"),), _cancel(cohort)),
    )


def _cancel(cohort: Cohort) -> tuple[Button, ...]:
    return (Button("Cancel", Card(cohort.id)),)


def unknown_lesson(typed: str, matching: Sequence[Lesson], course: Course, examples: Sequence[str]) -> Screen:
    """No lesson is called so, or several are."""
    name = typed.strip()[:80]
    if matching:
        why = text("Several lessons begin with “", name, "”: ", ", ".join(m.title for m in matching[:6]), ".")
    elif name:
        why = text("No lesson with a quiz is called “", name, "”.")
    else:
        why = text("Which lesson do you mean?")
    return Screen(paragraphs(why, _forms(course, examples)))


def not_a_date(typed: str, examples: Sequence[str]) -> Screen:
    what = text("I cannot read “", typed.strip()[:80], "” as a date.") if typed.strip() else text("By when?")
    return Screen(paragraphs(what, text("Try ", *_listed(examples), ".")))


def past(at: float, zone: tzinfo) -> Screen:
    return Screen(
        paragraphs(text("That is over: I read it as ", moment(at, zone), "."), "Send a date that is to come.")
    )


def too_far(at: float, zone: tzinfo) -> Screen:
    return Screen(
        paragraphs(
            text("That is more than a year ahead: I read it as ", moment(at, zone), "."), "Send one within a year."
        )
    )


def assigned(cohort_name: str, lesson: Lesson, due_at: float, zone: tzinfo) -> Screen:
    """What learners are told."""
    return Screen(
        paragraphs(
            text("📌 ", bold(cohort_name)),
            text("Please pass the quiz of ", bold(lesson.title), " by ", moment(due_at, zone), "."),
        ),
        (_go(lesson),),
    )


def reminder(cohort_name: str, lesson: Lesson, due_at: float, zone: tzinfo) -> Screen:
    return Screen(
        paragraphs(
            text("⏰ ", bold(cohort_name)),
            text(
                "The quiz of ",
                bold(lesson.title),
                " is due ",
                moment(due_at, zone),
                ", and you have not passed it yet.",
            ),
            "There is still time.",
        ),
        (_go(lesson),),
    )


def _go(lesson: Lesson) -> tuple[Button, ...]:
    return (Button("Open the lesson", Read(lesson.id), style="primary"),)
