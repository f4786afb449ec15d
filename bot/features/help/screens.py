"""Help, and kind words for everything that fits nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.progress.buttons import Progress
from bot.telegram.richtext import bold, code, lines, paragraphs, text
from bot.telegram.screen import Button, Screen
from bot.turns.buttons import Lessons
from bot.turns.screens import OWN_CODE

DESCRIPTION = (
    "I teach machine learning with TensorFlow and Keras: short lessons, quizzes, and real models"
    " that you train right here in the chat."
)
"""What Telegram shows in the chat before a person writes for the first time."""
SHORT_DESCRIPTION = "Learn machine learning in a chat, with live training."
"""What Telegram shows beside the bot's name."""


def help(commands: Sequence[tuple[str, str]], teaching: Sequence[tuple[str, str]] = ()) -> Screen:
    """`teaching` is what instructors can do besides."""
    listed, taught = (lines(*(text(f"/{name} – {about}") for name, about in rows)) for rows in (commands, teaching))
    how = paragraphs(
        text("Values go behind the command: ", code("/train epochs=20 learning_rate=0.01")),
        text("An example by name: ", code("/train digits epochs=20")),
        OWN_CODE,
    )
    return Screen(
        paragraphs(bold("What I can do"), listed, how, bold("For instructors") if taught else "", taught), _ways()
    )


def unknown_command(name: str) -> Screen:
    return Screen(text("I do not know /", name[:32], ". /help shows what I can do."), _ways())


def not_understood() -> Screen:
    body = (
        "I am better at teaching than at small talk. Pick a lesson, or send /train to see a model learn;"
        " /help shows everything."
    )
    return Screen(paragraphs(body, OWN_CODE), _ways())


def cannot_read() -> Screen:
    """To a sticker, a voice message and the like."""
    return Screen(
        text("Thank you! I can only read text, code and files, so please write it to me. /help shows what I can do.")
    )


def _ways() -> tuple[tuple[Button, ...], ...]:
    return ((Button("☰ Lessons", Lessons()), Button("My progress", Progress())),)
