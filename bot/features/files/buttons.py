"""Buttons of the feature `files`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.turns.actions import Action


@dataclass(frozen=True)
class Files(Action, letters="f"):
    """Show the files that the learner sent."""


@dataclass(frozen=True)
class DeleteFile(Action, letters="fx"):
    file: int
