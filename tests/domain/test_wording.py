"""Numbers and small graphics in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import wording

FINITE = st.floats(-1e300, 1e300)


@pytest.mark.parametrize(
    ("duration", "shown"),
    [(0, "0.0 s"), (2.34, "2.3 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min"), (60, "1 min"), (61, "1 min 1 s"),
     (119.7, "2 min"), (3600, "60 min")],
)  # fmt: skip
def test_durations(duration: float, shown: str) -> None:
    assert wording.seconds(duration) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0.000"), (0.0312, "0.0312"), (0.913, "0.913"), (2.31, "2.310"), (-0.5, "-0.500"), (12.345, "12.3"),
     (1.2e-5, "1.2e-05"), (123456.0, "1.2e+05"), (1, "1.000")],
)  # fmt: skip
def test_figures_have_three_places_or_so(value: float, shown: str) -> None:
    assert wording.figure(value) == shown


@given(FINITE)
def test_a_figure_is_never_long_and_never_far_off(value: float) -> None:
    shown = wording.figure(value)
    assert len(shown) <= 9
    assert float(shown) == pytest.approx(value, rel=0.06, abs=1e-300)


def test_counts() -> None:
    assert [wording.count(n, "run") for n in (0, 1, 2, 1234)] == ["0 runs", "1 run", "2 runs", "1,234 runs"]


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_bar_is_full_only_when_all_is_done(done: int, total: int) -> None:
    done = min(done, total)
    bar = wording.bar(done, total)
    assert len(bar) == 10
    assert bar.strip("▰").strip("▱") == ""
    assert ("▱" not in bar) is (total > 0 and done == total)


@given(st.lists(FINITE, min_size=2, max_size=60))
def test_a_sparkline_is_short_and_reaches_from_low_to_high(values: list[float]) -> None:
    drawn = wording.sparkline(values)
    assert len(drawn) == min(len(values), 10)
    assert set(drawn) <= set(wording.SPARKS)


def test_a_sparkline_shows_the_course() -> None:
    assert wording.sparkline([1, 2, 3]) == "▁▅█"
    assert wording.sparkline([2, 2]) == "▁▁"
    assert wording.sparkline([2]) == ""
    assert wording.sparkline(range(40))[0] == "▁"
    assert wording.sparkline(range(40))[-1] == "█"


def test_values_are_shown_as_one_types_them() -> None:
    assert wording.values({"epochs": 20, "learning_rate": 0.01, "name": "adam"}) == (
        "epochs=20 learning_rate=0.01 name=adam"
    )


def test_a_table_has_straight_columns() -> None:
    table = wording.columns([["", "trained", "untrained"], ["accuracy", "0.913", "0.1"], ["F1", "0.9", "–"]])
    assert table.split("\n") == [
        "          trained  untrained",
        "accuracy    0.913        0.1",
        "F1            0.9          –",
    ]
