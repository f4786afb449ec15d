"""Help, and an answer to everything that no other feature takes."""

from __future__ import annotations

from bot.features.help import screens
from bot.turns.screens import cancelled
from bot.turns.turn import Turn


def help(turn: Turn) -> None:
    """`/help`"""
    taught = turn.routes.teaching if turn.instructs else ()
    turn.show(screens.help([(c.name, c.about) for c in turn.routes.commands], [(c.name, c.about) for c in taught]))


def still(turn: Turn) -> None:
    """A button that only shows something."""


def wordless(turn: Turn) -> bool:
    """A sticker, a voice message and the like. What was asked stays asked."""
    if turn.incoming.text.strip() or turn.incoming.file:
        return False
    turn.say_once(screens.cannot_read(), "wordless")
    return True


def not_understood(turn: Turn) -> bool:
    turn.say(screens.not_understood())
    return True


def unknown_command(turn: Turn) -> bool:
    """A command that the bot does not have. `/cancel` ends what was asked, as any command does."""
    name = turn.incoming.text.split()[0].lstrip("/")
    turn.say(cancelled() if name.split("@")[0].lower() == "cancel" else screens.unknown_command(name))
    return True
