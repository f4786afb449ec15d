"""Which messages bring code."""

from __future__ import annotations

from bot.domain.snippets import find
from bot.features.own_code import files, handlers
from bot.turns.turn import Turn


def file(turn: Turn) -> bool:
    """A document or a photo, with the code that its caption may hold."""
    came, code = turn.incoming, turn.incoming.code
    if came.file is None:
        return False
    files.sent(turn, came.file)
    if code and code.marked and not code.short and not files.is_code(came.file):
        handlers.sent(turn, code)
    elif came.file.name.lower().endswith(".txt") and (
        code := find((came.file.content or b"").decode("utf-8", "replace"))
    ):
        handlers.sent(turn, code)  # some apps give code no other ending
    return True


def code(turn: Turn) -> bool:
    """Code that is no answer: it is marked as a block, or longer than a short statement."""
    found = turn.incoming.code
    if found is None or found.short:
        return False
    turn.tables.prompts.clear(turn.learner.id)
    handlers.sent(turn, found)
    return True


def short_code(turn: Turn) -> bool:
    """A short statement that nothing else takes. A monospaced word is not code."""
    found = turn.incoming.code
    if found is None or found.is_word:
        return False
    handlers.sent(turn, found)
    return True


def behind_command(turn: Turn) -> bool:
    """Other bots run code behind `/run` or `/py`: here it is code behind any command that the bot does not have."""
    name = turn.incoming.text.split()[0]
    found = turn.incoming.code or find(turn.incoming.text.removeprefix(name).strip())
    if found is None:
        return False
    handlers.sent(turn, found)
    return True
