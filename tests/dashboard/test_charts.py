from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.dashboard import charts
from bot.reports.values import Against, Bin, ChoiceCount, Day, Outcome, Setting, Stage


def bins(*learners: int) -> list[Bin]:
    return [Bin(i / 10, (i + 1) / 10, n) for i, n in enumerate(learners)]


def days(*learners: int, first: date = date(2026, 11, 1)) -> list[Day]:
    return [Day(first + timedelta(days=i), n, 2 * n, 0) for i, n in enumerate(learners)]


def test_columns_of_a_histogram_stand_on_the_axis_in_proportion() -> None:
    chart = charts.histogram(bins(0, 0, 0, 0, 0, 0, 5, 0, 10, 1))
    tall = {column.count: column.height for column in chart.columns if column.count}
    assert tall[10] == charts.SCORES_HEIGHT
    assert tall[5] == pytest.approx(tall[10] / 2)
    assert all(column.y + column.height == pytest.approx(chart.base) for column in chart.columns)
    assert min(column.y for column in chart.columns) >= charts.HEAD
    assert chart.height > chart.base


def test_columns_of_a_histogram_lie_in_their_part_of_the_scale() -> None:
    chart = charts.histogram(bins(*range(10)))
    for i, column in enumerate(chart.columns):
        assert 10 * i < column.x
        assert column.x + column.width < 10 * (i + 1)
    assert [tick.x for tick in chart.ticks] == [0, 20, 40, 60, 80, 100]
    assert (chart.ticks[0].anchor, chart.ticks[-1].anchor) == ("start", "end")


def test_what_passes_is_told_from_what_does_not() -> None:
    chart = charts.histogram(bins(*[1] * 10))
    assert chart.mark is not None
    assert chart.mark.x == 70
    assert [column.below for column in chart.columns] == [True] * 7 + [False] * 3


def test_a_histogram_tells_all_its_figures() -> None:
    chart = charts.histogram(bins(3, 0, 0, 0, 0, 0, 0, 0, 0, 12))
    assert "0 to 10\u202f%: 3" in chart.description
    assert "90 to 100\u202f%: 12" in chart.description
    assert chart.columns[0].title == "0 to 10\u202f%: 3 learners"


def test_a_histogram_of_nobody_has_no_columns() -> None:
    assert all(column.height == 0 and not column.shown for column in charts.histogram(bins(*[0] * 10)).columns)
    assert charts.histogram([]).columns == ()


def test_a_single_learner_can_be_seen_beside_a_thousand() -> None:
    chart = charts.histogram(bins(1, 10_000, 0, 0, 0, 0, 0, 0, 0, 0))
    assert chart.columns[0].height >= 2


def test_days_lie_side_by_side_in_three_charts() -> None:
    learners, answers, runs = charts.trend(days(1, 0, 4))
    assert [column.count for column in learners.columns] == [1, 0, 4]
    assert [column.count for column in answers.columns] == [2, 0, 8]
    assert learners.columns[2].height == answers.columns[2].height == charts.TREND_HEIGHT
    assert [column.shown for column in learners.columns] == ["", "", "4"]
    assert not any(column.height for column in runs.columns)
    assert runs.description == "nothing yet."
    assert "3 Nov: 4 learners" in learners.description
    assert [bool(chart.ticks) for chart in (learners, answers, runs)] == [False, False, True]


@pytest.mark.parametrize("n", [1, 2, 5, 13, 14, 15, 31, 92])
def test_days_are_named_few_enough_to_be_read(n: int) -> None:
    *_, last = charts.trend(days(*[1] * n))
    assert 1 <= len(last.ticks) <= charts.MOST_TICKS
    assert all(0 <= tick.x <= 100 for tick in last.ticks)
    at = [tick.x for tick in last.ticks]
    assert all(b - a >= 15 for a, b in pairwise(at))
    assert last.columns[-1].x + last.columns[-1].width <= 100


def test_no_days_no_chart() -> None:
    assert charts.trend([]) == ()


def test_a_funnel_is_part_of_the_class_lesson_by_lesson() -> None:
    stages = [Stage("First", "Started", 30), Stage("First", "Quiz passed", 10), Stage("Second", "Started", 0)]
    first, second = charts.funnel(stages, 40)
    assert first.lesson == "First"
    assert [(bar.count, bar.width) for bar in first.stages] == [(30, 75.0), (10, 25.0)]
    assert second.stages[0].width == 0
    assert charts.funnel([Stage("First", "Started", 0)], 0)[0].stages[0].share == 0


def test_choices_are_parts_of_those_who_answered() -> None:
    (row,) = charts.choices([ChoiceCount("A", "Yes", True, 12, 15)], 20)
    assert (row.label, row.text, row.correct) == ("A", "Yes", True)
    assert (row.first.width, row.last.width) == (60.0, 75.0)
    (nobody,) = charts.choices([ChoiceCount("A", "Yes", True, 0, 0)], 0)
    assert nobody.first.width == 0


def test_outcomes_are_parts_of_all_runs() -> None:
    bars = charts.outcomes([Outcome("finished", "finished", 3), Outcome("lost", "lost", 1)])
    assert [(bar.kind, bar.width) for bar in bars] == [("finished", 75.0), ("lost", 25.0)]


def test_box_plots_share_a_scale() -> None:
    wide = Setting("epochs=20", 9, 5, 0.2, 0.3, 0.4, 0.5, 1.0)
    narrow = Setting("its own values", 1, 1, 0.6, 0.6, 0.6, 0.6, 0.6)
    chart = charts.boxes([wide, narrow])
    first, second = chart.rows
    assert (first.low, first.high) == (charts.MARGIN, 100 - charts.MARGIN)
    assert first.low < first.q1 < first.median < first.q3 < first.high
    assert second.median == pytest.approx((first.low + first.high) / 2)
    assert second.box > 0
    assert "epochs=20: 0.200 to 1.000" in first.title
    assert "median 0.400" in first.title
    assert [tick.label for tick in chart.ticks] == ["0.2", "0.4", "0.6", "0.8", "1"]


@pytest.mark.parametrize("value", [0.0, 0.9, -3.0, 1e-12, 5e9])
def test_a_box_plot_of_one_value_is_in_the_middle(value: float) -> None:
    chart = charts.boxes([Setting("its own values", 1, 1, value, value, value, value, value)])
    assert chart.rows[0].median == pytest.approx(50)
    assert all(0 <= tick.x <= 100 for tick in chart.ticks)


def test_no_settings_no_boxes() -> None:
    assert charts.boxes([]) == charts.Boxes((), ())


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 1.0, (0.0, 0.5, 1.0)),
        (0.13, 0.98, (0.2, 0.4, 0.6, 0.8)),
        (0.91, 0.93, (0.91, 0.915, 0.92, 0.925, 0.93)),
        (0, 130, (0, 50, 100)),
    ],
)
def test_scales_have_round_numbers(low: float, high: float, expected: tuple[float, ...]) -> None:
    assert charts.round_values(low, high) == pytest.approx(expected)


def test_a_learner_stands_beside_the_median() -> None:
    share, count, unknown = charts.beside(
        [
            Against("Best score", "share", 0.5, 0.75),
            Against("Runs", "count", 8, 4),
            Against("Time", "seconds", None, None),
        ]
    )
    assert (share.width, share.mark) == (50, 75)
    assert (count.width, count.mark) == (80, 40)
    assert (unknown.width, unknown.mark) == (None, None)
    assert charts.beside([Against("Runs", "count", 0, 0)])[0].width == 0
