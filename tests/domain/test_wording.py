"""Numbers and small graphics in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import wording

FINITE = st.floats(-1e300, 1e300)
NOW = 1_800_000_000.0  # 2027-01-15 08:00 UTC
N = wording.NARROW_SPACE


@pytest.mark.parametrize(
    ("duration", "shown"),
    [(0, "0.0 s"), (2.34, "2.3 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min"), (60, "1 min"), (61, "1 min 1 s"),
     (75, "1 min 15 s"), (119.7, "2 min"), (3599.4, "59 min 59 s"), (3599.6, "1 h"), (3600, "1 h"),
     (5400, "1 h 30 min"), (None, "–")],
)  # fmt: skip
def test_durations(duration: float | None, shown: str) -> None:
    assert wording.duration(duration) == shown


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
    assert wording.values({"epochs": 20, "learning_rate": 0.01, "name": "adam", "rate": 1e-05, "shuffle": True}) == (
        "epochs=20 learning_rate=0.01 name=adam rate=0.00001 shuffle=true"
    )


def test_a_table_has_straight_columns() -> None:
    table = wording.columns([["", "trained", "untrained"], ["accuracy", "0.913", "0.1"], ["F1", "0.9", "–"]])
    assert table.split("\n") == [
        "          trained  untrained",
        "accuracy    0.913        0.1",
        "F1            0.9          –",
    ]


def test_times_are_the_visitors() -> None:
    assert wording.moment(NOW, ZoneInfo("UTC")) == "15 Jan 2027, 08:00"
    assert wording.moment(NOW, ZoneInfo("Asia/Kolkata")) == "15 Jan 2027, 13:30"
    assert wording.moment(None, ZoneInfo("UTC")) == "–"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (5, "just now"),
        (-3, "just now"),
        (60, "1 min ago"),
        (7200, "2 h ago"),
        (86400, "1 day ago"),
        (9e5, "10 days ago"),
    ],
)
def test_how_long_ago(seconds: float, shown: str) -> None:
    assert wording.ago(NOW - seconds, NOW) == shown


def test_what_is_due() -> None:
    assert wording.due(NOW + 3 * 86400, NOW) == "due in 3 days"
    assert wording.due(NOW - 7200, NOW) == "was due 2 h ago"


@pytest.mark.parametrize(
    ("part", "shown"),
    [(None, "–"), (0, f"0{N}%"), (0.001, f"1{N}%"), (0.625, f"62{N}%"), (0.999, f"99{N}%"), (1, f"100{N}%")],
)
def test_shares_say_all_and_nothing_only_when_it_is_so(part: float | None, shown: str) -> None:
    assert wording.share(part) == shown


def test_a_share_of_nothing_is_not_known() -> None:
    assert wording.share_of(0, 0) == "–"
    assert wording.share_of(1, 4) == f"25{N}%"


def test_what_is_cut_off_leaves_an_ellipsis() -> None:
    assert wording.shortened("ten letters", 11) == "ten letters"
    assert wording.shortened("ten letters", 10) == "ten lette…"
    assert wording.shortened("ten letters", 5) == "ten…"


def test_choices_have_letters() -> None:
    assert [wording.letter(place) for place in range(3)] == ["A", "B", "C"]


def test_a_figure_that_is_not_known_is_a_dash() -> None:
    assert wording.figure(None) == "–"
    assert wording.signed(-0.254) == "−0.25"
    assert wording.signed(0.5) == "+0.50"
