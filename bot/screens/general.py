"""Help, and kind words for everything that fits nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from bot import buttons
from bot.screens.own_code import HOW
from bot.screens.screen import Button, Screen
from bot.text import bold, code, lines, paragraphs, text

TO_LEAVE = text("To leave this, send ", code("cancel"), ".")
"""Said with an answer that did not do, while another one is waited for."""


def help(commands: Sequence[tuple[str, str]], teaching: Sequence[tuple[str, str]] = ()) -> Screen:
    """`teaching` is what instructors can do besides."""
    listed, taught = (lines(*(text(f"/{name} – {about}") for name, about in rows)) for rows in (commands, teaching))
    how = paragraphs(
        text("Values go behind the command: ", code("/train epochs=20 learning_rate=0.01")),
        text("An example by name: ", code("/train digits epochs=20")),
        HOW,
    )
    return Screen(
        paragraphs(bold("What I can do"), listed, how, bold("For instructors") if taught else "", taught), _ways()
    )


def for_instructors() -> Screen:
    who = "Whoever runs this bot can make you one."
    return Screen(text(f"That command is for instructors. {who} /help shows what I can do for you."))


def unknown_command(name: str) -> Screen:
    return Screen(text("I do not know /", name[:32], ". /help shows what I can do."), _ways())


def not_understood() -> Screen:
    body = (
        "I am better at teaching than at small talk. Pick a lesson, or send /train to see a model learn;"
        " /help shows everything."
    )
    return Screen(paragraphs(body, HOW), _ways())


def cannot_read() -> Screen:
    """To a sticker, a voice message and the like."""
    return Screen(
        text("Thank you! I can only read text, code and files, so please write it to me. /help shows what I can do.")
    )


def cancelled() -> Screen:
    return Screen(text("Cancelled. /help shows what I can do."))


def no_example() -> Screen:
    return Screen(text("This lesson has no example for that. Another one may: /lessons shows them all."), _ways())


def not_a_number() -> Screen:
    return Screen(
        text(
            "This question wants a number, for example ",
            code("12"),
            " or ",
            code("0.75"),
            ". It did not count as an answer.",
        )
    )


def apology(reference: str) -> Screen:
    return Screen(
        text(
            "Something went wrong on my side, and I have made a note of it (",
            code(reference),
            "). Please try that again.",
        )
    )


def undeliverable(reference: str) -> Screen:
    return Screen(
        text(f"I have something for you that Telegram does not let me show. I have made a note of it ({reference}).")
    )


def try_later() -> Screen:
    return Screen(text("I cannot write anything down at the moment. Your message is not lost: I will come back to it."))


def in_private() -> Screen:
    return Screen(text("Lessons and grades are private: open a chat with me alone, and we begin."))


def _ways() -> tuple[tuple[Button, ...], ...]:
    return ((Button("☰ Lessons", buttons.Lessons()), Button("My progress", buttons.Progress())),)
