"""A learner's time zone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import zones
from bot.features.preferences import screens
from bot.turns.prompts import Claim, Prompt
from bot.turns.turn import Turn


@dataclass(frozen=True)
class AskZone(Prompt, kind="zone", most_words=4, yields_to=(Claim.ANSWER, Claim.CLASS_CODE)):
    """The next message is a time zone."""


def zone(turn: Turn) -> None:
    """`/zone Europe/Berlin`; without a name, say the present one and ask for another."""
    name = " ".join(turn.incoming.arguments)
    if name:
        _set_zone(turn, name)
    else:
        turn.ask(AskZone())
        turn.say(screens.ask_for_zone(turn.learner.zone))


def take_zone(turn: Turn) -> None:
    """The message says the time zone that was asked for; of one that nobody knows, another may follow."""
    if zones.find(turn.incoming.text) is None:
        turn.ask(AskZone())
    _set_zone(turn, turn.incoming.text)


def _set_zone(turn: Turn, typed: str) -> None:
    name = zones.find(typed)
    if name is None:
        turn.say(screens.unknown_zone(typed, zones.alike(typed)))
    else:
        turn.tables.learners.set_zone(turn.learner.id, name)
        turn.say(screens.zone_set(name, turn.now, zones.zone(name)))
