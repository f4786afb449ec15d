"""People who block the bot or come back, and groups."""

from __future__ import annotations

from bot.turns import screens
from bot.turns.turn import Turn


def blocked_or_back(turn: Turn) -> None:
    """A learner blocked the bot or came back, or a group put it out."""
    if turn.incoming.blocked:
        turn.tables.outbox.clear(turn.chat)
        if turn.incoming.private:
            turn.tables.learners.unreachable(turn.learner.id)


def in_group(turn: Turn) -> None:
    """In a group the bot only says where to find it. Commands for other bots get silence."""
    addressee = turn.incoming.addressee
    if addressee is None or addressee.lower() == turn.identity.username.lower():
        turn.say(screens.in_private())
