"""The rules of a kind of round: what it asks, and how it ends. Features bring them as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from bot.domain.rounds import History, Policy, Round
from bot.telegram.screen import Screen


class Result(NamedTuple):
    """The end of a round."""

    right: int
    total: int
    screen: Screen


class Rules(NamedTuple):
    policy: Callable[[Any, Round], Policy | None]
    """Takes the turn. None when the course no longer has what the round is about."""
    result: Callable[[Any, Round, History], Result]
    """Takes the turn. Called only while there is a policy."""
