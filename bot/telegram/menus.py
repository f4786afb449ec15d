"""The commands that Telegram offers: everybody's, and in an instructor's own chat those for instructors as well."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.domain.ids import LearnerId
from bot.store import Store, StoreUnavailable
from bot.telegram.refusals import as_meant

log = logging.getLogger(__name__)


class Menus:
    """Keeps them right: a person who becomes an instructor, or stops being one, gets the other menu with their next
    message or at the next start.

    Telegram keeps a chat's menu for ever, so the store remembers which chats have the menu of instructors. A failure
    keeps nobody from learning, and is tried again when the person writes again, or at the next start.
    """

    def __init__(
        self, bot: Bot, store: Store, everybody: Iterable[BotCommand], instructors: Iterable[BotCommand]
    ) -> None:
        """`instructors` are the commands for them besides everybody's."""
        self._bot = bot
        self._store = store
        self._everybody = list(everybody)
        self._instructors = [*self._everybody, *instructors]
        self._shown: set[LearnerId] = set()
        """People whose chats have the instructors' menu."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def introduce(self, instructors: Collection[LearnerId]) -> None:
        """Everybody's menu, and that of these instructors; all others lose it. Telegram refuses the menu of a chat
        it never met: such instructors get theirs with their first message.

        Raises TelegramError when everybody's menu cannot be set, StoreUnavailable when the store cannot be read.
        """
        self._shown = await self._store.read(lambda tables: tables.menus.all())
        met = await self._store.read(lambda tables: {one for one in instructors if tables.learners.get(one)})
        await self._bot.set_my_commands(self._everybody, scope=BotCommandScopeAllPrivateChats())
        for person in sorted(self._shown - set(instructors)):
            await self._change(person, False)
        for person in sorted(met):
            await self._change(person, True)

    def see(self, person: LearnerId, instructs: bool) -> None:
        """Offer this person the menu that is right for them, unless their chat has it."""
        if instructs != (person in self._shown):
            task = asyncio.create_task(self._change(person, instructs), name=f"menu {person}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _change(self, person: LearnerId, instructs: bool) -> None:
        (self._shown.add if instructs else self._shown.discard)(person)
        try:
            await self._offer(person, instructs)
            await self._store.transact(lambda t: (t.menus.put if instructs else t.menus.remove)(person))
        except (TelegramError, StoreUnavailable) as error:
            (self._shown.discard if instructs else self._shown.add)(person)
            log.info("the menu of %s stays as it is: %s", person, error)

    async def _offer(self, person: LearnerId, instructs: bool) -> None:
        scope = BotCommandScopeChat(person)
        if instructs:
            await self._bot.set_my_commands(self._instructors, scope=scope)
            return
        try:
            await self._bot.delete_my_commands(scope=scope)
        except (BadRequest, Forbidden) as error:  # a chat that is gone shows no menu
            if as_meant(error) is not error:
                raise
            log.info("chat %s has no menu to take away: %s", person, error)
