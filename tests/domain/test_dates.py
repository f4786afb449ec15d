"""Dates as people write them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import dates

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 10, 30, 20, tzinfo=BERLIN)
"""A Tuesday."""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-01", "2026-12-01 23:59"),
        ("2026-12-01 18:00", "2026-12-01 18:00"),
        ("2026-12-1 at 8:05", "2026-12-01 08:05"),
        ("1 Dec", "2026-12-01 23:59"),
        ("1st of december", None),
        ("1st December", "2026-12-01 23:59"),
        ("1 December 18:00", "2026-12-01 18:00"),
        ("Dec 1, 18:00", "2026-12-01 18:00"),
        ("december 1 2026", "2026-12-01 23:59"),
        ("  1  DEC.  2026  ", "2026-12-01 23:59"),
        ("1.12.", "2026-12-01 23:59"),
        ("1.12", "2026-12-01 23:59"),
        ("1. 12. 18:00", "2026-12-01 18:00"),
        ("1.12.2026", "2026-12-01 23:59"),
        ("1.12.2026 18:00", "2026-12-01 18:00"),
        ("1.12.2026, 18:00.", "2026-12-01 18:00"),
        ("15 Jan", "2027-01-15 23:59"),
        ("24 Nov", "2026-11-24 23:59"),
        ("24 Nov 10:30", "2027-11-24 10:30"),
        ("23 Nov", "2027-11-23 23:59"),
        ("today", "2026-11-24 23:59"),
        ("tonight", "2026-11-24 23:59"),
        ("today 18:00", "2026-11-24 18:00"),
        ("18:00", "2026-11-24 18:00"),
        ("9:00", "2026-11-25 09:00"),
        ("Tomorrow", "2026-11-25 23:59"),
        ("tomorrow at 9:00", "2026-11-25 09:00"),
        ("friday 17:00", "2026-11-27 17:00"),
        ("on Fri", "2026-11-27 23:59"),
        ("next friday", "2026-11-27 23:59"),
        ("tuesday", "2026-11-24 23:59"),
        ("tuesday 9:00", "2026-12-01 09:00"),
        ("next tuesday", "2026-12-01 23:59"),
        ("in 3 days", "2026-11-27 23:59"),
        ("in 3 days 8:00", "2026-11-27 08:00"),
        ("in a week", "2026-12-01 23:59"),
        ("in two weeks", None),
        ("in 2 hours", "2026-11-24 12:30"),
        ("in 90 minutes", "2026-11-24 12:00"),
        ("in 52 weeks", "2027-11-23 23:59"),
        ("", None),
        ("soon", None),
        ("31 Feb", None),
        ("32.1.", None),
        ("1.13.", None),
        ("0000-01-01", None),
        ("tomorrow 25:00", None),
        ("1 Foo", None),
        ("2026-12-01 18", None),
        ("9999-12-31", None),  # which is no date at all in New York
        ("0001-01-01", None),
        ("1.12.9999", None),
        ("1 Dec 9999", None),
        ("Dec 1 0001", None),
        ("in 9999 hours of days", None),
        ("1 12 2026", None),
    ],
)
def test_what_a_text_means(text: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(dates.NotADate):
            dates.read(text, NOW.timestamp(), BERLIN)
    else:
        read = datetime.fromtimestamp(dates.read(text, NOW.timestamp(), BERLIN), BERLIN)
        assert f"{read:%Y-%m-%d %H:%M:%S}" == f"{meant}:00"


@pytest.mark.parametrize("text", ["2026-11-23", "today 10:30", "1.1.2020", "1999-01-01 00:00"])
def test_the_past_is_refused_with_what_was_understood(text: str) -> None:
    with pytest.raises(dates.Past) as refused:
        dates.read(text, NOW.timestamp(), BERLIN)
    assert refused.value.at <= NOW.timestamp()


@pytest.mark.parametrize("text", ["2028-01-01", "in 54 weeks", "1.1.2098", "29 Feb"])
def test_more_than_a_year_ahead_is_refused(text: str) -> None:
    with pytest.raises(dates.TooFar) as refused:
        dates.read(text, NOW.timestamp(), BERLIN)
    assert refused.value.at > NOW.timestamp()


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-28 12:00", "2026-03-28 11:00"),
        ("2026-03-29 12:00", "2026-03-29 10:00"),
        ("2026-03-29 02:30", "2026-03-29 01:30"),  # which no clock shows: it is 03:30
        ("2026-10-25 02:30", "2026-10-25 00:30"),  # which clocks show twice: the first
        ("in 4 days 12:00", "2026-03-31 10:00"),  # a day is not always 24 hours
    ],
)
def test_clocks_change(text: str, utc: str) -> None:
    now = datetime(2026, 3, 27, 12, 0, tzinfo=BERLIN).timestamp()
    read = datetime.fromtimestamp(dates.read(text, now, BERLIN), ZoneInfo("UTC"))
    assert f"{read:%Y-%m-%d %H:%M}" == utc


@pytest.mark.parametrize(("zone", "utc"), [("UTC", "17:00"), ("America/New_York", "22:00"), ("Asia/Kolkata", "11:30")])
def test_a_time_is_that_of_the_zone(zone: str, utc: str) -> None:
    read = dates.read("2026-12-01 17:00", NOW.timestamp(), ZoneInfo(zone))
    assert f"{datetime.fromtimestamp(read, ZoneInfo('UTC')):%H:%M}" == utc


@given(st.text(max_size=40) | st.from_regex(r"[0-9a-z.: -]{0,30}", fullmatch=True))
def test_any_other_text_is_refused_kindly(text: str) -> None:
    now = NOW.timestamp()
    try:
        at = dates.read(text, now, BERLIN)
    except (dates.NotADate, dates.OutOfReach):
        return
    assert now < at <= now + dates.LATEST
    assert at % 60 == 0
