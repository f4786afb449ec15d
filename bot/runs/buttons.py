"""Buttons under the message of a run; the features `training` and `own_code` take the presses."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


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


@dataclass(frozen=True)
class RunCode(Action, letters="o"):
    """Run code that was sent in a message, by its row."""

    snippet: int
