"""Filters and functions of the templates. The wording of figures is in domain/wording."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bot.dashboard.filters import Filters
from bot.domain import wording
from bot.domain.classes import Cohort
from bot.domain.tokens import shown_code
from lessons.model import Course

ALL = Filters()


def stamp(at: float, zone: tzinfo) -> str:
    """For <time datetime=...>."""
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")


def in_unit(value: float | None, unit: str) -> str:
    """A figure of `values.Against`."""
    if value is None:
        return wording.UNKNOWN
    if unit == "share":
        return wording.share(value)
    return wording.duration(value) if unit == "seconds" else f"{value:g}"


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
    """The usual spans, for the same lesson."""
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
    "moment": wording.moment,
    "stamp": stamp,
    "day": wording.day,
    "ago": wording.ago,
    "due": wording.due,
    "duration": wording.duration,
    "share": wording.share,
    "of": wording.share_of,
    "figure": wording.figure,
    "signed": wording.signed,
    "in_unit": in_unit,
    "plural": wording.count,
    "code": shown_code,
}
GLOBALS: dict[str, Callable[..., Any]] = {"address": address, "spans": spans, "chosen": chosen}
