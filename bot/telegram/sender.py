"""Carries a message to Telegram: one call of the Bot API each, at a pace that Telegram allows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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
from telegram.error import BadRequest, TelegramError

from bot.domain.messages import Key, Outgoing, Post
from bot.telegram.pace import TELEGRAMS, Limiters, Pace
from bot.telegram.refusals import as_meant

AT_ONCE = 8
"""Calls under way at the same time. httpx grows slow with many (a ceiling of 490 updates a second at 4, 280 at 16),
and a few that hang must not hold up everybody (each may take 20 s)."""
SEND_SECONDS = 20.0
"""A send that took longer may have arrived all the same: the longer we listen, the fewer are repeated."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Sender:
    """Every method waits for its chat's pace, and raises the library's TelegramError as it comes."""

    def __init__(self, bot: Bot, allowed: Pace = TELEGRAMS) -> None:
        self._bot = bot
        self._limits = Limiters(allowed, AT_ONCE)

    @asynccontextmanager
    async def _call(self, chat: int) -> AsyncIterator[None]:
        """Around a call: at the chat's pace, and with errors that say what is meant."""
        async with self._limits.of(chat):
            try:
                yield
            except TelegramError as error:
                meant = as_meant(error)
                if meant is error:
                    raise
                raise meant from error

    async def send(self, message: Outgoing) -> Post:
        """Send a new message; returns what stands in the chat now."""
        async with self._call(message.chat):
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
        try:
            async with self._call(message.chat):
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
        async with self._call(post.chat):
            await self._bot.edit_message_reply_markup(post.chat, post.message)


def _post(message: Outgoing, id: int) -> Post:
    return Post(message.chat, message.key, id, message.attachment is not None, bool(message.keyboard))


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
