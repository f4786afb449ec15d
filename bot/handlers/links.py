"""`/start`, and the links that open the bot: `/start PAYLOAD`, where the payload's first letters say what it is."""

from __future__ import annotations

from collections.abc import Callable

from bot import buttons
from bot.handlers import appointing, classes, lessons
from bot.screens import classes as screens
from bot.turn import Turn

LESSON, JOIN, INSTRUCTOR, ALONG = "l-", "j", "i", "c"


def start(turn: Turn) -> None:
    """`/start` alone welcomes; with a payload it opens what the link is for."""
    payload = next(iter(turn.incoming.arguments), "")
    if not payload:
        lessons.start(turn)
        return
    for letters, opens in OPENS.items():
        if payload.startswith(letters):
            opens(turn, payload.removeprefix(letters))
            return
    turn.say(screens.bad_link())


def _lesson(turn: Turn, id: str) -> None:
    if turn.course.lesson(id):
        lessons.read(turn, buttons.Read(id))
    else:
        turn.say(screens.lesson_gone())


OPENS: dict[str, Callable[[Turn, str], None]] = {
    LESSON: _lesson,
    JOIN: classes.offer,
    INSTRUCTOR: appointing.open_invitation,
    ALONG: appointing.open_along,
}
"""By how the payload begins."""
