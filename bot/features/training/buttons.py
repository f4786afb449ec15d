"""Buttons of the feature `training`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class Set(Action, letters="v"):
    """Turn a knob: preset number `preset` of parameter number `parameter`."""

    lesson: str
    example: str
    parameter: int
    preset: int


@dataclass(frozen=True)
class RunTuned(Action, letters="y"):
    """Run an example with the knobs as they stand."""

    lesson: str
    example: str


@dataclass(frozen=True)
class Evaluate(Action, letters="e"):
    """Judge the model of the example trained last."""
