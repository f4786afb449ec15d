"""Takes turns: from an update to a committed transaction, its answer and its effects."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from telegram import Bot, Chat, Update
from telegram.error import TelegramError

from bot.alerts import Alerts
from bot.handlers import errors
from bot.incoming import Incoming, read
from bot.menus import Menus
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.runs import Runs
from bot.screens import general
from bot.store import Store, StoreUnavailable, Tables
from bot.turn import House, Toast, Turn
from lessons.model import Course

log = logging.getLogger(__name__)

T = TypeVar("T")
Handler = Callable[[Turn], None]
STORE_PAUSE = 2.0
"""Seconds between tries while the database cannot be written."""


@dataclass(frozen=True, slots=True)
class Turns:
    bot: Bot
    store: Store
    course: Course
    outbox: Outbox
    runs: Runs
    clock: Callable[[], float]
    metrics: Metrics = field(default_factory=Metrics)
    alerts: Alerts = field(default_factory=Alerts)
    house: House = field(default_factory=House)
    hasten: Callable[[], object] = lambda: None
    """Called after a turn that left the clockwork something to do at once."""
    menus: Menus | None = None
    _told: set[int] = field(default_factory=set)
    """Chats that know that the database cannot be written; each is told once."""

    async def take(self, incoming: Incoming, handler: Handler) -> None:
        """Handle one update to its end. A failing handler leaves nothing behind but an apology."""
        try:
            turn = await self._persist(incoming, lambda tables: self._run(tables, incoming, handler))
        except Exception as error:
            failure, why = errors.report(error, f"update {incoming.update}"), repr(error)
            self.metrics.failures.inc()
            await self._persist(incoming, lambda tables: self._apologise(tables, incoming, failure, why))
            await self._answer(incoming, Toast("Something went wrong."))
            self.outbox.wake(incoming.chat)
            if self.alerts.operator:
                self.outbox.wake(self.alerts.operator)
            return
        self.metrics.turn_seconds.observe(max(0.0, self.clock() - (turn.came_at or turn.now)))
        for effect in turn.effects:
            effect()
        if turn.hurried:
            self.hasten()
        if self.menus and incoming.private:
            self.menus.see(turn.learner.id, turn.taught)
        self.outbox.wake(incoming.chat)
        await self._answer(incoming, turn.answer)

    async def fail(self, update: Update, error: BaseException) -> None:
        """Put an update away that could not even become a turn; who sent it gets an apology."""
        failure, chat = errors.report(error, f"update {update.update_id}"), update.effective_chat
        self.metrics.failures.inc()

        def put_away(tables: Tables) -> None:
            now = self.clock()
            tables.inbox.dead(update.update_id, repr(error), now)
            if chat and chat.type == Chat.PRIVATE and isinstance(chat.id, int):
                tables.outbox.add(failure.screen.outgoing(chat.id), now)
            self.alerts.handler_failed(tables, failure.reference, now)

        await self.store.transact(put_away)
        for told in (chat.id if chat else None, self.alerts.operator):
            if told:
                self.outbox.wake(told)

    async def pass_over(self, update: int) -> None:
        """Note that there is nothing to do for an update."""
        await self.store.transact(lambda tables: tables.inbox.done(update, self.clock()))

    def _run(self, tables: Tables, incoming: Incoming, handler: Handler) -> Turn:
        house = replace(self.house, username=self.bot.username)  # which is known once Telegram has said it
        turn = Turn(tables, self.course, self.runs, incoming, self.clock(), house)
        handler(turn)
        turn.taught = turn.instructs
        turn.came_at = tables.inbox.done(incoming.update, turn.now)
        return turn

    def _apologise(self, tables: Tables, incoming: Incoming, failure: errors.Failure, error: str) -> None:
        now = self.clock()
        tables.outbox.add(failure.screen.outgoing(incoming.chat), now)
        tables.inbox.dead(incoming.update, error, now)
        self.alerts.handler_failed(tables, failure.reference, now)

    async def _persist(self, incoming: Incoming, work: Callable[[Tables], T]) -> T:
        """Do the work as soon as the database can; the learner is told once that they must wait."""
        while True:
            try:
                done = await self.store.transact(work)
                self._told.discard(incoming.chat)
                return done
            except StoreUnavailable as error:
                log.error("the database cannot be written (%s); update %s waits", error, incoming.update)
                await self._tell(incoming)
                await asyncio.sleep(STORE_PAUSE)

    async def cannot_store(self, update: Update) -> None:
        """An update waits at Telegram until the database can be written."""
        incoming = read(update)
        if incoming:
            await self._tell(incoming)

    async def _tell(self, incoming: Incoming) -> None:
        """Tell a learner that they must wait; nobody else, and nobody twice."""
        if incoming.chat in self._told or not (incoming.private and (incoming.message or incoming.query)):
            return
        self._told.add(incoming.chat)
        screen = general.try_later()
        try:
            await self.bot.send_message(incoming.chat, screen.text.plain)
        except TelegramError as error:
            log.warning("chat %s could not be told: %s", incoming.chat, error)

    async def _answer(self, incoming: Incoming, toast: Toast) -> None:
        """Every press is answered; an answer that comes too late is not worth a failure."""
        if incoming.query is None:
            return
        try:
            await self.bot.answer_callback_query(incoming.query, toast.text or None, show_alert=toast.alert)
        except TelegramError as error:
            log.info("press %s is not answered: %s", incoming.update, error)
