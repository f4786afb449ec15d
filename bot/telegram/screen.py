"""A Screen: text, buttons, perhaps a picture. Within Telegram's limits by construction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.messages import Attachment, Entity, Key, Mode, Outgoing
from bot.domain.wording import shortened
from bot.telegram.actions import Action, encode
from bot.telegram.richtext import CAPTION_UNITS, MESSAGE_ENTITIES, MESSAGE_UNITS, Text

ROW_BUTTONS = 5
"""Most buttons in a row: Telegram drops what is beyond the eighth, and more than five cannot be read on a phone."""
LABEL_LENGTHS = (60, 45, 32, 24, 16, 10)
"""How long labels may be. The first is about what a phone shows in one line; the others are for long lists."""
KEYBOARD_BYTES = 9_500
"""Telegram refuses a message whose buttons take about 10 kB as JSON."""
PHONE_COLUMNS = 32
"""Letters of code in one line of a phone."""
KEY_BYTES = 45
"""What the JSON of a button takes besides its values."""


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

    def outgoing(self, chat: int, key: str = "", mode: Mode = Mode.NEW) -> Outgoing:
        """As it goes to a chat. Too long a text is clipped, so that a learner sees most of it rather than nothing."""
        shown = self.text.clipped(CAPTION_UNITS if self.attachment else MESSAGE_UNITS)
        return Outgoing(
            chat=chat,
            text=shown.plain,
            entities=tuple(_entity(e) for e in shown.entities[:MESSAGE_ENTITIES]),
            keyboard=_keyboard(self.buttons),
            attachment=self.attachment,
            key=key,
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


def _keyboard(rows: tuple[Row, ...]) -> tuple[tuple[Key, ...], ...]:
    """The buttons, with labels as long as all of them together leave room for."""
    narrow = [row[at : at + ROW_BUTTONS] for row in rows for at in range(0, len(row), ROW_BUTTONS)]
    for length in LABEL_LENGTHS:
        keyboard = tuple(tuple(_key(button, length) for button in row) for row in narrow)
        if sum(_bytes(key) for row in keyboard for key in row) <= KEYBOARD_BYTES:
            break
    return keyboard


def _bytes(key: Key) -> int:
    values = (key.text, key.data, key.url, key.copy, key.style)
    return KEY_BYTES + sum(len(value.encode()) for value in values if value)


def _key(button: Button, length: int) -> Key:
    label = shortened(button.label, length)
    data = encode(button.action) if button.action else None
    return Key(label, data=data, url=button.url, copy=button.copy, style=button.style)
