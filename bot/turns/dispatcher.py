"""Brings every update to its end: a committed turn with its answer and its effects, or a dead letter."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.domain.messages import Outgoing
from bot.ops import logs
from bot.ops.alerts import Alerts
from bot.ops.metrics import Metrics
from bot.store import Store, Tables
from bot.telegram import notices
from bot.telegram.incoming import Incoming
from bot.telegram.rawupdate import RawUpdate, Unreadable, incoming
from bot.turns import failures
from bot.turns.feature import Handler
from bot.turns.routes import Routes
from bot.turns.turn import Toast, Turn

log = logging.getLogger(__name__)


class GivenUp(Exception):
    """The update was begun many times, and never came to an end."""


@dataclass(frozen=True, slots=True)
class Dispatcher:
    bot: Bot
    store: Store
    routes: Routes
    new_turn: Callable[[Tables, Incoming, float], Turn]
    """Begins a turn at a time."""
    effects: Mapping[type, Callable[[Any], object]]
    """What each type of effect does."""
    send: Callable[[Outgoing], Awaitable[None]]
    """Sends a message that cannot be stored. Raises TelegramError."""
    alerts: Alerts
    metrics: Metrics
    clock: Callable[[], float]
    _told: set[int] = field(default_factory=set, init=False)
    """Chats that know that the database cannot be written."""

    async def take(self, update: RawUpdate) -> None:
        """Handle an update; then its row is `done` or `dead`. A handler that fails leaves nothing behind but an
        apology."""
        self._begin(update)
        came = None
        try:
            came = incoming(update, self.bot)
            handler = self.routes.handler_of(came) if came else None
            if came is None or handler is None:
                await self._pass_over(update)
                return
            turn = await self._commit(await self._with_content(came), handler)
        except Exception as error:
            await self._fail(update, error, came.chat if came else update.chat)
            return
        self._do(turn.effects, update)
        await self._answer(update.query, turn.answer)

    async def give_up(self, update: RawUpdate) -> None:
        """Make an update that had its tries a dead letter."""
        self._begin(update)
        await self._fail(update, GivenUp("it was begun many times, and never came to an end"), update.chat)

    async def cannot_store(self, update: RawUpdate) -> None:
        """An update waits at Telegram until the database can be written: tell its learner."""
        if update.chat is not None:
            await self._tell_to_wait(update.chat)

    def _begin(self, update: RawUpdate) -> None:
        logs.bind(update.id)
        self.metrics.updates.labels(update.kind).inc()

    async def _commit(self, came: Incoming, handler: Handler) -> Turn:
        """Run the handler as soon as the database can be written. Its learner is told once that they must wait."""
        tell = came.private and (came.message or came.query)
        waiting = partial(self._tell_to_wait, came.chat) if tell else None
        turn, stored_at = await self.store.persist(lambda tables: self._run(tables, came, handler), waiting)
        self._told.discard(came.chat)
        self.metrics.turn_seconds.observe(max(0.0, self.clock() - (stored_at or turn.now)))
        return turn

    def _run(self, tables: Tables, came: Incoming, handler: Handler) -> tuple[Turn, float | None]:
        """The turn, and when its update was stored."""
        turn = self.new_turn(tables, came, self.clock())
        handler(turn)
        turn.end()
        return turn, tables.inbox.done(came.update, turn.now)

    def _do(self, effects: list[object], update: RawUpdate) -> None:
        """What is committed stands: an effect that fails takes nothing back, and holds up no other."""
        for effect in effects:
            try:
                self.effects[type(effect)](effect)
            except Exception as error:
                failures.report(error, f"the effect {effect} of update {update.id}")
                self.metrics.failures.inc()

    async def _pass_over(self, update: RawUpdate) -> None:
        """There is nothing to do for this update; a press is answered all the same."""
        await self.store.persist(lambda tables: tables.inbox.done(update.id, self.clock()))
        await self._answer(update.query, Toast())

    async def _fail(self, update: RawUpdate, error: Exception, chat: int | None) -> None:
        """Make an update a dead letter. An apology goes to the chat, an answer to the press, an alert to the
        operator."""
        failure = failures.report(error, f"update {update.id}")
        self.metrics.failures.inc()

        def put_away(tables: Tables) -> None:
            now = self.clock()
            tables.inbox.dead(update.id, repr(error), now)
            if chat is not None:
                tables.outbox.add(failure.screen.outgoing(chat), now)
            alert = self.alerts.update_unreadable if isinstance(error, Unreadable) else self.alerts.handler_failed
            alert(tables, failure.reference, now)

        try:
            await self.store.persist(put_away)
        except Exception as worse:  # then without apology and alert: what matters is that the update has an end
            failures.report(worse, f"the apology for update {update.id}")
            await self.store.persist(lambda tables: tables.inbox.dead(update.id, repr(error), self.clock()))
        await self._answer(update.query, Toast("Something went wrong."))

    async def _tell_to_wait(self, chat: int) -> None:
        """Tell a learner that they must wait until the database can be written; nobody twice."""
        if chat in self._told:
            return
        self._told.add(chat)
        try:
            await self.send(notices.try_later().outgoing(chat))
        except TelegramError as error:
            log.warning("chat %s could not be told: %s", chat, error)

    async def _answer(self, query: str | None, toast: Toast) -> None:
        """Answer a press. An answer that comes too late is no failure."""
        if query is None:
            return
        try:
            await self.bot.answer_callback_query(query, toast.text or None, show_alert=toast.alert)
        except TelegramError as error:
            log.info("press %s is not answered: %s", query, error)

    async def _with_content(self, came: Incoming) -> Incoming:
        """The update with the content of its file, if a feature wants it. A failed fetch leaves it without."""
        file = came.file
        if file is None or not self.routes.wants(file) or not came.private:
            return came
        try:
            content = await (await self.bot.get_file(file.id)).download_as_bytearray()
        except TelegramError as error:
            log.warning("the file of update %s could not be fetched: %s", came.update, error)
            return came
        return replace(came, file=replace(file, content=bytes(content)))
