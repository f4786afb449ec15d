"""Plainer forms of a message that Telegram refused. Pure rules: a table of steps, each of which takes one thing away.

What Telegram's words name is taken away first: a picture that is no photo must not cost a message its bold words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.domain.messages import Key, Outgoing

NO_ATTACHMENT = "(Telegram did not take the picture or file that belongs here.)"

Step = Callable[[Outgoing], Outgoing | None]
"""A plainer form of the message; None when there is nothing to take away."""


def as_document(message: Outgoing) -> Outgoing | None:
    """The picture as a file: Telegram takes files of any shape."""
    if message.attachment is None or not message.attachment.picture:
        return None
    return replace(message, attachment=replace(message.attachment, picture=False))


def without_attachment(message: Outgoing) -> Outgoing | None:
    """The text alone, which says that something is missing."""
    if message.attachment is None:
        return None
    return replace(message, attachment=None, text=f"{message.text}\n\n{NO_ATTACHMENT}".strip())


def without_addresses(message: Outgoing) -> Outgoing | None:
    """The words of links and dates, without what is behind them."""
    return _without_entities(message, lambda entity: entity["type"] in ("text_link", "date_time"))


def without_entities(message: Outgoing) -> Outgoing | None:
    return _without_entities(message, lambda entity: True)


def without_odd_buttons(message: Outgoing) -> Outgoing | None:
    """The buttons that talk to the bot; those that open an address or copy a text go."""
    return _with_keys(message, lambda key: key if key.data is not None else None)


def without_styles(message: Outgoing) -> Outgoing | None:
    return _with_keys(message, lambda key: replace(key, style=None))


def without_keyboard(message: Outgoing) -> Outgoing | None:
    return replace(message, keyboard=()) if message.keyboard else None


@dataclass(frozen=True, slots=True)
class Fault:
    """What Telegram may find wrong: how its words name it, and what helps, mildest first."""

    words: tuple[str, ...]
    steps: tuple[Step, ...]


FAULTS = (
    Fault(("photo", "image", "media", "file", "dimensions", "document"), (as_document, without_attachment)),
    Fault(("entit", "url", "date"), (without_addresses, without_entities)),
    Fault(("button", "markup", "keyboard"), (without_styles, without_odd_buttons, without_keyboard)),
)


def plainer(message: Outgoing, refusal: str) -> Outgoing | None:
    """The next plainer form of a message that was refused with these words; None when nothing is left to take away."""
    refusal = refusal.lower()
    named = sorted(FAULTS, key=lambda fault: not any(word in refusal for word in fault.words))
    forms = (step(message) for fault in named for step in fault.steps)
    return next((form for form in forms if form is not None), None)


def in_place_of(message: Outgoing, sentence: str) -> Outgoing:
    """A sentence where the message was to stand, when Telegram refused its every form."""
    return replace(message, text=sentence, entities=(), keyboard=(), attachment=None)


def _without_entities(message: Outgoing, goes: Callable[[Mapping[str, object]], bool]) -> Outgoing | None:
    kept = tuple(entity for entity in message.entities if not goes(entity))
    return replace(message, entities=kept) if len(kept) < len(message.entities) else None


def _with_keys(message: Outgoing, change: Callable[[Key], Key | None]) -> Outgoing | None:
    rows = (tuple(filter(None, map(change, row))) for row in message.keyboard)
    keyboard = tuple(row for row in rows if row)
    return replace(message, keyboard=keyboard) if keyboard != message.keyboard else None
