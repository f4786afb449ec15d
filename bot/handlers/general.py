"""Help, and an answer to everything that nobody else takes."""

from __future__ import annotations

from bot import buttons
from bot.handlers import own_code, prompts, quiz
from bot.screens import general as screens
from bot.turn import Turn


def written(turn: Turn) -> None:
    """Anything that is no command: what was asked for, code, an answer to an open question, or small talk."""
    if turn.incoming.file:
        own_code.file(turn, turn.incoming.file)
    elif prompts.answer(turn):
        pass
    elif turn.incoming.code:
        own_code.block(turn, turn.incoming.code)
    elif not quiz.written(turn):
        turn.say(screens.not_understood())


def edited(turn: Turn) -> None:
    """A message that the learner changed after it was sent. Nothing is done about it yet."""


def unknown(turn: Turn) -> None:
    turn.say(screens.unknown_command(turn.incoming.text.split()[0].lstrip("/")))


def still(turn: Turn, pressed: buttons.Still) -> None:
    """A button that only shows something."""


def membership(turn: Turn) -> None:
    """The learner blocked the bot, or came back; or somebody put it out of a group."""
    if turn.incoming.blocked:
        turn.tables.outbox.clear(turn.chat)
        if turn.incoming.private:
            turn.tables.learners.unreachable(turn.learner.id)


def in_group(turn: Turn) -> None:
    """In a group the bot only says where to find it."""
    turn.say(screens.in_private())
