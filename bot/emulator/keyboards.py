"""Reply markups: what Telegram accepts as an inline keyboard or a reply keyboard."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit, KeyboardButtonStyle

from .addresses import BadAddress, checked
from .answers import Json
from .refusals import bad_request

# Exactly one of these makes an inline button do something.
ACTIONS = (
    "callback_data",
    "url",
    "copy_text",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "callback_game",
    "pay",
)
MOST_BYTES = 10_000
STYLES = frozenset(str(style) for style in KeyboardButtonStyle)


@dataclass(frozen=True)
class Keyboard:
    """A reply markup: `inline` goes into the message; `reply` stands below the chat (an empty one removes it)."""

    inline: Json | None = None
    reply: Json | None = None


def accept(markup: Any, *, inline_only: bool = False) -> Keyboard:
    """Checks a reply markup; `inline_only` for edits, where Telegram allows nothing else. Raises Refused."""
    if markup is None or markup == {}:
        return Keyboard()
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = [[_inline_button(button) for button in row] for row in _rows(markup["inline_keyboard"])]
        rows = [row for row in rows if row]
        # Rows of more than eight are refused, though Telegram shows the first eight and says nothing:
        # such a row loses buttons. Blank labels likewise.
        count = sum(map(len, rows))
        if count > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER or any(
            len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in rows
        ):
            raise bad_request("reply markup is too long")
        return Keyboard(inline=_short({"inline_keyboard": rows}) if rows else None)
    if inline_only:
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        rows = [[_plain_button(button) for button in row] for row in _rows(markup["keyboard"])]
        return Keyboard(reply=_short(markup | {"keyboard": rows}))
    if markup.get("remove_keyboard"):
        return Keyboard(reply={})
    return Keyboard()


def _short(markup: Json) -> Json:
    """A markup that is not too large. Raises Refused for others.

    Telegram tells nobody the limit; a hundred buttons of 60 letters are known to be over it.
    """
    if len(json.dumps(markup, ensure_ascii=False, separators=(",", ":")).encode()) > MOST_BYTES:
        raise bad_request("reply markup is too long")
    return markup


def _rows(rows: Any) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup JSON object")
    return rows


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if button.get("style") is not None and str(button["style"]) not in STYLES:
        raise bad_request("can't parse inline keyboard button: Invalid button style specified")
    actions = [action for action in ACTIONS if button.get(action) is not None]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    kept = {name: button[name] for name in ("text", "style", "icon_custom_emoji_id") if button.get(name) is not None}
    return kept | {actions[0]: _accepted_action(actions[0], button[actions[0]])}


def _accepted_action(action: str, value: Any) -> Any:
    """What a button does, as Telegram keeps it. Raises Refused."""
    limit = InlineKeyboardButtonLimit
    if action == "callback_data":
        size = len(str(value).encode())
        if not limit.MIN_CALLBACK_DATA <= size <= limit.MAX_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    elif action == "copy_text":
        text = _inner(value, "text")
        if not limit.MIN_COPY_TEXT <= len(text) <= limit.MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif action == "url":
        return _address("", str(value))
    elif action == "web_app":
        _address("Web App ", _inner(value, "url"), https_only=True)
    return value


def _address(what: str, url: str, *, https_only: bool = False) -> str:
    try:
        return checked(url, https_only=https_only)
    except BadAddress as reason:
        raise bad_request(f"inline keyboard button {what}URL '{url}' is invalid: {reason}") from None


def _inner(value: Any, name: str) -> str:
    """The text field of a nested object, empty when there is none."""
    text = value.get(name) if isinstance(value, dict) else None
    return text if isinstance(text, str) else ""


def _plain_button(button: Any) -> Json:
    plain = {"text": button} if isinstance(button, str) else button
    if not isinstance(plain, dict) or not str(plain.get("text", "")).strip():
        raise bad_request("keyboard button text must be non-empty")
    return plain
