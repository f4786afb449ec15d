"""What a message that is no command is taken for: the first rule that takes it counts."""

from __future__ import annotations

from enum import IntEnum, auto

from bot.telegram.incoming import Content
from bot.turns.turn import Turn


class Rank(IntEnum):
    """The order of the rules.

    Code goes before prompts and questions, so that it is never a class' name or a wrong answer. A short statement like
    `x = 3` or `model.fit(x, y)` goes behind them, since it may be what was asked for.
    """

    NOTICE = auto()
    """A notice of Telegram's own: nobody wrote it."""
    FILE = auto()
    WORDLESS = auto()
    """A sticker, a voice message and the like: it answers nothing, and what was asked stays asked."""
    CANCEL = auto()
    REST = auto()
    """The rest of code that was cut: it need not look like code."""
    ANY_TEXT = auto()
    """An answer that may hold code, like the text of an announcement."""
    CODE = auto()
    PROMPT = auto()
    LINK = auto()
    CLASS_CODE = auto()
    ANSWER = auto()
    """An answer to the open question of a quiz."""
    SHORT_CODE = auto()
    NOT_UNDERSTOOD = auto()


def notice(turn: Turn) -> bool:
    """A notice of Telegram's own gets no answer."""
    return turn.incoming.content is Content.SERVICE
