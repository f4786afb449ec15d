"""Screens for when the bot itself is in trouble."""

from __future__ import annotations

from bot.telegram.richtext import code, text
from bot.telegram.screen import Screen


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
