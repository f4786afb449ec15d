"""`/start`, and the links that open the bot: `/start PAYLOAD`, where the payload's first letters say what it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain import tokens
from bot.features.instructors import handlers as appointing
from bot.features.membership import handlers as classes
from bot.features.reading import handlers as lessons
from bot.features.reading import screens as reading_screens
from bot.features.reading.buttons import Read
from bot.turns import screens
from bot.turns.turn import Turn

LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t|telegram)\.me/(?P<short>\w+)/?\?start=(?P<a>[\w-]+)"
    r"|tg://resolve/?\?domain=(?P<long>\w+)&start=(?P<b>[\w-]+)",
    re.IGNORECASE | re.ASCII,
)
"""An address that opens a bot with `/start PAYLOAD`, as people paste it."""
LONGEST_CODE = 24
"""Characters of a class' code, with spaces and hyphens between them."""
LESSON, JOIN, INSTRUCTOR, ALONG = "l-", "j", "i", "c"


def start(turn: Turn) -> None:
    """`/start` alone welcomes; with a payload it opens what the link is for."""
    payload = next(iter(turn.incoming.arguments), "")
    if not payload:
        lessons.start(turn)
    else:
        _open(turn, payload)


def _open(turn: Turn, payload: str) -> None:
    for letters, opens in OPENS.items():
        if payload.startswith(letters):
            opens(turn, payload.removeprefix(letters))
            return
    turn.say(screens.bad_link())


def pasted(turn: Turn) -> bool:
    """Whether the text is a link that opens the bot, or the code of a class, sent as it stands; then it is opened."""
    words = turn.incoming.text.strip()
    found = LINK.fullmatch(words)
    bot, payload = (found["short"] or found["long"], found["a"] or found["b"]) if found else ("", "")
    if found and bot.lower() == turn.house.username.lower():
        _open(turn, payload)
        return True
    if is_code(turn):
        classes.offer(turn, words)
        return True
    return False


def is_code(turn: Turn) -> bool:
    """Whether the text is the code of a class."""
    words = turn.incoming.text.strip()
    return len(words) <= LONGEST_CODE and turn.tables.cohorts.by_code(tokens.read_code(words)) is not None


def _lesson(turn: Turn, id: str) -> None:
    if turn.course.lesson(id):
        lessons.read(turn, Read(id))
    else:
        turn.say(reading_screens.lesson_gone())


OPENS: dict[str, Callable[[Turn, str], None]] = {
    LESSON: _lesson,
    JOIN: classes.offer,
    INSTRUCTOR: appointing.open_invitation,
    ALONG: appointing.open_along,
}
"""By how the payload begins."""
