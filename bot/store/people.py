"""Makes values of rows about people. Names are cleaned when they are read, since old rows hold names that were stored
as they came; so every list, page and file shows a visible name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.domain import names
from bot.domain.classes import Member
from bot.domain.people import Instructor, Learner


def learner(row: dict[str, Any]) -> Learner:
    flags = {flag: bool(row[flag]) for flag in ("reachable", "inherited")}
    return Learner(**{**row, **flags, "name": _name(row)})


def member(row: dict[str, Any]) -> Member:
    return Member(**{**row, "name": _name(row), "reachable": bool(row["reachable"])})


def instructor(row: dict[str, Any]) -> Instructor:
    return Instructor(**{**row, "name": _name(row)})


def by_name(members: Iterable[Member]) -> list[Member]:
    """Sorted as people look for a name. SQLite would sort accented letters after z."""
    return sorted(members, key=lambda one: names.sort_key(one.name))


def _name(row: dict[str, Any]) -> str:
    return names.shown(row["name"], None, row.get("username"), row["id"])
