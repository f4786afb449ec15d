"""A Screen: text, buttons, perhaps a picture. Within Telegram's limits by construction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.buttons import Action, encode
from bot.records import Attachment, Key, Mode, Outgoing
from bot.text import CAPTION_UNITS, MESSAGE_ENTITIES, MESSAGE_UNITS, Entity, Text

LABEL_LENGTH = 60
"""Longest label that a phone shows in one line, about."""


@dataclass(frozen=True, slots=True)
class Button:
    """Exactly one of `action`, `url` and `copy` says what a press does. `style`: primary, success or danger."""

    label: str
    action: Action | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    text: Text
    buttons: tuple[Row, ...] = ()
    attachment: Attachment | None = None

    def outgoing(self, chat: int, at: str = "", mode: Mode = Mode.NEW) -> Outgoing:
        """As it goes to a chat. Too long a text is clipped, so that a learner sees most of it rather than nothing."""
        shown = self.text.clipped(CAPTION_UNITS if self.attachment else MESSAGE_UNITS)
        return Outgoing(
            chat=chat,
            text=shown.plain,
            entities=tuple(_entity(e) for e in shown.entities[:MESSAGE_ENTITIES]),
            keyboard=tuple(tuple(_key(b) for b in row) for row in self.buttons if row),
            attachment=self.attachment,
            at=at,
            mode=mode,
        )


def _entity(entity: Entity) -> Mapping[str, object]:
    optional = {
        "language": entity.language,
        "url": entity.url,
        "unix_time": entity.unix_time,
        "date_time_format": entity.date_time_format,
    }
    return {"type": entity.type, "offset": entity.offset, "length": entity.length} | {
        k: v for k, v in optional.items() if v
    }


def _key(button: Button) -> Key:
    label = button.label if len(button.label) <= LABEL_LENGTH else button.label[: LABEL_LENGTH - 1].rstrip() + "…"
    data = encode(button.action) if button.action else None
    return Key(label, data=data, url=button.url, copy=button.copy, style=button.style)
