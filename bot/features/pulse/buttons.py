"""Buttons of the feature `pulse`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class WatchPulse(Action, letters="tp"):
    """Show the class live, for a while."""

    cohort: int


@dataclass(frozen=True)
class StopPulse(Action, letters="tq"):
    cohort: int
