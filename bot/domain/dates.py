"""Dates as people write them. Pure: text, the present and a time zone go in, a point in time comes out."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo

LATEST = 366 * 86400.0
"""Seconds: what is further ahead than a year is a slip of the finger."""
END_OF_DAY = time(23, 59)
"""A date without a time of day means all of that day."""
EXAMPLES = ("friday 17:00", "tomorrow", "in 3 days", "1 Dec 18:00", "2026-12-01")

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_TIME = re.compile(r"(?:^|[ ,]+)(?:at +)?(\d{1,2}):(\d\d)$")
_ISO = re.compile(r"((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})(?:\.(?: ?((?:19|20)\d\d))?)?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)? ?([a-z]{3,})\.?,?(?: ((?:19|20)\d\d))?")
_MONTH_DAY = re.compile(r"([a-z]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? ((?:19|20)\d\d))?")
_IN = re.compile(r"in (\d{1,4}|an?|one) (minute|hour|day|week)s?")


class NotADate(ValueError):
    """The text is no date of a form that is known."""


class OutOfReach(ValueError):
    """The text was understood as `at`, which does not do."""

    def __init__(self, at: float) -> None:
        super().__init__(at)
        self.at = at


class Past(OutOfReach):
    """`at` is over."""


class TooFar(OutOfReach):
    """`at` is more than a year ahead."""


def read(text: str, now: float, zone: tzinfo) -> float:
    """Seconds since 1970 of what `text` names, seen from `now` in `zone`, always a whole minute.

    Without a year it is the next such date, without a time of day 23:59. An hour that the clocks skip in spring is the
    one after it; one that they repeat in autumn is the first. Raises NotADate, Past, TooFar.
    """
    words = " ".join(text.casefold().split()).strip(" .!?,")
    at = _after(words, now)
    if at is None:
        at = _on_a_day(words, datetime.fromtimestamp(now, zone))
    at = at // 60 * 60
    if at <= now:
        raise Past(at)
    if at > now + LATEST:
        raise TooFar(at)
    return at


def _after(words: str, now: float) -> float | None:
    """`in 3 hours`: from now, whatever the clocks do."""
    found = _IN.fullmatch(words)
    if found is None or found[2] not in ("minute", "hour"):
        return None
    return now + _number(found[1]) * (3600 if found[2] == "hour" else 60)


def _on_a_day(words: str, present: datetime) -> float:
    clock = _TIME.search(words)
    day_words = (words[: clock.start()] if clock else words).strip(" ,").removeprefix("on ")
    try:
        at = time(int(clock[1]), int(clock[2])) if clock else END_OF_DAY
        if not day_words and clock:
            return _next_of([present.date(), present.date() + timedelta(days=1)], at, present)
        for form in (_relative, _weekday, _named, _numbered):
            if days := form(day_words, present.date()):
                return _next_of(days, at, present)
    except (ValueError, OverflowError):  # 31 February, 25:00
        pass
    raise NotADate(words)


def _next_of(days: list[date], at: time, present: datetime) -> float:
    """The first of these days, in order, on which it is not over; the last if it is over on each."""
    moments = [datetime.combine(day, at, present.tzinfo).timestamp() for day in days]
    return next((moment for moment in moments if moment > present.timestamp()), moments[-1])


def _relative(words: str, today: date) -> list[date]:
    if words in ("today", "tonight"):
        return [today]
    if words == "tomorrow":
        return [today + timedelta(days=1)]
    found = _IN.fullmatch(words)
    if found and found[2] in ("day", "week"):
        return [today + timedelta(days=_number(found[1]) * (7 if found[2] == "week" else 1))]
    return []


def _weekday(words: str, today: date) -> list[date]:
    """The next such day; today if it is one and the time of day is still to come."""
    next_week = words.startswith("next ")
    name = words.removeprefix("next ").removeprefix("this ").rstrip(".")
    found = [i for i, day in enumerate(_DAYS) if len(name) >= 3 and day.startswith(name)]
    if not found:
        return []
    ahead = (found[0] - today.weekday()) % 7
    first = today + timedelta(days=7 if next_week and not ahead else ahead)
    return [first, first + timedelta(days=7)]


def _named(words: str, today: date) -> list[date]:
    """`1 Dec 2026`, `December 1`."""
    if found := _DAY_MONTH.fullmatch(words):
        return _dates(found[3], _month(found[2]), int(found[1]), today)
    if found := _MONTH_DAY.fullmatch(words):
        return _dates(found[3], _month(found[1]), int(found[2]), today)
    return []


def _numbered(words: str, today: date) -> list[date]:
    """`2026-12-01`, `1.12.2026`."""
    if found := _ISO.fullmatch(words):
        return [date(int(found[1]), int(found[2]), int(found[3]))]
    if found := _DOTTED.fullmatch(words):
        return _dates(found[3], int(found[2]), int(found[1]), today)
    return []


def _dates(year: str | None, month: int, day: int, today: date) -> list[date]:
    """Without a year: this year's, and the next one's. Raises ValueError for a day that no such month has."""
    if year:
        return [date(int(year), month, day)]
    if (month, day) == (2, 29):
        return [date(y, 2, 29) for y in range(today.year, today.year + 9) if _leap(y)]
    return [date(today.year, month, day), date(today.year + 1, month, day)]


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _month(name: str) -> int:
    """Raises ValueError for a word that begins no month's name."""
    found = [i + 1 for i, month in enumerate(_MONTHS) if month.startswith(name)]
    if not found:
        raise ValueError(name)
    return found[0]


def _number(word: str) -> int:
    return int(word) if word.isdigit() else 1
