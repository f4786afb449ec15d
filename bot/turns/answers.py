"""Whether a message answers what was asked."""

from __future__ import annotations

from bot.turns import links, screens
from bot.turns.prompts import PATIENCE, Prompt
from bot.turns.turn import Turn

QUESTION_MARKS = ("?", "\u061f", "\uff1f", "\u037e")
"""Those of Latin, Arabic, Chinese and Greek writing."""
CANCEL = frozenset(("cancel", "stop", "quit", "abort", "never mind", "nevermind"))


def take_any_text(turn: Turn) -> bool:
    """As `answer`, for what takes any text: code may be part of it."""
    kind = turn.tables.prompts.kind(turn.learner.id, turn.now - PATIENCE)
    return kind is not None and turn.routes.takes_any_text(kind) and answer(turn)


def cancel(turn: Turn) -> bool:
    """Whether the message leaves what is asked at the moment."""
    word = turn.incoming.text.strip().strip("./!").casefold()
    leaves = word in CANCEL and turn.tables.prompts.kind(turn.learner.id, turn.now - PATIENCE) is not None
    if leaves:
        turn.tables.prompts.clear(turn.learner.id)
        turn.say(screens.cancelled())
    return leaves


def answer(turn: Turn) -> bool:
    """Whether the message answers something that was asked in the last ten minutes; then it is dealt with.

    What is clearly something else ends what was asked, and is taken for what it is.
    """
    stored = turn.tables.prompts.take(turn.learner.id, turn.now - PATIENCE)
    prompt = turn.routes.prompt(stored) if stored else None
    if prompt is None or is_something_else(turn, prompt):
        return False
    turn.while_asked = screens.TO_LEAVE
    turn.routes.answer(turn, prompt)
    return True


def is_something_else(turn: Turn, prompt: Prompt) -> bool:
    """A path, a question, Python, a link that opens the bot, too many words, or what the prompt yields to."""
    text, code = turn.incoming.text.strip(), turn.incoming.code
    return (
        (prompt.most_words is not None and len(text.split()) > prompt.most_words)
        or (not prompt.may_ask and text.endswith(QUESTION_MARKS))
        or text.startswith("/")
        or (not prompt.any_text and code is not None and not code.is_word)
        or links.LINK.fullmatch(text) is not None
        or any(turn.routes.claims(turn, claim) for claim in prompt.yields_to)
    )
