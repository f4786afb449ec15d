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


def test_a_stamp_is_read_by_machines() -> None:
    assert formats.stamp(NOW, ZoneInfo("Asia/Kolkata")) == "2027-01-15T13:30:00+05:30"


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
