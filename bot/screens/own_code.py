"""Words around code that a learner sends."""

from __future__ import annotations

from bot.records import Attachment
from bot.screens.screen import Screen
from bot.text import MESSAGE_UNITS, Text, bold, code, italic, paragraphs, pre, text
from lessons.model import Example

NOT_HERE = "Here I can run only the course's own examples: the sandbox of this machine is not complete."


def to_edit(example: Example) -> Screen:
    """The code to copy, and how to send it back."""
    how = text(
        "Copy the code, change what you like, and send it back as a code block: three backticks ",
        code("```"),
        " before and after it. A .py file does as well.",
    )
    head = paragraphs(bold(example.title), how, italic("It runs in a closed sandbox: no network, a minute at most."))
    listing = pre(example.source, "python")
    if head.units + listing.units < MESSAGE_UNITS - 10:
        return Screen(paragraphs(head, listing))
    return Screen(head, attachment=Attachment(example.file, example.source.encode(), picture=False))


def not_here() -> Screen:
    return Screen(Text(NOT_HERE))


def not_python(name: str) -> Screen:
    return Screen(text("I can run Python files, and ", code(_short(name)), " is none: its name would end in .py."))


def too_long(size: int, limit: int) -> Screen:
    return Screen(text(f"That is {size:,} bytes of code; I take at most {limit:,}."))


def not_fetched(name: str) -> Screen:
    return Screen(text("I could not fetch ", code(_short(name)), ". Please send it once more."))


def not_utf8(name: str, at: int) -> Screen:
    return Screen(
        text(code(_short(name)), f" is not UTF-8 text: byte {at + 1} is wrong. Save it as UTF-8 and send it again.")
    )


def _short(name: str) -> str:
    return name[:60] or "this file"
