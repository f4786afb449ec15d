"""Where a learner stands, as a picture in text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from types import MappingProxyType

from bot.domain import mastery, wording
from bot.domain.classes import Due
from bot.domain.headline import headline
from bot.domain.learning import Standing
from bot.domain.runs import Run
from bot.features.progress.buttons import ProgressPage
from bot.runs.buttons import Runs
from bot.telegram.listing import Entry, listed
from bot.telegram.richtext import Text, bold, lines, moment, text
from bot.telegram.screen import Button, Row, Screen
from bot.turns.buttons import Read
from lessons.model import Course, Lesson

MOST_DUE = 3
"""Classes that are shown under a lesson; /class has them all."""


def progress(
    course: Course,
    name: str,
    standings: Mapping[str, Standing],
    last: Run | None,
    last_title: str,
    due: Mapping[str, Sequence[Due]] = MappingProxyType({}),
    zone: tzinfo = UTC,
    page: int = 0,
) -> Screen:
    """`due` has for each lesson by when it is due in the learner's classes, under the class' name. `page` counts from
    0: a long course has several."""
    blocks = [
        Entry(
            lines(_lesson(lesson, standings.get(lesson.id, Standing(lesson.id))), *_due(due.get(lesson.id, ()), zone)),
            ((Button(f"📖 {lesson.title}", Read(lesson.id)),),),
        )
        for lesson in course.lessons
    ]
    latest = lines(bold("Last run"), text(last_title, "  ", _result(last))) if last else Text()
    runs: tuple[Row, ...] = ((Button("🗂 My runs", Runs()),),) if last else ()
    return listed(f"Where you stand, {name}", blocks, page, ProgressPage, Entry(latest, runs))


def _lesson(lesson: Lesson, standing: Standing) -> Text:
    read = len(standing.sections_read & {s.id for s in lesson.sections})
    return lines(
        bold(lesson.title),
        f"{wording.bar(read, len(lesson.sections))}  {read} of {len(lesson.sections)} sections read",
        _quiz(lesson, standing),
        _runs(standing),
    )


def _quiz(lesson: Lesson, standing: Standing) -> str:
    best = mastery.best(standing.finished)
    if best is None:
        return f"{wording.bar(0, 1)}  quiz of {wording.count(len(lesson.questions), 'question')}, not finished yet"
    right, total = best.right or 0, best.total or 0
    mark = " · passed" if mastery.is_passed(best) else ""
    several = f" (best of {len(standing.finished)})" if len(standing.finished) > 1 else ""
    return f"{wording.bar(right, total)}  {right} of {total} right at the first try{several}{mark}"


def _due(due: Sequence[Due], zone: tzinfo) -> Iterator[Text]:
    for one in due[:MOST_DUE]:
        state = f" · {one.state}" if one.state else ""
        yield text("✓ " if one.passed else "• ", f"{one.title}: by ", moment(one.at, zone), state)


def _runs(standing: Standing) -> str:
    if not standing.runs:
        return f"{wording.bar(0, 1)}  no model trained yet"
    total = wording.count(standing.runs, "run")
    return f"{wording.bar(standing.runs_finished, standing.runs)}  {total}, {standing.runs_finished} finished"


def _result(run: Run | None) -> str:
    if run is None:
        return ""
    best = headline(run.history, run.judgements)
    if best is None:
        return str(run.state)
    mean = f", the mean of {best.models} models" if best.models > 1 else ""
    if best.evaluated:
        learned = " on what it learned from" if best.of_training_data else ""
        return f"accuracy {wording.percent(best.figure)}{learned}{mean}"
    return f"{wording.metric_name(best.metric)} {wording.figure(best.figure)}{mean}"
