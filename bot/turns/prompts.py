"""What a message answers: a command that came without its argument asked for it, and the next message holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from bot.turns import links, screens
from bot.turns.turn import Turn

PATIENCE = 600.0
"""Seconds for which a question waits for its answer."""
QUESTION_MARKS = ("?", "\u061f", "\uff1f", "\u037e")
"""Those of Latin, Arabic, Chinese and Greek writing."""
CANCEL = frozenset(("cancel", "stop", "quit", "abort", "never mind", "nevermind"))


class Claim(Enum):
    """What a text may clearly be, whatever was asked."""

    ANSWER = "answer"
    """An answer to the open question of a quiz."""
    CLASS_CODE = "class code"


@dataclass(frozen=True)
class Prompt:
    """What a person was asked. Fields are str or int.

    `class AskZone(Prompt, kind="zone")`: the kind is stored. `most_words` is how many words an answer has at most: a
    longer text is a sentence about something else. `any_text`: the answer may hold code and anything else.
    `may_ask`: the answer may end with a question mark. `yields_to` names what a text is taken for instead.
    """

    kind: ClassVar[str]
    most_words: ClassVar[int | None]
    any_text: ClassVar[bool]
    may_ask: ClassVar[bool]
    yields_to: ClassVar[frozenset[Claim]]

    def __init_subclass__(
        cls,
        kind: str,
        most_words: int | None = None,
        any_text: bool = False,
        may_ask: bool = False,
        yields_to: Iterable[Claim] = (Claim.ANSWER,),
    ) -> None:
        cls.kind, cls.most_words, cls.any_text = kind, most_words, any_text
        cls.may_ask, cls.yields_to = may_ask or any_text, frozenset(yields_to)


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
