"""What Telegram takes, and values at the limits of what people and machines give."""

from __future__ import annotations

import json

from bot.domain.messages import Outgoing
from bot.telegram.actions import decode
from bot.telegram.richtext import CAPTION_UNITS, MESSAGE_ENTITIES, MESSAGE_UNITS, units
from bot.telegram.screen import ROW_BUTTONS
from tests.support.desk import ROUTES, keys

BIG = 2**63 - 1

NAMES = ("Ada", "😀" * 64, "<b>Ada</b> &amp; *Grace* _x_ [link](tg://user?id=1)", "\u202eevil\u202c", "﷽" * 64)


def markup_bytes(message: Outgoing) -> int:
    """What Telegram measures of a keyboard: its JSON."""
    markup = [
        [{"text": key.text, "callback_data": key.data or key.url or key.copy} for key in row]
        for row in message.keyboard
    ]
    return len(json.dumps(markup, ensure_ascii=False, separators=(",", ":")).encode())


def within_limits(message: Outgoing) -> None:
    limit = CAPTION_UNITS if message.attachment else MESSAGE_UNITS
    assert 0 < units(message.text) <= limit
    assert message.text[0].strip()  # Telegram strips what is blank in front
    assert len(message.entities) <= MESSAGE_ENTITIES
    raw = message.text.encode("utf-16-le")
    for entity in message.entities:
        offset, length = int(str(entity["offset"])), int(str(entity["length"]))
        assert length > 0
        assert offset + length <= units(message.text)
        raw[2 * offset : 2 * (offset + length)].decode("utf-16-le")
    assert len(keys(message)) <= 100
    assert markup_bytes(message) < 10_000
    for row in message.keyboard:
        assert 1 <= len(row) <= ROW_BUTTONS
    for key in keys(message):
        assert 0 < len(key.text) <= 64
        assert [key.data, key.url, key.copy].count(None) == 2
        if key.data:
            assert len(key.data.encode()) <= 64
            decode(key.data, ROUTES.actions)
