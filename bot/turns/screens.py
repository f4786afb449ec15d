"""Screens that several features show."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.classes import Cohort
from bot.telegram.actions import Action
from bot.telegram.richtext import code, text
from bot.telegram.screen import Button, Screen
from bot.turns.buttons import Lessons, NewClass

OWN_CODE = text(
    "I run your own Python, too: paste it here, or send it as a .py file or a notebook. A code block (three backticks ",
    code("```"), " before and after it) runs at once. Edit your message, and it runs again. Files that your code reads"
    " can be sent, too: /files."
)  # fmt: skip
"""How own code is sent, in a few words."""
TO_LEAVE = text("To leave this, send ", code("cancel"), ".")
"""Said with an answer that did not do, while another one is waited for."""


def for_instructors() -> Screen:
    who = "Whoever runs this bot can make you one."
    return Screen(text(f"That command is for instructors. {who} /help shows what I can do for you."))


def in_private() -> Screen:
    return Screen(text("Lessons and grades are private: open a chat with me alone, and we begin."))


def cancelled() -> Screen:
    return Screen(text("Cancelled. /help shows what I can do."))


LISTED = 30
"""Most classes that are listed, newest first."""
NOT_YOURS = "This class is not yours."


def not_yours() -> Screen:
    return Screen(text(NOT_YOURS))


def none_yet() -> Screen:
    return Screen(
        text("You teach no class yet. Make one with ", code("/newclass Autumn"), "."),
        ((Button("+ New class", NewClass(), style="primary"),),),
    )


def which(classes: Sequence[Cohort], choices: Sequence[Action]) -> Screen:
    """A command is about one class: a button for each, doing what belongs to it."""
    rows = [(Button(cohort.name, choice),) for cohort, choice in zip(classes, choices, strict=True)]
    return Screen(text("Which class?"), tuple(rows[:LISTED]))


def bad_link() -> Screen:
    return Screen(
        text("This link does not work, or not any more. Ask for a new one; /lessons shows what you can learn here."),
        ((Button("☰ Lessons", Lessons()),),),
    )
