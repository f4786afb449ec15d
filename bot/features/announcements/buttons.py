"""Buttons of the feature `announcements`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.actions import Action


@dataclass(frozen=True)
class Announce(Action, letters="ta"):
    """Choose the class that an announcement is for."""

    cohort: int


@dataclass(frozen=True)
class SendDraft(Action, letters="ts"):
    announcement: int


@dataclass(frozen=True)
class DropDraft(Action, letters="tx"):
    announcement: int
