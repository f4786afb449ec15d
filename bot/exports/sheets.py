"""Tables of a class, for any file format."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from bot.domain import wording
from bot.domain.classes import Member
from bot.domain.ids import LearnerId
from bot.domain.traces import Answered, Ran, Traces
from bot.exports.naming import Naming
from bot.reports.measures import held, plain
from bot.reports.running import outcome, title_of
from bot.reports.scope import Scope
from bot.reports.values import GradebookRow, QuestionFigures, WrittenAnswer
from bot.reports.wordings import Wordings
from lessons.model import Kind, Lesson, Question
from lessons.numbers import exactly
from lessons.numbers import shown as number

Cell: TypeAlias = str | int | float | bool | datetime | None
"""A datetime has a time zone; None is an empty cell."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name` is of at most 31 characters."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def gradebook(grades: Iterable[GradebookRow], scope: Scope, naming: Naming) -> Sheet:
    """A row for each learner and lesson, with 1 or 0 for the first answer to each question of the lessons in view.
    Where something is due, more columns hold whether it was passed in time, and what was reached by then.

    Under pseudonyms the rows are in the order of those: the order of names would give people away.
    """
    lessons = {lesson.id: lesson for lesson in scope.lessons}
    asked = [question.id for lesson in scope.lessons for question in lesson.questions]
    fixed = ("name", "username", "id", "lesson", "submitted", "score %", "right", "total", "passed")
    timely = ("best reached", "due", "passed in time", "score % when due")
    rows, found = [], list(grades)
    any_due = any(grade.due_at is not None for grade in found)
    for grade in found:
        who = naming.of(grade.member)
        given: list[Cell] = [int(grade.questions[id]) if id in grade.questions else None for id in asked]
        times = (_time(grade.best_at, scope), _time(grade.due_at, scope), grade.in_time, _percent(grade.score_when_due))
        rows.append(
            (
                who.name,
                who.username,
                who.id,
                lessons[grade.lesson].title if grade.lesson in lessons else grade.lesson,
                _time(grade.submitted_at, scope),
                _percent(grade.score),
                grade.right,
                grade.total,
                grade.passed,
                *(times if any_due else ()),
                *given,
            )
        )
    if naming.pseudonyms:
        rows.sort(key=lambda row: str(row[2]))
    return Sheet("Gradebook", (*fixed, *(timely if any_due else ()), *asked), tuple(rows))


def questions(figures: Iterable[QuestionFigures], scope: Scope, naming: Naming) -> Sheet:
    """A row for each question; of each choice its text and how many took it at first and at last. All of a row is about
    the question as it is now; learners who answered it before its key or choices changed are counted in one cell.

    Under pseudonyms a wrong answer in writing is told when two learners gave it: one of a single learner may hold
    anything, a name too, and nobody knows here whose it is.
    """
    fewest = 2 if naming.pseudonyms else 1
    found = list(figures)
    titles = {lesson.id: lesson.title for lesson in scope.lessons}
    letters = [wording.letter(place) for place in range(max((len(f.choices) for f in found), default=0))]
    fixed = ("lesson", "number", "question", "prompt", "learners", "facility", "discrimination", "hinted")
    more = ("median seconds", "flags", "right", "written answers", "answered before it changed")
    header = (*fixed, *more, *(f"{name}{what}" for name in letters for what in ("", " first", " last")))
    rows = []
    for f in found:
        counts: list[Cell] = [cell for choice in f.choices for cell in (choice.text, choice.first, choice.last)]
        rows.append(
            (
                titles.get(f.lesson, f.lesson),
                f.number,
                f.question,
                f.prompt,
                f.n,
                _rounded(f.facility),
                _rounded(f.discrimination),
                f.hinted,
                _rounded(f.median_seconds, 1),
                ", ".join(flag.kind for flag in f.flags),
                ", ".join(choice.label for choice in f.choices if choice.correct),
                "; ".join(_told(w) for w in f.written if w.correct or w.learners >= fewest),
                f.earlier,
                *counts,
                *[None] * (3 * (len(letters) - len(f.choices))),
            )
        )
    return Sheet("Questions", header, tuple(rows))


def _told(answer: WrittenAnswer) -> str:
    return f"{answer.text} ({'right' if answer.correct else 'wrong'}, {answer.learners})"


def attempts(traces: Traces, scope: Scope, naming: Naming) -> Sheet:
    """Every answer in the lessons in view, oldest first. A learner who takes a quiz again has a first answer in each
    pass.

    Choices have the letters and the words that the learner saw, and the right answer is the one by which theirs was
    graded, whatever the course says by now.
    """
    fixed = ("time", "name", "id", "lesson", "question", "answer", "correct", "first in quiz", "hinted", "seconds")
    lessons, members = _in_view(traces, scope)
    wordings = Wordings(traces, scope)
    rows: list[tuple[Cell, ...]] = []
    for a in sorted(traces.answers, key=lambda a: (a.at, a.learner)):
        if a.lesson not in lessons or a.learner not in members:
            continue
        member = members[a.learner]
        who = naming.of(member)
        asked = wordings.of(a)
        chosen = _chosen(asked, a) if asked else None
        answer = naming.words(member, "; ".join(held(a.answer))) if chosen is None else chosen
        facts: tuple[Cell, ...] = (bool(a.correct), bool(a.first), bool(a.hinted), _rounded(a.seconds, 1))
        key = _key(asked) if asked and wordings.tells_key(a) else None
        rows.append((_time(a.at, scope), who.name, who.id, lessons[a.lesson].title, a.question, answer, *facts, key))
    return Sheet("Attempts", (*fixed, "right answer"), tuple(rows))


def runs(traces: Traces, scope: Scope, naming: Naming) -> Sheet:
    """Every run in the lessons in view, oldest first."""
    fixed = ("time", "name", "id", "lesson", "example", "verified", "parameters", "outcome")
    lessons, members = _in_view(traces, scope)
    rows: list[tuple[Cell, ...]] = []
    for run in sorted(traces.runs, key=lambda run: (run.queued_at, run.id)):
        if run.lesson not in lessons or run.learner not in members:
            continue
        member = members[run.learner]
        who = naming.of(member)
        rows.append(
            (
                _time(run.queued_at, scope),
                who.name,
                who.id,
                lessons[run.lesson].title,
                title_of(run, lessons[run.lesson]),
                bool(run.verified),
                naming.words(member, parameters(run)),
                outcome(run),
                _span(run.queued_at, run.started_at),
                _span(run.started_at, run.ended_at),
                run.metric,
                _rounded(run.figure, 4),
            )
        )
    return Sheet("Runs", (*fixed, "wait seconds", "run seconds", "metric", "figure"), tuple(rows))


def parameters(run: Ran) -> str:
    """Values that differ from the example's own, as one would type them: `epochs=20 batch_size=8`."""
    return wording.values(json.loads(run.parameters))


def _chosen(asked: Question, answer: Answered) -> str | None:
    """None when the question is answered in writing, and for choices that it does not have."""
    told, ids = _choices(asked), held(answer.answer)
    return "; ".join(told[id] for id in ids) if told and all(id in told for id in ids) else None


@lru_cache(maxsize=1024)
def _choices(asked: Question) -> dict[str, str]:
    """By id: a choice in words, `B: Backpropagation`."""
    return {choice.id: f"{wording.letter(place)}: {plain(choice.text)}" for place, choice in enumerate(asked.choices)}


@lru_cache(maxsize=1024)
def _key(asked: Question) -> str:
    """What is right, in words: choices, a number with its tolerance, or every spelling."""
    if asked.kind is Kind.NUMERIC:
        around = f" ± {number(exactly(asked.tolerance))}" if asked.tolerance else ""
        return number(exactly(asked.number or 0.0)) + around
    right = [_choices(asked)[choice.id] for choice in asked.choices if choice.correct]
    return "; ".join(right or asked.answers)


def _in_view(traces: Traces, scope: Scope) -> tuple[dict[str, Lesson], dict[LearnerId, Member]]:
    return {lesson.id: lesson for lesson in scope.lessons}, {member.id: member for member in traces.members}


def _time(at: float | None, scope: Scope) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, scope.zone)


def _span(begin: float | None, end: float | None) -> float | None:
    return None if begin is None or end is None else round(max(0.0, end - begin), 1)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)
