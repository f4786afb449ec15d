"""Composition root: settings become a bot. What it can do is in the table of `routes`."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from telegram import Bot, BotCommand
from telegram.error import TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.domain.authority import Authority
from bot.domain.ids import LearnerId
from bot.features.help.screens import DESCRIPTION, SHORT_DESCRIPTION
from bot.ops.alerts import Alerts
from bot.ops.metrics import Metrics
from bot.ops.watch import Watch
from bot.routes import FEATURES
from bot.runs.effects import CancelJob, StartJob, StopJob
from bot.runs.follower import Follower
from bot.services import Services
from bot.settings import Settings
from bot.store import Store, StoreUnavailable
from bot.telegram.inbox import KEPT_SECONDS, Inbox
from bot.telegram.menus import Menus
from bot.telegram.outbox import Outbox
from bot.telegram.pace import TELEGRAMS, Pace
from bot.telegram.rawupdate import KINDS
from bot.turns.dispatcher import Dispatcher
from bot.turns.feature import Command
from bot.turns.jobs import TimerJob
from bot.turns.routes import Routes
from bot.turns.scheduler import Scheduler
from bot.turns.turn import Identity, OfferMenu, Turn
from lessons.loader import load
from runner import Runner

log = logging.getLogger(__name__)

STOP_SECONDS = 2.0
"""For updates in work to come to their end when the bot stops: Telegram, or the database, may keep them waiting."""
CONNECTIONS = 256
"""To Telegram at once, at most."""
ALLOWED_UPDATES = list(KINDS)


def build(
    settings: Settings,
    runner: Runner,
    *,
    clock: Callable[[], float] = time.time,
    pace: Pace = TELEGRAMS,
    request: BaseRequest | None = None,
) -> tuple[Bot, Services]:
    """Put the bot together. Nothing is started; the store is open. Raises lessons.CourseError for a broken course."""
    assert settings.token is not None
    course = load(settings.course)
    store = Store(settings.db)
    base = {"base_url": f"{settings.base_url}/bot", "base_file_url": f"{settings.base_url}/file/bot"}
    bot = Bot(
        settings.token.get_secret_value(),
        request=request or HTTPXRequest(connection_pool_size=CONNECTIONS),
        **(base if settings.base_url else {}),  # type: ignore[arg-type]
    )
    metrics, alerts, watch = Metrics(), Alerts(settings.operator), Watch(time.monotonic)
    outbox = Outbox(bot, store, time.monotonic, metrics, pace, watch, alerts, clock)
    runs = Follower(store, runner, course, outbox, clock)
    routes = Routes(FEATURES)
    identity = Identity(web=settings.web, authority=Authority(frozenset(map(LearnerId, settings.instructors))))
    work = (*upkeep(alerts), *routes.jobs)
    scheduler = Scheduler(store, work, course, identity, alerts, clock, time.monotonic, watch)
    menus = Menus(bot, store, map(_menu_row, routes.commands), map(_menu_row, routes.teaching))
    new_turn = partial(Turn, course=course, runs=runs, routes=routes, identity=identity)
    effects = {
        StartJob: lambda effect: runs.start(effect.run),
        StopJob: lambda effect: runs.stop(effect.run),
        CancelJob: lambda effect: runs.cancel(effect.run),
        OfferMenu: lambda effect: menus.see(effect.person, effect.instructs),
    }
    dispatcher = Dispatcher(bot, store, routes, new_turn, effects, outbox.tell, alerts, metrics, clock)
    inbox = Inbox(store, dispatcher, clock)
    return bot, Services(
        course, store, runner, outbox, runs, dispatcher, clock, metrics, scheduler, menus, inbox, watch, identity
    )


@asynccontextmanager
async def running(bot: Bot, services: Services) -> AsyncIterator[Inbox]:
    """Run the bot. Runs, timers and outbox go on where an earlier process left them. Yields the inbox, into which
    updates are put. Ends in order, within seconds."""
    inbox = services.inbox
    try:
        async with bot:
            services.identity.username = bot.username
            await introduce(bot, services)
            await inbox.replay()
            await services.outbox.start()
            await services.runs.recover()
            inbox.start()
            services.scheduler.start()
            try:
                yield inbox
            finally:
                await inbox.aclose(STOP_SECONDS)
                await services.scheduler.aclose()
                await services.menus.aclose()
                await services.runs.aclose()
                await services.outbox.aclose()
    finally:
        services.store.close()


async def introduce(bot: Bot, services: Services) -> None:
    """Tell Telegram the commands and what the bot is for; a failure here keeps nobody from learning."""
    appointed = await services.store.read(lambda tables: tables.instructors.all())
    try:
        await services.menus.introduce(services.identity.authority.all(appointed))
        await bot.set_my_description(DESCRIPTION)
        await bot.set_my_short_description(SHORT_DESCRIPTION)
    except (TelegramError, StoreUnavailable) as error:
        log.warning("commands and description were not set: %s", error)


def _menu_row(command: Command) -> BotCommand:
    return BotCommand(command.name, command.about)


def upkeep(alerts: Alerts) -> tuple[TimerJob, ...]:
    """What timers do for the operator."""
    return (
        TimerJob("forget_inbox", lambda due: due.tables.inbox.forget_before(due.now - KEPT_SECONDS), every=86400.0),
        TimerJob("watch_outbox", lambda due: alerts.watch_outbox(due.tables, due.now), every=30.0),
    )
