"""Buttons of the feature `training`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.turns.actions import Action


@dataclass(frozen=True)
class RunExample(Action, letters="x"):
    """Run an example with its own values."""

    lesson: str
    example: str


@dataclass(frozen=True)
class Tune(Action, letters="k"):
    """Open the knobs of an example."""

    lesson: str
    example: str


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


@dataclass(frozen=True)
class StopRun(Action, letters="z"):
    run: int


@dataclass(frozen=True)
class RunAgain(Action, letters="w"):
    """The same example with the same values."""

    run: int


@dataclass(frozen=True)
class ShowCode(Action, letters="c"):
    """The code exactly as it ran."""

    run: int


@dataclass(frozen=True)
class Runs(Action, letters="u"):
    """Show a page of past runs."""

    page: int = 0
