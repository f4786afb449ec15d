"""What each address shows. A page reads and has its figures made in one go in a reader's thread, and hands them to a
template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from starlette.responses import Response

from bot.dashboard import charts, roster
from bot.dashboard.filters import BadFilter, switch
from bot.dashboard.visit import ClassVisit, Visit
from bot.domain.classes import Assignment, Cohort
from bot.domain.ids import LearnerId
from bot.domain.traces import Traces
from bot.reports.attention import attention as attention_of
from bot.reports.due import due as due_of
from bot.reports.measures import in_view
from bot.reports.overview import overview as overview_of
from bot.reports.person import MOST_MOMENTS
from bot.reports.person import person as person_of
from bot.reports.questions import questions as questions_of
from bot.reports.running import run_figures
from bot.reports.scope import Scope
from bot.reports.values import ConcernGroup, DueFigures, Overview, QuestionFigures
from bot.store import Tables

T = TypeVar("T")
NO_FIGURE = ("output", "lost")
"""Outcomes that are only shown when there are any: most classes never see them."""


@dataclass(frozen=True, slots=True)
class Glance:
    """A class on a card."""

    cohort: Cohort
    overview: Overview
    concerns: tuple[ConcernGroup, ...]
    """Only groups with somebody in them."""
    due: tuple[Assignment, ...]


async def classes(visit: Visit) -> Response:
    """The instructor's classes."""
    scope = Scope(visit.site.services.course.lessons, visit.now, zone=visit.zone)

    def look(tables: Tables) -> tuple[Glance, ...]:
        return tuple(_glance(tables, cohort, scope) for cohort in visit.visitor.cohorts)

    return visit.page("classes.html", glances=await visit.read(look), course=visit.site.services.course)


def _glance(tables: Tables, cohort: Cohort, scope: Scope) -> Glance:
    traces = in_view(tables.traces.of_class(cohort.id), scope)
    concerns = _with_somebody(attention_of(traces, scope))
    return Glance(cohort, overview_of(traces, scope), concerns, tuple(tables.cohorts.assignments(cohort.id)))


async def overview(visit: ClassVisit) -> Response:
    """Figures follow the chosen days; concerns are computed over all time."""
    made = await figured(visit, _outlook)
    ever = await figured(_ever(visit), _outlook) if visit.filters.timed else made
    due = await visit.read(lambda tables: tables.cohorts.assignments(visit.cohort.id))
    return visit.page(
        "overview.html",
        figures=made.overview,
        concerns=ever.concerns,
        flagged=made.flagged,
        stand=ever.due,
        due=due,
        scores=charts.histogram(made.overview.scores),
        funnel=charts.funnel(made.overview.funnel, made.overview.enrolled),
        trend=charts.trend(made.overview.days),
    )


@dataclass(frozen=True, slots=True)
class ClassOutlook:
    """The overview, and what asks for something to be done."""

    overview: Overview
    concerns: tuple[ConcernGroup, ...]
    """Only groups with somebody in them."""
    flagged: tuple[QuestionFigures, ...]
    due: Mapping[str, DueFigures]
    """By lesson in view."""


def _outlook(traces: Traces, scope: Scope) -> ClassOutlook:
    return ClassOutlook(
        overview_of(traces, scope),
        _with_somebody(attention_of(traces, scope)),
        tuple(question for question in questions_of(traces, scope) if question.flags),
        {one.lesson: one for one in due_of(traces, scope)},
    )


def _with_somebody(groups: Iterable[ConcernGroup]) -> tuple[ConcernGroup, ...]:
    return tuple(group for group in groups if group.concerns)


async def questions(visit: ClassVisit) -> Response:
    """How each question does its work."""
    figures = await figured(visit, questions_of)
    lessons = [
        (lesson, [(one, charts.choices(one.choices, one.n)) for one in figures if one.lesson == lesson.id])
        for lesson in visit.scope.lessons
    ]
    return visit.page("questions.html", lessons=[(lesson, found) for lesson, found in lessons if found])


async def attention(visit: ClassVisit) -> Response:
    """Learners who need an instructor, with a form to write to them. Always over all time: the chosen days make
    nobody a learner who never started."""
    return visit.page("attention.html", groups=await figured(_ever(visit), attention_of))


async def learners(visit: ClassVisit) -> Response:
    """The class as a list."""
    sort = visit.request.query_params.get("sort", "name")
    if sort.removeprefix("-") not in roster.SORTS:
        known = ", ".join(roster.SORTS)
        raise BadFilter(f"sort={sort!r}: expected one of {known}, with a minus before it to turn it round")
    rows = roster.ordered(await figured(visit, roster.roster), sort)
    sections = sum(len(lesson.sections) for lesson in visit.scope.lessons)
    return visit.page("learners.html", rows=rows, sort=sort, sections=sections)


async def learner(visit: ClassVisit) -> Response:
    """One learner of the class."""
    found = await figured(visit, partial(person_of, learner=LearnerId(visit.request.path_params["learner"])))
    if found is None:
        return visit.page("missing.html", 404)
    return visit.page("learner.html", person=found, beside=charts.beside(found.against), most=MOST_MOMENTS)


async def runs(visit: ClassVisit) -> Response:
    """Runs: how they ended, how long they took, and what came of the values."""
    figures = await figured(visit, run_figures)
    shown = [one for one in figures.outcomes if one.runs or one.kind not in NO_FIGURE]
    return visit.page(
        "runs.html",
        figures=figures,
        outcomes=charts.outcomes(shown),
        examples=[(example, charts.boxes(example.settings)) for example in figures.examples],
    )


async def exports(visit: ClassVisit) -> Response:
    """What can be taken away."""
    return visit.page("exports.html", pseudonyms=switch(visit.request.query_params, "pseudonyms"))


def _ever(visit: ClassVisit) -> ClassVisit:
    return replace(visit, filters=visit.filters.ever)


async def figured(visit: ClassVisit, report: Callable[[Traces, Scope], T]) -> T:
    """A report of the class as the filters choose: read and made in one go, in a reader's thread."""
    scope = visit.scope
    return await visit.read(lambda tables: report(in_view(visit.traces(tables), scope), scope))
