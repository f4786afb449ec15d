"""The commands that Telegram offers: everybody's, and in an instructor's own chat those for instructors as well."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

log = logging.getLogger(__name__)


class Menus:
    """Keeps them right: who becomes an instructor, or is none any more, gets the other menu with their next message.

    A failure keeps nobody from learning, and is tried again when they write again.
    """

    def __init__(self, bot: Bot, everybody: Iterable[BotCommand], instructors: Iterable[BotCommand]) -> None:
        """`instructors` are the commands for them besides everybody's."""
        self._bot = bot
        self._everybody = list(everybody)
        self._instructors = [*self._everybody, *instructors]
        self._shown: set[int] = set()
        """People whose chats have the instructors' menu, as far as this process knows."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def introduce(self, instructors: Iterable[int]) -> None:
        """Everybody's menu, and that of these instructors. Raises TelegramError when the former cannot be set."""
        await self._bot.set_my_commands(self._everybody, scope=BotCommandScopeAllPrivateChats())
        for person in instructors:
            await self._change(person, True)

    def see(self, person: int, instructs: bool) -> None:
        """Somebody has written who teaches, or does not."""
        if instructs != (person in self._shown):
            task = asyncio.create_task(self._change(person, instructs), name=f"menu {person}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _change(self, person: int, instructs: bool) -> None:
        (self._shown.add if instructs else self._shown.discard)(person)
        scope = BotCommandScopeChat(person)
        try:
            if instructs:
                await self._bot.set_my_commands(self._instructors, scope=scope)
            else:
                await self._bot.delete_my_commands(scope=scope)
        except TelegramError as error:
            (self._shown.discard if instructs else self._shown.add)(person)
            log.info("the menu of %s stays as it is: %s", person, error)
