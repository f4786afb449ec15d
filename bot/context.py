"""What the bot is made of, once it is put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.clockwork import Clockwork
from bot.inbox import Inbox
from bot.menus import Menus
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.runs import Runs
from bot.store import Store
from bot.turns import Turns
from bot.watch import Watch
from lessons.model import Course
from runner import Runner


@dataclass(frozen=True, slots=True)
class Services:
    course: Course
    store: Store
    runner: Runner
    outbox: Outbox
    runs: Runs
    turns: Turns
    clock: Callable[[], float]
    metrics: Metrics
    clockwork: Clockwork
    menus: Menus
    inbox: Inbox
    watch: Watch
