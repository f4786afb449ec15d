"""What the bot is made of, once it is put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.ops.metrics import Metrics
from bot.ops.watch import Watch
from bot.runs.follower import Follower
from bot.store import Store
from bot.telegram.inbox import Inbox
from bot.telegram.menus import Menus
from bot.telegram.outbox import Outbox
from bot.turns.dispatcher import Dispatcher
from bot.turns.scheduler import Scheduler
from bot.turns.turn import Identity
from lessons.model import Course
from runner import Runner


@dataclass(frozen=True, slots=True)
class Services:
    course: Course
    store: Store
    runner: Runner
    outbox: Outbox
    runs: Follower
    dispatcher: Dispatcher
    clock: Callable[[], float]
    metrics: Metrics
    scheduler: Scheduler
    menus: Menus
    inbox: Inbox
    watch: Watch
    identity: Identity
