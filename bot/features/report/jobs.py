"""A class' report in the chat: asked for in a turn, built beside the writer, and sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.domain import wording
from bot.domain.classes import Cohort
from bot.domain.ids import CohortId, LearnerId
from bot.domain.messages import Attachment, Mode
from bot.domain.traces import Traces
from bot.domain.zones import zone
from bot.exports import files, sheets
from bot.exports.naming import Naming
from bot.features.classes.buttons import Card
from bot.features.pulse.buttons import WatchPulse
from bot.features.report.picture import class_report
from bot.reports.attention import attention
from bot.reports.due import due
from bot.reports.gradebook import gradebook
from bot.reports.measures import in_view
from bot.reports.overview import overview
from bot.reports.questions import questions
from bot.reports.scope import Scope
from bot.reports.values import ConcernGroup, DueFigures, Overview, QuestionFigures
from bot.store import Tables
from bot.telegram.richtext import Text, bold, lines, moment, paragraphs, text
from bot.telegram.screen import Button, Screen
from bot.turns.jobs import Occasion
from bot.turns.screens import not_yours
from lessons.model import Course

KIND = "report"
"""Kind of the timer; its payload is the chat, the class, and who asked."""

MOST_DUE = 5


class Built(NamedTuple):
    chat: int
    screens: list[Screen]


def read(due: Occasion) -> Built:
    """Beside the writer: the report, if who asked teaches the class at this moment."""
    tables, payload = due.tables, due.payload
    by, cohort = LearnerId(payload["by"]), CohortId(payload["cohort"])
    teaches = due.identity.authority.instructs(by, tables.instructors)
    if not teaches or tables.cohorts.taught(cohort, by) is None:
        return Built(payload["chat"], [not_yours()])
    asker = tables.learners.get(by)
    return Built(payload["chat"], build(tables, due.course, cohort, due.now, asker.zone if asker else None))


def send(due: Occasion) -> None:
    """The timer's work."""
    built: Built = due.found
    for screen in built.screens:
        due.tables.outbox.add(screen.outgoing(built.chat, "", Mode.NEW), due.now)


def build(
    tables: Tables, course: Course, cohort_id: CohortId, now: float, zone_name: str | None = None
) -> list[Screen]:
    """What an instructor gets to see, message by message: a summary with a picture, and the gradebook as documents.
    Times and days are in this zone."""
    cohort = tables.cohorts.get(cohort_id)
    if cohort is None:
        return [not_yours()]
    scope = Scope(course.lessons, now, zone=zone(zone_name))
    traces = in_view(tables.traces.of_class(cohort_id), scope)
    figures = overview(traces, scope)
    body = paragraphs(
        text("📊 ", bold(cohort.name)),
        _numbers(figures),
        _due(due(traces, scope), scope),
        _weakest(questions(traces, scope)),
        _attention(attention(traces, scope)),
    )
    keys = (Button("Pulse", WatchPulse(cohort_id)), Button("The class", Card(cohort_id)))
    picture = Attachment("class.jpg", class_report(cohort.name, figures), picture=True)
    return [Screen(body, (keys,), picture), *_gradebook(cohort, traces, scope)]


def _gradebook(cohort: Cohort, traces: Traces, scope: Scope) -> Iterator[Screen]:
    """As CSV and as XLSX: which of them opens well hangs on the program, and on the language of its settings."""
    sheet = sheets.gradebook(gradebook(traces, scope), scope, Naming(cohort, pseudonyms=False))
    about = text(
        "The gradebook of ", bold(cohort.name), " as CSV, a row a learner and lesson. Times: ", f"{scope.zone}."
    )
    yield Screen(about, attachment=Attachment("gradebook.csv", files.as_csv(sheet), picture=False))
    same = "The same as XLSX, for Excel and other spreadsheets. More is on the /dashboard."
    yield Screen(text(same), attachment=Attachment("gradebook.xlsx", files.as_xlsx([sheet]), picture=False))


def _numbers(figures: Overview) -> Text:
    """A bar for each step, over everybody enrolled."""
    steps = (
        ("started", figures.started),
        ("finished the quizzes", figures.finished),
        ("passed", figures.passed),
    )
    bars = [f"{wording.bar(n, figures.enrolled)}  {n} {label}" for label, n in steps]
    never = f"{figures.never_started} never started"
    away = f"{figures.inactive} away for over a week"
    return lines(f"{wording.count(figures.enrolled, 'learner')} enrolled", *bars, f"{never} · {away}")


def _due(figures: tuple[DueFigures, ...], scope: Scope) -> Text:
    rows = [
        text(f"{one.title}: ", moment(one.due_at, scope.zone), f" · {_passed(one, scope)}")
        for one in figures[:MOST_DUE]
    ]
    more = f"and {len(figures) - MOST_DUE} more" if len(figures) > MOST_DUE else ""
    return lines(bold("Quizzes to pass"), *rows, more) if rows else Text()


def _passed(one: DueFigures, scope: Scope) -> str:
    if scope.now <= one.due_at:
        return f"{one.passed} of {one.enrolled} passed so far"
    return f"{one.in_time} of {one.enrolled} passed in time, {one.passed} by now"


def _weakest(figures: tuple[QuestionFigures, ...]) -> Text:
    """The question that fewest got right at the first try."""
    answered = [question for question in figures if question.n and question.facility is not None]
    if not answered:
        return Text()
    weakest = min(answered, key=lambda question: question.facility or 0.0)
    prompt = wording.shortened(weakest.prompt, 160)
    share, learners = wording.percent(weakest.facility or 0.0), wording.count(weakest.n, "learner")
    right = f"{share} of {learners} right at the first try"
    return lines(bold("Weakest question"), f"Question {weakest.number}: {prompt}", right)


def _attention(groups: tuple[ConcernGroup, ...]) -> Text:
    rows = [f"• {group.title}: {len(group.concerns)}" for group in groups if group.concerns]
    return lines(bold("Needs attention"), *rows) if rows else Text("Nobody needs attention right now.")
