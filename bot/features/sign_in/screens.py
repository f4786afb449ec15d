"""The way to the web pages."""

from __future__ import annotations

from bot.telegram.richtext import bold, italic, link, paragraphs
from bot.telegram.screen import Button, Screen


def dashboard(url: str) -> Screen:
    """The address is shown in full: on some phones one copies it to another device."""
    return Screen(
        paragraphs(
            bold("Your dashboard"),
            link(url, url),
            italic("The link signs you in: it works once, for 10 minutes. Do not forward it."),
        ),
        ((Button("Copy the link", copy=url),),),
    )
