"""Which lesson and which days a page is about: read from the address, so that a link shows a colleague the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode

from bot.reports.scope import DAY, Scope
from lessons.model import Course, Lesson

LONGEST_DAYS = 3660


class BadFilter(ValueError):
    """A part of the address that cannot be read: the text names it, what it says and what was expected."""


@dataclass(frozen=True, slots=True)
class Filters:
    """`days` counts back from now. `first` and `last` are days of the instructor's zone, both included; they
    override `days`."""

    lesson: str = ""
    days: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def timed(self) -> bool:
        """Whether days are chosen."""
        return bool(self.days or self.first or self.last)

    @property
    def ever(self) -> Filters:
        """The same of all time."""
        return Filters(self.lesson)

    @property
    def given(self) -> dict[str, str]:
        """What is chosen, as names and values of an address or a form."""
        all = {
            "lesson": self.lesson,
            "days": str(self.days or ""),
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
        }
        return {name: value for name, value in all.items() if value}

    @property
    def query(self) -> str:
        """The filters as part of an address, with the question mark; empty when nothing is chosen."""
        return f"?{urlencode(self.given)}" if self.given else ""

    def scope(self, course: Course, now: float, zone: tzinfo) -> Scope:
        """The filters as reports take them."""
        lesson = course.lesson(self.lesson) if self.lesson else None
        lessons: tuple[Lesson, ...] = (lesson,) if lesson else tuple(course.lessons)
        since = _begins(self.first, zone) if self.first else None
        until = _begins(self.last + timedelta(days=1), zone) if self.last else None
        if self.days and since is None and until is None:
            since = now - self.days * DAY
        return Scope(lessons, now, since, until, zone)


def read(given: Mapping[str, str], course: Course) -> Filters:
    """Raises BadFilter. What is empty is not chosen."""
    lesson = given.get("lesson", "")
    if lesson and course.lesson(lesson) is None:
        known = ", ".join(one.id for one in course.lessons)
        raise BadFilter(f"lesson={lesson!r}: there is no such lesson; there are: {known}")
    first, last = _day("from", given.get("from", "")), _day("to", given.get("to", ""))
    if first and last and last < first:
        raise BadFilter(f"to={last}: it lies before from={first}")
    return Filters(lesson, _days(given.get("days", "")), first, last)


def switch(given: Mapping[str, str], name: str) -> bool:
    """Whether the switch is on. Raises BadFilter for any other value, so that a misspelt switch is not taken for
    off."""
    text = given.get(name, "")
    if text not in ("", "1"):
        raise BadFilter(f"{name}={text!r}: expected 1, or nothing")
    return text == "1"


def _days(text: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 1 <= int(text) <= LONGEST_DAYS:
        raise BadFilter(f"days={text!r}: expected a number from 1 to {LONGEST_DAYS}")
    return int(text)


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadFilter(f"{name}={text!r}: expected a day like 2026-11-24") from None
    if not 2000 <= day.year <= 2200:
        raise BadFilter(f"{name}={text!r}: expected a day between 2000 and 2200")
    return day


def _begins(day: date, zone: tzinfo) -> float:
    return datetime.combine(day, time(), zone).timestamp()
