from __future__ import annotations

import json
import math
from collections.abc import Callable

import pytest

from bot.reports import measures
from bot.reports.running import run_figures
from tests.reports.room import HOUR, NOW, Room

Rooms = Callable[..., Room]


def test_without_runs_every_outcome_and_example_is_listed_and_nothing_measured(room: Rooms) -> None:
    empty = room("Ada")
    seen = run_figures(empty.traces, empty.scope())
    assert (seen.runs, seen.learners) == (0, 0)
    assert (seen.wait_p50, seen.wait_p95, seen.run_p50, seen.run_p95) == (None,) * 4
    assert [(o.kind, o.label, o.runs) for o in seen.outcomes] == [
        ("finished", "finished", 0),
        ("error", "error in the code", 0),
        ("timeout", "time-out", 0),
        ("memory", "out of memory", 0),
        ("output", "too much output", 0),
        ("lost", "lost", 0),
        ("cancelled", "stopped by the learner", 0),
        ("open", "going on", 0),
    ]
    assert [(e.title, e.runs, e.metric, e.settings) for e in seen.examples] == [
        ("Train", 0, None, ()),
        ("Judge", 0, None, ()),
    ]


@pytest.mark.parametrize(
    ("state", "reason", "kind"),
    [
        ("finished", None, "finished"),
        ("failed", "error", "error"),
        ("failed", "timeout", "timeout"),
        ("failed", "memory", "memory"),
        ("failed", "output", "output"),
        ("failed", "lost", "lost"),
        ("failed", "cancelled", "cancelled"),
        ("failed", None, "error"),
        ("failed", "a new reason", "error"),
        ("cancelled", None, "cancelled"),
        ("queued", None, "open"),
        ("running", None, "open"),
    ],
)
def test_a_run_counts_under_the_way_it_ended(room: Rooms, state: str, reason: str | None, kind: str) -> None:
    ours = room("Ada")
    ours.run("Ada", state, reason)
    assert [o.kind for o in run_figures(ours.traces, ours.scope()).outcomes if o.runs] == [kind]


def test_nearest_rank_is_a_value_that_somebody_had() -> None:
    assert measures.nearest_rank([], 50) is None
    assert [measures.nearest_rank([7.0], p) for p in (50, 95)] == [7.0, 7.0]
    assert [measures.nearest_rank([1.0, 2.0], p) for p in (50, 95)] == [1.0, 2.0]
    twenty = [float(i) for i in range(20, 0, -1)]
    assert [measures.nearest_rank(twenty, p) for p in (50, 95, 100)] == [10.0, 19.0, 20.0]


def test_waits_go_to_the_start_and_durations_to_the_end(room: Rooms) -> None:
    ours = room("Ada")
    for i in range(1, 21):
        ours.run("Ada", at=NOW - HOUR, started_at=NOW - HOUR + i, ended_at=NOW - HOUR + 3 * i)
    ours.run("Ada", "queued", at=NOW - 60)
    ours.run("Ada", "cancelled", at=NOW - 60, started_at=None, ended_at=NOW)
    seen = run_figures(ours.traces, ours.scope())
    assert (seen.wait_p50, seen.wait_p95, seen.run_p50, seen.run_p95) == (10.0, 19.0, 20.0, 38.0)
    assert seen.runs == 22


def test_settings_are_runs_with_the_same_values_most_frequent_first(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    for figure in (0.1, 0.2, 0.4, 0.8):
        ours.run("Ada", figure=figure)
    for name, values in (
        ("Ada", {"rate": 0.1, "epochs": 20}),
        ("Grace", {"epochs": 20, "rate": 0.1}),
        ("Grace", {"optimizer": "sgd"}),
    ):
        ours.run(name, parameters=json.dumps(values), figure=0.5)
    ours.run("Grace", "failed", "error")
    train = run_figures(ours.traces, ours.scope()).examples[0]
    assert (train.runs, train.learners, train.finished, train.metric) == (8, 2, 7, "val accuracy")
    assert [(s.values, s.runs, s.learners) for s in train.settings] == [
        ("its own values", 4, 1),
        ("epochs=20 rate=0.1", 2, 2),
        ("optimizer=sgd", 1, 1),
    ]
    own = train.settings[0]
    assert (own.low, own.q1, own.median, own.q3, own.high) == pytest.approx((0.1, 0.175, 0.3, 0.5, 0.8))
    only = train.settings[2]
    assert (only.low, only.q1, only.median, only.q3, only.high) == (0.5,) * 5


def test_runs_with_another_metric_or_without_a_number_are_left_out_of_the_settings(room: Rooms) -> None:
    ours = room("Ada")
    ours.run("Ada", metric="loss", figure=0.1)
    for figure in (0.2, math.inf, None):
        ours.run("Ada", metric="accuracy", figure=figure)
    train = run_figures(ours.traces, ours.scope()).examples[0]
    assert (train.runs, train.metric) == (4, "accuracy")
    assert [(s.runs, s.low, s.high) for s in train.settings] == [(1, 0.2, 0.2)]


def test_twelve_settings_are_shown_at_most(room: Rooms) -> None:
    ours = room("Ada")
    for epochs in range(10, 25):
        ours.run("Ada", parameters=json.dumps({"epochs": epochs}))
    ours.run("Ada", parameters='{"epochs": 24}')
    shown = [s.values for s in run_figures(ours.traces, ours.scope()).examples[0].settings]
    assert shown == ["epochs=24", *(f"epochs={n}" for n in range(10, 21))]


def test_code_of_their_own_is_one_example_listed_last_and_not_compared(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    ours.own_code("Ada", figure=0.99)
    ours.own_code("Grace", "failed", lesson="second", reason="error")
    seen = run_figures(ours.traces, ours.scope())
    assert [e.title for e in seen.examples] == ["Train", "Judge", "Own code"]
    own = seen.examples[-1]
    assert (own.runs, own.learners, own.finished, own.metric, own.settings) == (2, 2, 1, None, ())
    assert run_figures(ours.traces, ours.scope("first")).examples[-1].runs == 1


def test_withdrawn_examples_and_strangers_are_ignored(room: Rooms) -> None:
    ours = room("Ada")
    ours.run("Ada", example="gone-example")
    ours.run("Ada", lesson="gone")
    ours.run("Eve")
    assert run_figures(ours.traces, ours.scope()).runs == 0
