"""Buttons of the feature `instructors`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class BecomeInstructor(Action, letters="ib"):
    """Take up an invitation."""

    secret: str


@dataclass(frozen=True)
class Appointed(Action, letters="ia"):
    """Show who was appointed."""


@dataclass(frozen=True)
class AppointNow(Action, letters="iy"):
    """Make somebody an instructor who was asked about."""

    person: int


@dataclass(frozen=True)
class InviteInstructor(Action, letters="ii"):
    """Make a link that makes who opens it an instructor."""


@dataclass(frozen=True)
class Dismiss(Action, letters="id"):
    """Ask whether a person is to stop being an instructor."""

    person: int


@dataclass(frozen=True)
class DismissNow(Action, letters="ix"):
    person: int
