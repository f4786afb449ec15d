"""A learner's time zone."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain import zones
from bot.features.preferences import screens as preferences_screens
from bot.turns.turn import Turn

ASK_ZONE = "zone"
"""Prompt: the next message is a time zone."""


def zone(turn: Turn) -> None:
    """`/zone Europe/Berlin`; without a name, say the present one and ask for another."""
    name = " ".join(turn.incoming.arguments)
    if name:
        _set_zone(turn, name)
    else:
        turn.tables.prompts.set(turn.learner.id, ASK_ZONE, {}, turn.now)
        turn.say(preferences_screens.ask_for_zone(turn.learner.zone))


def take_zone(turn: Turn, payload: Mapping[str, object]) -> None:
    """The message says the time zone that was asked for; of one that nobody knows, another may follow."""
    if zones.find(turn.incoming.text) is None:
        turn.tables.prompts.set(turn.learner.id, ASK_ZONE, {}, turn.now)
    _set_zone(turn, turn.incoming.text)


def _set_zone(turn: Turn, typed: str) -> None:
    name = zones.find(typed)
    if name is None:
        turn.say(preferences_screens.unknown_zone(typed, zones.alike(typed)))
    else:
        turn.tables.learners.set_zone(turn.learner.id, name)
        turn.say(preferences_screens.zone_set(name, turn.now, zones.zone(name)))
