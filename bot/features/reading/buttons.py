"""Buttons of the feature `reading`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.turns.actions import Action


@dataclass(frozen=True)
class LessonsPage(Action, letters="lp"):
    """Show a page of the list of lessons, from 0."""

    page: int


@dataclass(frozen=True)
class Read(Action, letters="r"):
    """Show a page of a section. Without a section: go on where the learner left off."""

    lesson: str
    section: str = ""
    page: int = 0
