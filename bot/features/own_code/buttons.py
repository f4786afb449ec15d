"""Buttons of the feature `own_code`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class Edit(Action, letters="d"):
    """Send the code of an example, to be changed and sent back."""

    lesson: str
    example: str


@dataclass(frozen=True)
class DropCode(Action, letters="on"):
    """Do not run it."""

    snippet: int


@dataclass(frozen=True)
class Files(Action, letters="f"):
    """Show the files that the learner sent."""


@dataclass(frozen=True)
class DeleteFile(Action, letters="fx"):
    file: int
