"""Tells the operator of trouble, in their chat, through the outbox: stored with what it is about, and sent like any
message."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.messages import Backlog
from bot.ops import screens
from bot.store import Tables
from bot.telegram.screen import Screen

QUIET_SECONDS = 600.0
"""At most one alert of a kind in this time."""
OLD_SECONDS = 120.0
"""A message that waits for longer than this is worth an alert."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """`operator` is a chat's id; with None nobody is told. The methods write, so they are called in a transaction."""

    operator: int | None = None

    def handler_failed(self, tables: Tables, reference: str, now: float) -> None:
        """A learner got an apology with this reference, under which the log has the failure in full."""
        self._raise(tables, "handler", screens.handler_failed(reference), now)

    def update_unreadable(self, tables: Tables, reference: str, now: float) -> None:
        """Telegram sent an update in a form that the bot cannot read."""
        self._raise(tables, "update", screens.update_unreadable(reference), now)

    def message_refused(self, tables: Tables, reference: str, now: float) -> None:
        """Telegram refused every form of a message; its chat has a sentence with this reference instead."""
        self._raise(tables, "message", screens.message_refused(reference), now)

    def delivery_failed(self, tables: Tables, reference: str, now: float) -> None:
        """The bot's own delivery of a message failed, under this reference in the log."""
        self._raise(tables, "delivery", screens.delivery_failed(reference), now)

    def timer_failed(self, tables: Tables, kind: str, reference: str, now: float) -> None:
        self._raise(tables, "timer", screens.timer_failed(kind, reference), now)

    def watch_outbox(self, tables: Tables, now: float) -> None:
        """Speak up when messages do not get through."""
        backlog = Backlog(0, tables.outbox.count(), tables.outbox.oldest())
        if backlog.age(now) > OLD_SECONDS:
            self._raise(tables, "outbox", screens.outbox_aged(backlog.outbox, backlog.age(now)), now)

    def _raise(self, tables: Tables, kind: str, screen: Screen, now: float) -> None:
        key = f"alert:{kind}"
        if self.operator is None or tables.outbox.holds(self.operator, key):
            return  # while Telegram is out of reach, alerts must not pile up behind each other
        if tables.alerts.raise_(kind, now, QUIET_SECONDS):
            tables.outbox.add(screen.outgoing(self.operator, key), now)
