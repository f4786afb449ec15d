"""Buttons of the feature `progress`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class Progress(Action, letters="p"):
    """Show where the learner stands."""


@dataclass(frozen=True)
class ProgressPage(Action, letters="pp"):
    """Show a page of where the learner stands, from 0."""

    page: int
