"""What a text is taken for: the first rule that takes it counts."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.snippets import find
from bot.features.files import handlers as files
from bot.features.help import screens
from bot.features.own_code import handlers as own_code
from bot.features.quiz import handlers as quiz
from bot.telegram.incoming import Content
from bot.turns import links, prompts
from bot.turns.turn import Turn


def written(turn: Turn) -> None:
    """Anything that is no command. The first that takes it counts."""
    for takes in ORDER:
        if takes(turn):
            return
    turn.say(screens.not_understood())


def _notice(turn: Turn) -> bool:
    """A notice of Telegram's own: nobody wrote it, and nobody is answered."""
    return turn.incoming.content is Content.SERVICE


def _wordless(turn: Turn) -> bool:
    """A sticker, a voice message and the like: it answers nothing that was asked, and what was asked stays so."""
    wordless = not turn.incoming.text.strip() and turn.incoming.file is None
    if wordless:
        turn.say_once(screens.cannot_read(), "wordless")
    return wordless


def _file(turn: Turn) -> bool:
    """A document or a photo, with the code that its caption may hold."""
    came, code = turn.incoming, turn.incoming.code
    if came.file is None:
        return False
    files.sent(turn, came.file)
    if code and code.marked and not code.short and not files.is_code(came.file):
        own_code.sent(turn, code)
    elif came.file.name.lower().endswith(".txt") and (
        code := find((came.file.content or b"").decode("utf-8", "replace"))
    ):
        own_code.sent(turn, code)  # some apps give code no other ending
    return True


def _code(turn: Turn) -> bool:
    """Code that is no answer: it is marked as a block, or longer than a short statement."""
    code = turn.incoming.code
    if code is None or code.short:
        return False
    turn.tables.prompts.clear(turn.learner.id)
    own_code.sent(turn, code)
    return True


def _short_code(turn: Turn) -> bool:
    """A short statement that nobody waited for. A monospaced word is none."""
    code = turn.incoming.code
    if code is None or code.is_word:
        return False
    own_code.sent(turn, code)
    return True


ORDER: tuple[Callable[[Turn], bool], ...] = (
    _notice,
    _file,
    _wordless,
    prompts.cancel,
    own_code.continues,  # the rest of code that was cut need not look like code
    prompts.take_any_text,  # an announcement may hold code
    _code,
    prompts.answer,
    links.pasted,
    quiz.written,
    _short_code,
)
"""What a text is taken for. Code goes before prompts and questions, so that it is never a class' name or a wrong
answer; a short statement like `x = 3` or `model.fit(x, y)` goes behind them, since it may be what was asked for."""


def edited(turn: Turn) -> None:
    """A message that was changed after it was sent. Only code counts by its new text: an answer stands as it was
    given."""
    own_code.edited(turn)
