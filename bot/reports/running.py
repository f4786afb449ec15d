"""Runs of a class: how they ended, how long they waited and took, and what came of the values that learners tried."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from bot.domain import wording
from bot.domain.runs import RunState, Value
from bot.domain.traces import Ran, Traces
from bot.reports import measures
from bot.reports.scope import Scope
from bot.reports.values import ExampleRuns, Outcome, RunFigures, Setting
from lessons.model import Example, Lesson

OUTCOMES = {
    "finished": "finished",
    "error": "error in the code",
    "timeout": "time-out",
    "memory": "out of memory",
    "output": "too much output",
    "lost": "lost",
    "cancelled": "stopped by the learner",
    "open": "going on",
}
"""Every kind of outcome, in words."""
FAILURES = frozenset(OUTCOMES) - {"finished", "cancelled", "open"}
OWN_VALUES = "its own values"
MOST_SETTINGS = 12


def run_figures(traces: Traces, scope: Scope) -> RunFigures:
    """Waits and durations are quantiles by the nearest-rank method."""
    runs = measures.in_view(traces, scope).runs
    outcomes = Counter(outcome(run) for run in runs)
    waits = [max(0.0, run.started_at - run.queued_at) for run in runs if run.started_at is not None]
    took = [
        max(0.0, run.ended_at - run.started_at)
        for run in runs
        if run.started_at is not None and run.ended_at is not None
    ]
    return RunFigures(
        runs=len(runs),
        learners=len({run.learner for run in runs}),
        outcomes=tuple(Outcome(kind, label, outcomes[kind]) for kind, label in OUTCOMES.items()),
        wait_p50=measures.nearest_rank(waits, 50),
        wait_p95=measures.nearest_rank(waits, 95),
        run_p50=measures.nearest_rank(took, 50),
        run_p95=measures.nearest_rank(took, 95),
        examples=tuple(_examples(runs, scope)),
    )


def outcome(run: Ran) -> str:
    """The kind: a key of OUTCOMES. A failure whose reason is not known is an error."""
    if run.state == RunState.FAILED:
        return run.reason if run.reason in FAILURES or run.reason == "cancelled" else "error"
    return run.state if run.state in (RunState.FINISHED, RunState.CANCELLED) else "open"


def title_of(run: Ran, lesson: Lesson) -> str:
    """Title of what ran; the id of an example that the lesson no longer has."""
    if not run.verified:
        return wording.OWN_CODE
    example = lesson.example(run.example)
    return example.title if example else run.example


def _examples(runs: Sequence[Ran], scope: Scope) -> Iterator[ExampleRuns]:
    of_example: defaultdict[tuple[str, str], list[Ran]] = defaultdict(list)
    own: list[Ran] = []
    for run in runs:
        (of_example[run.lesson, run.example] if run.verified else own).append(run)
    for lesson in scope.lessons:
        for example in lesson.examples:
            yield _example(lesson, example, of_example[lesson.id, example.id])
    if own:
        # What such code prints of itself is not comparable: no metric, no settings.
        finished = sum(outcome(run) == "finished" for run in own)
        yield ExampleRuns("", wording.OWN_CODE, len(own), len({run.learner for run in own}), finished, None, ())


def _example(lesson: Lesson, example: Example, runs: Sequence[Ran]) -> ExampleRuns:
    finished = [run for run in runs if outcome(run) == "finished"]
    metrics = Counter(run.metric for run in finished if run.metric is not None)
    metric = min(metrics, key=lambda name: (-metrics[name], name), default=None)
    fitting = [run for run in finished if metric is not None and run.metric == metric]
    return ExampleRuns(
        lesson=lesson.title,
        title=example.title,
        runs=len(runs),
        learners=len({run.learner for run in runs}),
        finished=len(finished),
        metric=None if metric is None else wording.metric_name(metric),
        settings=_settings(example, fitting),
    )


def _settings(example: Example, runs: Sequence[Ran]) -> tuple[Setting, ...]:
    order = [parameter.name for parameter in example.parameters]
    alike: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    for run in runs:
        if run.figure is not None and math.isfinite(run.figure):  # a loss may have grown beyond all numbers
            alike[_typed(_values(run.parameters), order)].append((run.figure, run.learner))
    found = [_setting(values, figures) for values, figures in alike.items()]
    return tuple(sorted(found, key=lambda setting: (-setting.runs, setting.values))[:MOST_SETTINGS])


def _setting(values: str, figures: Sequence[tuple[float, int]]) -> Setting:
    ordered = sorted(figure for figure, _ in figures)
    low, q1, median, q3, high = (measures.quantile(ordered, part) for part in (0, 0.25, 0.5, 0.75, 1))
    return Setting(values, len(figures), len({learner for _, learner in figures}), low, q1, median, q3, high)


@lru_cache(maxsize=1024)
def _values(parameters: str) -> Mapping[str, Value]:
    return MappingProxyType(json.loads(parameters))


def _typed(values: Mapping[str, Value], order: Sequence[str]) -> str:
    """As one would type them, in the order of the example's parameters."""
    names = [name for name in order if name in values] + sorted(set(values) - set(order))
    return " ".join(f"{name}={wording.value(values[name])}" for name in names) or OWN_VALUES
