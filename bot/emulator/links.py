"""Links that Telegram's clients keep to themselves: those that start a bot with a payload."""

from __future__ import annotations

import re

# static/links.js reads the same links.
START_LINK = re.compile(
    r"(?:https?://)?(?:t|telegram)\.me/(\w+)/?\?(?:\S*&)?start=([\w-]{1,64})(?:[&#]\S*)?", re.ASCII | re.IGNORECASE
)


def start_payload(link: str, username: str) -> str | None:
    """What a link hands to the bot of this name (without @) when it starts; None for any other link."""
    match = START_LINK.fullmatch(link)
    return match[2] if match and match[1].lower() == username.lower() else None
