"""Takes turns: from an update to a committed transaction, its answer and its effects."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from telegram import Bot
from telegram.error import TelegramError

from bot.ops.alerts import Alerts
from bot.ops.metrics import Metrics
from bot.runs.follower import Follower
from bot.store import Store, StoreUnavailable, Tables
from bot.telegram import notices as general
from bot.telegram.incoming import Incoming
from bot.telegram.menus import Menus
from bot.telegram.outbox import Outbox
from bot.telegram.rawupdate import Unreadable
from bot.turns import failures as errors
from bot.turns.routes import Routes
from bot.turns.turn import Identity, Toast, Turn
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
    runs: Follower
    clock: Callable[[], float]
    routes: Routes
    metrics: Metrics = field(default_factory=Metrics)
    alerts: Alerts = field(default_factory=Alerts)
    identity: Identity = field(default_factory=Identity)
    menus: Menus | None = None
    _told: set[int] = field(default_factory=set)
    """Chats that know that the database cannot be written; each is told once."""

    async def take(self, incoming: Incoming, handler: Handler) -> None:
        """Handle one update to its end. A failing handler leaves nothing behind but an apology."""
        try:
            turn = await self._persist(incoming, lambda tables: self._run(tables, incoming, handler))
        except Exception as error:
            await self.fail(incoming.update, error, incoming.chat, incoming.query)
            return
        self.metrics.turn_seconds.observe(max(0.0, self.clock() - (turn.came_at or turn.now)))
        for effect in self._effects(turn):
            try:
                effect()
            except Exception as error:  # what is committed stands: its learner gets no apology for it
                errors.report(error, f"an effect of update {incoming.update}")
                self.metrics.failures.inc()
        await self._answer(incoming.query, turn.answer)

    async def fail(self, update: int, error: Exception, chat: int | None = None, query: str | None = None) -> None:
        """Make an update a dead letter. An apology goes to the chat, an answer to the press, an alert to the
        operator."""
        failure = errors.report(error, f"update {update}")
        self.metrics.failures.inc()

        def put_away(tables: Tables) -> None:
            now = self.clock()
            tables.inbox.dead(update, repr(error), now)
            if chat is not None:
                tables.outbox.add(failure.screen.outgoing(chat), now)
            alert = self.alerts.update_unreadable if isinstance(error, Unreadable) else self.alerts.handler_failed
            alert(tables, failure.reference, now)

        try:
            await self._insist(update, put_away)
        except Exception as worse:  # then without apology and alert: what matters is that the update has an end
            errors.report(worse, f"the apology for update {update}")
            await self._insist(update, lambda tables: tables.inbox.dead(update, repr(error), self.clock()))
        await self._answer(query, Toast("Something went wrong."))

    async def pass_over(self, update: int, query: str | None = None) -> None:
        """Note that there is nothing to do for an update; a press is answered all the same."""
        await self._insist(update, lambda tables: tables.inbox.done(update, self.clock()))
        await self._answer(query, Toast())

    def _effects(self, turn: Turn) -> Iterator[Callable[[], object]]:
        """What follows a committed turn, in this order."""
        yield from turn.effects
        if self.menus and turn.incoming.private:
            yield partial(self.menus.see, turn.learner.id, turn.taught)

    def _run(self, tables: Tables, incoming: Incoming, handler: Handler) -> Turn:
        identity = replace(self.identity, username=self.bot.username)  # which is known once Telegram has said it
        turn = Turn(tables, self.course, self.runs, incoming, self.clock(), self.routes, identity)
        handler(turn)
        turn.taught = turn.instructs
        turn.came_at = tables.inbox.done(incoming.update, turn.now)
        return turn

    async def _persist(self, incoming: Incoming, work: Callable[[Tables], T]) -> T:
        """Do the work as soon as the database can; the learner is told once that they must wait."""
        to_tell = incoming.chat if incoming.private and (incoming.message or incoming.query) else None
        done = await self._insist(incoming.update, work, to_tell)
        self._told.discard(incoming.chat)
        return done

    async def _insist(self, update: int, work: Callable[[Tables], T], to_tell: int | None = None) -> T:
        while True:
            try:
                return await self.store.transact(work)
            except StoreUnavailable as error:
                log.error("the database cannot be written (%s); update %s waits", error, update)
                if to_tell is not None:
                    await self.tell(to_tell)
                await asyncio.sleep(STORE_PAUSE)

    async def tell(self, chat: int) -> None:
        """Tell a learner that they must wait until the database can be written; nobody twice."""
        if chat in self._told:
            return
        self._told.add(chat)
        try:
            await self.outbox.tell(general.try_later().outgoing(chat))
        except TelegramError as error:
            log.warning("chat %s could not be told: %s", chat, error)

    async def _answer(self, query: str | None, toast: Toast) -> None:
        """Every press is answered; an answer that comes too late is not worth a failure."""
        if query is None:
            return
        try:
            await self.bot.answer_callback_query(query, toast.text or None, show_alert=toast.alert)
        except TelegramError as error:
            log.info("press %s is not answered: %s", query, error)
