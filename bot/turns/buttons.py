"""Buttons that several rooms show; a feature's table says who takes a press."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class NewClass(Action, letters="tn"):
    """Ask for a new class' name."""


@dataclass(frozen=True)
class Lessons(Action, letters="l"):
    """Show the list of lessons."""


@dataclass(frozen=True)
class Still(Action, letters="0"):
    """A button that only shows something: an answered choice, a page number."""


@dataclass(frozen=True)
class Read(Action, letters="r"):
    """Show a page of a section. Without a section: go on where the learner left off."""

    lesson: str
    section: str = ""
    page: int = 0
