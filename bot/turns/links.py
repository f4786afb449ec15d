"""Links that open the bot with `/start PAYLOAD`, where the payload's first letters say what it is."""

from __future__ import annotations

import re

from bot.turns import screens
from bot.turns.turn import Turn

LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t|telegram)\.me/(?P<short>\w+)/?\?start=(?P<a>[\w-]+)"
    r"|tg://resolve/?\?domain=(?P<long>\w+)&start=(?P<b>[\w-]+)",
    re.IGNORECASE | re.ASCII,
)
"""An address that opens a bot with `/start PAYLOAD`, as people paste it."""


def open_payload(turn: Turn, payload: str) -> None:
    """Do what the link is for; a bad payload gets a clear answer."""
    opens = turn.routes.link(payload)
    if opens is None:
        turn.say(screens.bad_link())
    else:
        opens(turn)


def pasted(turn: Turn) -> bool:
    """Whether the text is a link that opens this bot; then it is opened."""
    found = LINK.fullmatch(turn.incoming.text.strip())
    if found is None or (found["short"] or found["long"]).lower() != turn.identity.username.lower():
        return False
    open_payload(turn, found["a"] or found["b"])
    return True
