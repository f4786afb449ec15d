"""A run has one headline figure: the chat, the class' pages, the files and the statements all tell the same."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import NamedTuple

import pytest

from bot.domain import wording
from bot.domain.classes import Cohort
from bot.domain.runs import Epoch, Judgement, Order, Run, RunState
from bot.exports import sheets, xapi
from bot.exports.files import as_csv
from bot.exports.naming import Naming
from bot.features.progress import screens as progress
from bot.features.training import screens as training
from bot.reports.person import person
from bot.reports.running import run_figures
from bot.reports.scope import Scope
from bot.runs import screens as runs
from bot.store import Store, Tables
from lessons.model import Course
from tests.support.desk import ADA, IRIS, NOW

TRAINED = Judgement(True, 20, {"loss": 0.3}, 0.9125, fit=1, model=1)
BASELINE = Judgement(False, 20, {"loss": 2.3}, 0.10)
UNCOUNTED = Judgement(True, None, {"loss": 0.3}, 0.8375)
SECOND = Judgement(True, 20, {"loss": 0.3}, 0.7125, fit=1, model=2)
EPOCH = Epoch(1, 1, {"loss": 0.5, "accuracy": 0.875, "val_loss": 0.625, "val_accuracy": 0.75}, 0.1, fit=1, model=1)


class Case(NamedTuple):
    history: tuple[Epoch, ...]
    judgements: tuple[Judgement, ...]
    metric: str | None
    figure: float | None


CASES = {
    "a baseline judged last": Case((), (TRAINED, BASELINE), "accuracy", 0.9125),
    "a baseline alone": Case((), (BASELINE,), None, None),
    "a baseline after training": Case((EPOCH,), (BASELINE,), "val_accuracy", 0.75),
    "examples that nobody counted": Case((EPOCH,), (UNCOUNTED,), "accuracy", 0.8375),
    "the mean of two models": Case((), (TRAINED, SECOND), "accuracy", 0.8125),
    "a regression": Case((), (Judgement(True, 20, {"loss": 1.5}),), None, None),
}


@dataclass(frozen=True)
class Told:
    """What each place says of the run."""

    at_its_end: str
    in_the_list: str
    in_progress: str
    of_the_learner: str
    of_the_class: tuple[str | None, float | None]
    in_the_file: tuple[str, str]
    in_the_statements: tuple[str | None, float | None]


def of_run(tables: Tables, course: Course, case: Case) -> Told:
    lesson = course.lessons[0]
    example = lesson.examples[0]
    tables.learners.meet(ADA, "Ada", None, None, NOW)
    cohort = tables.cohorts.create("Autumn", "AAAAAAAA", "salt", IRIS, NOW)
    tables.cohorts.enrol(cohort.id, ADA, NOW)
    added = tables.runs.add(Order(ADA, ADA, lesson.id, "", example.id, example.role), NOW)
    run = tables.runs.end(
        added.id, RunState.FINISHED, NOW + 2, seconds=1.0, history=case.history, judgements=case.judgements
    )
    assert run
    return in_all_places(tables, course, cohort, run)


def in_all_places(tables: Tables, course: Course, cohort: Cohort, run: Run) -> Told:
    lesson = course.lessons[0]
    example = lesson.example(run.example)
    traces, scope, naming = tables.traces.of_class(cohort.id), Scope(course.lessons, NOW + 9), Naming(cohort, False)
    titles = {(lesson.id, run.example): "Train"}
    known = person(traces, scope, ADA)
    assert known
    shown = next(one for one in run_figures(traces, scope).examples if one.runs)
    (row,) = csv.DictReader(io.StringIO(as_csv(sheets.runs(traces, scope, naming)).decode("utf-8-sig")))
    statements = [json.loads(line) for line in xapi.statements(traces, scope, naming, "https://tutor.example")]
    facts = {key.rpartition("/")[2]: value for key, value in statements[-1]["result"]["extensions"].items()}
    return Told(
        at_its_end=runs.finished(lesson, example, run, None).text.plain,
        in_the_list=training.past([run], titles, 0, 1).text.plain,
        in_progress=progress.progress(course, "Ada", {}, run, "Train").text.plain,
        of_the_learner=next(moment.detail for moment in known.timeline if moment.kind == "run"),
        of_the_class=(shown.metric, shown.settings[0].median if shown.settings else None),
        in_the_file=(row["metric"], row["figure"]),
        in_the_statements=(facts.get("metric"), facts.get("figure")),
    )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_every_place_tells_the_same_figure(store: Store, small_course: Course, case: Case) -> None:
    told = await store.transact(lambda tables: of_run(tables, small_course, case))
    if case.metric is None or case.figure is None:
        assert "accuracy 0.1" not in told.in_the_list + told.in_progress + told.of_the_learner
        assert told.of_the_learner.startswith("finished")
        assert (told.of_the_class, told.in_the_file, told.in_the_statements) == ((None, None), ("", ""), (None, None))
        return
    name, figure = wording.metric_name(case.metric), wording.figure(case.figure)
    assert figure in told.at_its_end
    assert f"{name} {figure}" in told.in_the_list
    assert name in told.in_progress
    assert figure in told.in_progress or wording.percent(case.figure) in told.in_progress
    assert told.of_the_learner.startswith(f"finished · {name} {figure}")
    assert told.of_the_class == (name, case.figure)
    assert told.in_the_file == (case.metric, str(case.figure))
    assert told.in_the_statements == (case.metric, case.figure)
