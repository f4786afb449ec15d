"""Carries a message to Telegram: one call of the Bot API each, at a pace that Telegram allows.

Telegram's FAQ asks for about one message a second in a chat (short bursts are fine), 20 a minute in a group, and 30 a
second in all.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from aiolimiter import AsyncLimiter
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    MessageEntity,
)
from telegram.error import BadRequest

from bot.records import Key, Outgoing, Post

OVERALL = (30, 1.0)
"""Calls and seconds, for all chats together."""
CHAT = (20, 20.0)
"""One a second, of which twenty may come at once."""
GROUP = (20, 60.0)


@dataclass(frozen=True, slots=True)
class Pace:
    """Calls and the seconds they may come in: for all chats together, for one, for a group."""

    overall: tuple[float, float] = OVERALL
    chat: tuple[float, float] = CHAT
    group: tuple[float, float] = GROUP


TELEGRAMS = Pace()
AT_ONCE = 8
"""Calls under way at the same time. httpx grows slow with many (a ceiling of 490 updates a second at 4, 280 at 16),
and a few that hang must not hold up everybody (each may take 20 s)."""
REMEMBERED = 10_000
"""Chats whose pace is remembered; one that was quiet for longest is forgotten first."""
SEND_SECONDS = 20.0
"""A send that took longer may have arrived all the same: the longer we listen, the fewer are repeated."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Courier:
    """Every method waits for its chat's pace, and raises the library's TelegramError as it comes."""

    def __init__(self, bot: Bot, allowed: Pace = TELEGRAMS) -> None:
        self._bot = bot
        self._allowed = allowed
        self._overall = AsyncLimiter(*allowed.overall)
        self._chats: OrderedDict[int, AsyncLimiter] = OrderedDict()
        self._hands = asyncio.Semaphore(AT_ONCE)

    async def send(self, message: Outgoing) -> Post:
        """Send a new message; returns what stands in the chat now."""
        await self._pace(message.chat)
        async with self._hands:
            return _post(message, (await self._sent(message)).message_id)

    async def _sent(self, message: Outgoing) -> Message:
        entities, markup, attachment = _entities(message), _markup(message), message.attachment
        if attachment is None:
            return await self._bot.send_message(
                message.chat,
                message.text,
                entities=entities,
                message_thread_id=message.topic,
                reply_markup=markup,
                link_preview_options=NO_PREVIEW,
                read_timeout=SEND_SECONDS,
            )
        if attachment.picture:
            return await self._bot.send_photo(
                message.chat,
                attachment.content,
                message.text,
                caption_entities=entities,
                message_thread_id=message.topic,
                reply_markup=markup,
                read_timeout=SEND_SECONDS,
            )
        return await self._bot.send_document(
            message.chat,
            InputFile(attachment.content, attachment.name),
            message.text,
            caption_entities=entities,
            message_thread_id=message.topic,
            reply_markup=markup,
            read_timeout=SEND_SECONDS,
        )

    async def edit(self, message: Outgoing, post: Post) -> Post:
        """Put `message` in the place of `post`. That nothing changes by it is success."""
        await self._pace(message.chat)
        try:
            async with self._hands:
                await self._edited(message, post)
        except BadRequest as error:
            if "not modified" not in str(error):
                raise
        return _post(message, post.message)

    async def _edited(self, message: Outgoing, post: Post) -> None:
        if message.attachment:
            # Telegram answers when it has the whole file: as long as a send.
            await self._bot.edit_message_media(
                _media(message),
                message.chat,
                post.message,
                reply_markup=_markup(message),
                read_timeout=SEND_SECONDS,
            )
        else:
            await self._bot.edit_message_text(
                message.text,
                message.chat,
                post.message,
                entities=_entities(message),
                reply_markup=_markup(message),
                link_preview_options=NO_PREVIEW,
                read_timeout=SEND_SECONDS,
            )

    async def strip(self, post: Post) -> None:
        """Take the buttons off a message."""
        await self._pace(post.chat)
        async with self._hands:
            await self._bot.edit_message_reply_markup(post.chat, post.message)

    async def _pace(self, chat: int) -> None:
        limiter = self._chats.pop(chat, None) or AsyncLimiter(
            *(self._allowed.group if chat < 0 else self._allowed.chat)
        )
        self._chats[chat] = limiter
        if len(self._chats) > REMEMBERED:
            self._chats.popitem(last=False)
        await limiter.acquire()
        await self._overall.acquire()


def _post(message: Outgoing, id: int) -> Post:
    return Post(message.chat, message.at, id, message.attachment is not None, bool(message.keyboard))


def _media(message: Outgoing) -> InputMediaPhoto | InputMediaDocument:
    attachment, entities = message.attachment, _entities(message)
    assert attachment is not None
    if attachment.picture:
        return InputMediaPhoto(attachment.content, message.text, caption_entities=entities)
    return InputMediaDocument(attachment.content, message.text, caption_entities=entities, filename=attachment.name)


def _entities(message: Outgoing) -> list[MessageEntity]:
    return list(MessageEntity.de_list([dict(entity) for entity in message.entities]))


def _markup(message: Outgoing) -> InlineKeyboardMarkup | None:
    if not message.keyboard:
        return None
    return InlineKeyboardMarkup([[_button(key) for key in row] for row in message.keyboard])


def _button(key: Key) -> InlineKeyboardButton:
    copied = CopyTextButton(key.copy) if key.copy else None
    return InlineKeyboardButton(key.text, callback_data=key.data, url=key.url, copy_text=copied, style=key.style)
