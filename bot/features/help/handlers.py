"""Help, and an answer to everything that nobody else takes."""

from __future__ import annotations

from bot.domain.snippets import find
from bot.features.help import screens
from bot.features.own_code import handlers as own_code
from bot.turns import screens as turns_screens
from bot.turns.buttons import Still
from bot.turns.turn import Turn


def unknown(turn: Turn) -> None:
    """A command that the bot does not have. `/cancel` ends what was being asked, as any command does. Other bots run
    code behind `/run` or `/py`: here it is code, whatever the command."""
    name = turn.incoming.text.split()[0].lstrip("/")
    if code := turn.incoming.code or find(turn.incoming.text.removeprefix("/" + name).strip()):
        own_code.sent(turn, code)
        return
    turn.say(turns_screens.cancelled() if name.split("@")[0].lower() == "cancel" else screens.unknown_command(name))


def still(turn: Turn, pressed: Still) -> None:
    """A button that only shows something."""


def membership(turn: Turn) -> None:
    """The learner blocked the bot, or came back; or somebody put it out of a group."""
    if turn.incoming.blocked:
        turn.tables.outbox.clear(turn.chat)
        if turn.incoming.private:
            turn.tables.learners.unreachable(turn.learner.id)


def in_group(turn: Turn) -> None:
    """In a group the bot only says where to find it; what is for another bot is none of its business."""
    addressee = turn.incoming.addressee
    if addressee is None or addressee.lower() == turn.house.username.lower():
        turn.say(screens.in_private())
