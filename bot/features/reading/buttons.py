"""Buttons of the feature `reading`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class LessonsPage(Action, letters="lp"):
    """Show a page of the list of lessons, from 0."""

    page: int
