"""Buttons of the feature `report`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class Report(Action, letters="tr"):
    cohort: int
