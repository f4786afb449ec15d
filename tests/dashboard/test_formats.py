from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.dashboard import filters, formats
from bot.dashboard.filters import Filters
from bot.domain.classes import Cohort
from lessons.loader import load

NOW = 1_800_000_000.0  # 2027-01-15 08:00 UTC
CLASS = Cohort(7, "Autumn", "K7QM2F9X", "grain", NOW)
N = formats.NARROW_SPACE


def test_times_are_the_visitors() -> None:
    assert formats.moment(NOW, ZoneInfo("UTC")) == "15 Jan 2027, 08:00"
    assert formats.moment(NOW, ZoneInfo("Asia/Kolkata")) == "15 Jan 2027, 13:30"
    assert formats.moment(None, ZoneInfo("UTC")) == "–"
    assert formats.stamp(NOW, ZoneInfo("Asia/Kolkata")) == "2027-01-15T13:30:00+05:30"


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
    assert formats.ago(NOW - seconds, NOW) == shown


def test_what_is_due() -> None:
    assert formats.due(NOW + 3 * 86400, NOW) == "due in 3 days"
    assert formats.due(NOW - 7200, NOW) == "was due 2 h ago"


@pytest.mark.parametrize(
    ("part", "shown"),
    [(None, "–"), (0, f"0{N}%"), (0.001, f"1{N}%"), (0.625, f"62{N}%"), (0.999, f"99{N}%"), (1, f"100{N}%")],
)
def test_shares_say_all_and_nothing_only_when_it_is_so(part: float | None, shown: str) -> None:
    assert formats.share(part) == shown


def test_a_share_of_nothing_is_not_known() -> None:
    assert formats.of(0, 0) == "–"
    assert formats.of(1, 4) == f"25{N}%"


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, "–"), (1.23, "1.2 s"), (75, "1 min 15 s"), (3600, "1 h"), (5400, "1 h 30 min")]
)
def test_durations(seconds: float | None, shown: str) -> None:
    assert formats.duration(seconds) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Deep Learning, autumn", "deep-learning-autumn"),
        ('../../etc/passwd"\r\nX: y', "etc-passwd-x-y"),
        ("Größe", "groe"),
        ("李伟", "class"),
        ("W" * 64, "w" * 40),
    ],
)
def test_file_names_are_plain(name: str, shown: str) -> None:
    assert formats.slug(name) == shown


def test_addresses_keep_the_filters() -> None:
    chosen = Filters("first", 7)
    assert formats.address(CLASS) == "/dashboard/classes/7"
    assert formats.address(CLASS, "learners", chosen, sort="-seen") == (
        "/dashboard/classes/7/learners?lesson=first&days=7&sort=-seen"
    )
    assert formats.address(CLASS, "exports/runs.csv", pseudonyms="") == "/dashboard/classes/7/exports/runs.csv"


def test_days_of_the_calendar_count_for_more_than_a_number_of_days() -> None:
    """As it is told in words, and as the page shows it."""
    scope = filters.read({"days": "7", "to": "2026-11-01"}, load()).scope(load(), NOW, UTC)
    assert scope.since is None
    assert scope.until == datetime(2026, 11, 2, tzinfo=UTC).timestamp()


def test_what_is_chosen_in_words() -> None:
    course = load()
    lesson = course.lessons[0]
    assert formats.chosen(Filters(), course) == "All lessons · all time"
    assert formats.chosen(Filters(lesson.id, 7), course) == f"{lesson.title} · last 7 days"
    assert formats.chosen(Filters(first=date(2026, 11, 1)), course) == "All lessons · from 2026-11-01"
    assert formats.chosen(Filters(days=7, last=date(2026, 11, 1)), course) == "All lessons · until 2026-11-01"
    both = Filters(first=date(2026, 11, 1), last=date(2026, 11, 8))
    assert formats.chosen(both, course) == "All lessons · 2026-11-01 to 2026-11-08"
    assert [span.chosen for span in formats.spans(both)] == [False] * 3
    assert [span.chosen for span in formats.spans(Filters(lesson.id, 28))] == [False, False, True]
    assert formats.spans(Filters(lesson.id))[1].filters == Filters(lesson.id, 7)
