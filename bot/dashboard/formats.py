"""How figures read on a page. Times are shown in the visitor's zone; what is not known is a dash."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bot.dashboard.filters import Filters
from bot.domain import wording
from bot.domain.classes import Cohort
from bot.domain.tokens import shown_code
from lessons.model import Course

UNKNOWN = "–"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
NARROW_SPACE = "\u202f"
ALL = Filters()


def moment(at: float | None, zone: tzinfo) -> str:
    return UNKNOWN if at is None else f"{datetime.fromtimestamp(at, zone):%-d %b %Y, %H:%M}"


def stamp(at: float, zone: tzinfo) -> str:
    """For <time datetime=...>."""
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")


def day(day: date) -> str:
    return f"{day:%-d %b}"


def ago(at: float | None, now: float) -> str:
    """`3 days ago`."""
    if at is None:
        return UNKNOWN
    gone = now - at
    return "just now" if gone < MINUTE else f"{_span(gone)} ago"


def due(at: float, now: float) -> str:
    """`due in 3 days`, `was due 3 days ago`."""
    return f"due in {_span(at - now)}" if at >= now else f"was due {_span(now - at)} ago"


def _span(seconds: float) -> str:
    if seconds < HOUR:
        return f"{max(1, int(seconds // MINUTE))} min"
    return f"{int(seconds // HOUR)} h" if seconds < DAY else wording.count(int(seconds // DAY), "day")


def duration(seconds: float | None) -> str:
    if seconds is None:
        return UNKNOWN
    if seconds >= HOUR:
        hours, rest = divmod(round(seconds / MINUTE), 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return wording.seconds(seconds)


def share(part: float | None) -> str:
    """`83 %`; what is not quite all never reads as all, nor a little as nothing."""
    if part is None:
        return UNKNOWN
    whole = round(100 * part)
    whole = 99 if whole == 100 and part < 1 else 1 if whole == 0 and part > 0 else whole
    return f"{whole}{NARROW_SPACE}%"


def of(part: int, whole: int) -> str:
    """The share that a count is."""
    return share(part / whole if whole else None)


def figure(value: float | None) -> str:
    return UNKNOWN if value is None else wording.figure(value)


def signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def in_unit(value: float | None, unit: str) -> str:
    """A figure of `values.Against`."""
    if value is None:
        return UNKNOWN
    return share(value) if unit == "share" else duration(value) if unit == "seconds" else f"{value:g}"


def slug(text: str) -> str:
    """Letters, digits and hyphens of ASCII: what every file system takes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "class"


def address(cohort: Cohort, path: str = "", filters: Filters = ALL, **more: object) -> str:
    """Of a page of the class, with the filters that are chosen."""
    page = f"/dashboard/classes/{cohort.id}" + (f"/{path}" if path else "")
    query = filters.query.removeprefix("?")
    added = urlencode({name: value for name, value in more.items() if value})
    return "?".join(filter(None, [page, "&".join(filter(None, [query, added]))]))


class Span(NamedTuple):
    """A stretch of time to choose."""

    label: str
    filters: Filters
    chosen: bool


def spans(filters: Filters) -> tuple[Span, ...]:
    """The usual ones, for the same lesson."""
    whole = filters.first is None and filters.last is None
    return tuple(
        Span(label, Filters(filters.lesson, days), whole and filters.days == days)
        for days, label in ((0, "All time"), (7, "7 days"), (28, "28 days"))
    )


def chosen(filters: Filters, course: Course) -> str:
    """What a page is about, in words."""
    lesson = course.lesson(filters.lesson) if filters.lesson else None
    parts = [lesson.title if lesson else "All lessons"]
    if filters.first or filters.last:
        ends = [day.isoformat() if day else "" for day in (filters.first, filters.last)]
        parts.append(" to ".join(ends) if all(ends) else f"from {ends[0]}" if ends[0] else f"until {ends[1]}")
    elif filters.days:
        parts.append(f"last {wording.count(filters.days, 'day')}")
    else:
        parts.append("all time")
    return " · ".join(parts)


FILTERS: dict[str, Callable[..., Any]] = {
    "moment": moment,
    "stamp": stamp,
    "day": day,
    "ago": ago,
    "due": due,
    "duration": duration,
    "share": share,
    "of": of,
    "figure": figure,
    "signed": signed,
    "in_unit": in_unit,
    "plural": wording.count,
    "code": shown_code,
}
GLOBALS: dict[str, Callable[..., Any]] = {"address": address, "spans": spans, "chosen": chosen}
