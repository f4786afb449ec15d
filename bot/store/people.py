"""People as rows have them, made values. Names are cleaned when they are read: some were stored before names were
cleaned as they came in, and so every list, page and file shows a name that one can see."""

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
    """In the order in which people look for a name; SQLite puts accents behind z."""
    return sorted(members, key=lambda one: names.sort_key(one.name))


def _name(row: dict[str, Any]) -> str:
    return names.shown(row["name"], None, row.get("username"), row["id"])
