"""Buttons of the feature `classes`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class TeachAlong(Action, letters="it"):
    """Take up a co-instructor's invitation to a class."""

    secret: str


@dataclass(frozen=True)
class Classes(Action, letters="tl"):
    """Show the classes that the instructor teaches."""


@dataclass(frozen=True)
class Card(Action, letters="tc"):
    """Show a class and what can be done with it."""

    cohort: int


@dataclass(frozen=True)
class NewCode(Action, letters="tk"):
    """Ask whether the class shall have another code."""

    cohort: int


@dataclass(frozen=True)
class NewCodeNow(Action, letters="tw"):
    """Another code in place of this one. Twice is like once."""

    cohort: int
    code: str


@dataclass(frozen=True)
class SetOpen(Action, letters="to"):
    """Let people join (`on` 1), or stop that (0)."""

    cohort: int
    on: int


@dataclass(frozen=True)
class Invite(Action, letters="ti"):
    """Make a link for a co-instructor."""

    cohort: int


@dataclass(frozen=True)
class Rename(Action, letters="tm"):
    """Ask for the class' new name."""

    cohort: int


@dataclass(frozen=True)
class End(Action, letters="te"):
    """Ask whether the class shall end."""

    cohort: int


@dataclass(frozen=True)
class EndNow(Action, letters="tz"):
    cohort: int
