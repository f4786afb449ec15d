"""Which group messages reach a bot that is a plain member: Telegram's privacy mode, the default of every bot."""

from __future__ import annotations

from . import content
from .answers import Json
from .state import Chat, State


def hears(state: State, chat: Chat, message: Json) -> bool:
    """Whether the bot gets a message. As a plain member of a group it gets commands that name no other bot, replies to
    its own messages, messages that mention it, and notices."""
    if chat.type == "private" or chat.administrator or not _is_from_a_person(message):
        return True
    replied = message.get("reply_to_message", {}).get("from", {}).get("id")
    return replied == state.bot_id or any(_is_for(state, message, entity) for entity in _entities(message))


def _is_from_a_person(message: Json) -> bool:
    return any(kind in message for kind in ("text", "sticker", "voice", "poll", *content.MEDIA))


def _entities(message: Json) -> list[Json]:
    return [*message.get("entities", []), *message.get("caption_entities", [])]


def _is_for(state: State, message: Json, entity: Json) -> bool:
    """Whether a command or a mention is for the bot."""
    if entity["type"] == "text_mention":
        return bool(entity["user"]["id"] == state.bot_id)
    units = str(message.get("text") or message.get("caption", "")).encode("utf-16-le")
    word = units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le").lower()
    name = f"@{state.bot_username.lower()}"
    if entity["type"] == "bot_command":
        return "@" not in word or word.endswith(name)
    return bool(entity["type"] == "mention" and word == name)
