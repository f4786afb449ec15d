"""Buttons of the feature `membership`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class Join(Action, letters="j"):
    """Join the class with this code."""

    code: str


@dataclass(frozen=True)
class NotNow(Action, letters="jn"):
    """Do not join, for now."""

    code: str


@dataclass(frozen=True)
class MyClasses(Action, letters="m"):
    """Show the classes that the learner is in."""


@dataclass(frozen=True)
class Leave(Action, letters="b"):
    """Ask whether the learner means to leave."""

    cohort: int


@dataclass(frozen=True)
class LeaveNow(Action, letters="bb"):
    cohort: int
