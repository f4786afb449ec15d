"""Buttons of the feature `assignments`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class Assign(Action, letters="tg"):
    """Choose the class that an assignment is for."""

    cohort: int


@dataclass(frozen=True)
class AssignNow(Action, letters="th"):
    """Have the class pass the lesson's quiz by a time, in minutes since 1970."""

    cohort: int
    lesson: str
    minute: int


@dataclass(frozen=True)
class Unassign(Action, letters="tu"):
    cohort: int
    lesson: str
