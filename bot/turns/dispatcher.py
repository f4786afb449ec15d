"""Brings every update to its end: from the text that came to a turn, or to a dead letter."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from telegram import Bot
from telegram.error import TelegramError

from bot.ops import logs
from bot.telegram.inbox import Inbox
from bot.telegram.incoming import Incoming
from bot.telegram.rawupdate import RawUpdate, incoming
from bot.turns.turns import Turns

log = logging.getLogger(__name__)


class GivenUp(Exception):
    """The update was begun again and again, and never came to an end."""


@dataclass(frozen=True, slots=True)
class Dispatcher:
    bot: Bot
    inbox: Inbox
    turns: Turns

    async def take(self, update: RawUpdate) -> None:
        """Handle an update to its end; then its row is `done` or `dead`."""
        logs.bind(update.id)
        self.turns.metrics.updates.labels(update.kind).inc()
        try:
            if not await self.inbox.begin(update.id):
                raise GivenUp("it was begun again and again, and never came to an end")
            came = incoming(update, self.bot)
            handler = self.turns.routes.handler_of(came) if came else None
            if came is None or handler is None:
                await self.turns.pass_over(update.id, update.query)
            else:
                await self.turns.take(await self._with_content(came), handler)
        except Exception as error:
            await self.turns.fail(update.id, error, update.chat, update.query)

    async def cannot_store(self, update: RawUpdate) -> None:
        """An update waits at Telegram until the database can be written."""
        if update.chat is not None:
            await self.turns.tell(update.chat)

    async def _with_content(self, came: Incoming) -> Incoming:
        """The update with the content of its file, if a feature wants it. A failed fetch leaves it without."""
        file = came.file
        if file is None or not came.private or not self.turns.routes.wants(file):
            return came
        try:
            content = await (await self.bot.get_file(file.id)).download_as_bytearray()
        except TelegramError as error:
            log.warning("the file of update %s could not be fetched: %s", came.update, error)
            return came
        return replace(came, file=replace(file, content=bytes(content)))
