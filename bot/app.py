"""Composition root: settings become an Application. What it can do is in the tables of `wiring`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

from telegram import Bot, BotCommand, Update
from telegram.error import TelegramError
from telegram.ext import Application, BaseHandler, CallbackContext, CallbackQueryHandler, TypeHandler

from bot import logs
from bot.alerts import Alerts
from bot.clockwork import Clockwork
from bot.context import Services
from bot.courier import TELEGRAMS, Pace
from bot.handlers import own_code
from bot.inbox import Inbox, Lanes
from bot.incoming import Incoming, read
from bot.menus import Menus
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.runs import Runs
from bot.settings import Settings
from bot.store import Store
from bot.turn import House
from bot.turns import Handler, Turns
from bot.wiring import COMMANDS, HANDLERS, TEACHING, Command, class_jobs, jobs, press
from lessons.loader import load
from runner import Runner

log = logging.getLogger(__name__)

STOP_SECONDS = 2.0
"""For updates in work to come to their end when the bot stops: Telegram, or the database, may keep them waiting."""
ALLOWED_UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
DESCRIPTION = (
    "I teach machine learning with TensorFlow and Keras: short lessons, quizzes, and real models"
    " that you train right here in the chat."
)
SHORT_DESCRIPTION = "Learn machine learning in a chat, with live training."

App = Application[Any, Any, Any, Any, Any, Any]


def build(
    settings: Settings, runner: Runner, *, clock: Callable[[], float] = time.time, pace: Pace = TELEGRAMS
) -> tuple[App, Services]:
    """Put the bot together. Nothing is started; the store is open. Raises lessons.CourseError for a broken course."""
    assert settings.token is not None
    course = load(settings.course)
    store = Store(settings.db)
    inbox = Inbox(store, clock)
    builder = Application.builder().token(settings.token.get_secret_value())
    builder = builder.updater(None).update_queue(inbox).concurrent_updates(Lanes(inbox)).job_queue(None)  # type: ignore[arg-type]  # None is the documented way to have none
    if settings.base_url:
        builder = builder.base_url(f"{settings.base_url}/bot").base_file_url(f"{settings.base_url}/file/bot")
    app: App = builder.build()
    metrics, alerts = Metrics(), Alerts(settings.operator)
    outbox = Outbox(app.bot, store, time.monotonic, metrics, pace)
    runs = Runs(store, runner, course, outbox, clock)
    work = (*jobs(alerts), *class_jobs(course, settings.instructors))
    clockwork = Clockwork(store, outbox, work, alerts, clock, time.monotonic)
    menus = Menus(app.bot, map(_menu_row, COMMANDS), map(_menu_row, TEACHING))
    turns = Turns(
        app.bot,
        store,
        course,
        outbox,
        runs,
        clock,
        metrics,
        alerts,
        house=House(web=settings.web, instructors=settings.instructors),
        hasten=clockwork.wake,
        menus=menus,
    )
    inbox.unstored = turns.cannot_store
    for handler in _handlers(turns, inbox):
        app.add_handler(handler)
    app.add_error_handler(_failing(turns))
    return app, Services(course, store, runner, outbox, runs, turns, clock, metrics, clockwork, menus)


def _handlers(turns: Turns, inbox: Inbox) -> list[BaseHandler[Any, Any, Any]]:
    def taking(handler: Handler) -> Callable[[Update, CallbackContext[Any, Any, Any, Any]], Any]:
        async def take(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
            logs.bind(update.update_id)
            turns.metrics.updates.labels(kind_of(update)).inc()
            incoming = read(update)
            if not await inbox.begin(update.update_id):
                await turns.fail(update, RuntimeError("it was begun again and again, and never came to an end"))
            elif incoming is None:
                await turns.pass_over(update.update_id)
            else:
                await turns.take(await with_content(incoming, context.bot), handler)

        return take

    async def pass_over(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
        turns.metrics.updates.labels("other").inc()
        await turns.pass_over(update.update_id)

    return [
        CallbackQueryHandler(taking(press)),
        *(kind(callback=taking(handler), **match) for kind, match, handler in HANDLERS),
        TypeHandler(Update, pass_over),
    ]


def kind_of(update: Update) -> str:
    """Telegram's word for what the update brings."""
    return next((kind for kind in ALLOWED_UPDATES if getattr(update, kind) is not None), "other")


async def with_content(incoming: Incoming, bot: Bot) -> Incoming:
    """The update with the content of its file, if that is code; a file that cannot be had stays without."""
    file = incoming.file
    if file is None or not own_code.may_be_code(file) or not incoming.private:
        return incoming
    try:
        content = await (await bot.get_file(file.id)).download_as_bytearray()
    except TelegramError as error:
        log.warning("the file of update %s could not be fetched: %s", incoming.update, error)
        return incoming
    return replace(incoming, file=replace(file, content=bytes(content)))


def _failing(turns: Turns) -> Callable[[object, CallbackContext[Any, Any, Any, Any]], Any]:
    async def fail(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        if isinstance(update, Update) and context.error:
            await turns.fail(update, context.error)
        else:
            log.error("something could not be handled", exc_info=context.error)

    return fail


@asynccontextmanager
async def running(app: App, services: Services) -> AsyncIterator[Inbox]:
    """The bot at work: runs, timers and outbox taken up where an earlier process left them. Yields the inbox, for
    whoever receives updates. Ends in order, within seconds."""
    inbox = app.update_queue
    assert isinstance(inbox, Inbox)
    try:
        async with app:
            await introduce(app.bot, services)
            await inbox.replay(app.bot)
            await services.outbox.recover()
            await services.runs.recover()
            await app.start()
            services.clockwork.start()
            try:
                yield inbox
            finally:
                with suppress(TimeoutError):  # what is still in work then is in the inbox
                    async with asyncio.timeout(STOP_SECONDS):
                        await app.stop()
                await services.clockwork.aclose()
                await services.menus.aclose()
                await services.runs.aclose()
                await services.outbox.aclose()
    finally:
        services.store.close()


async def introduce(bot: Bot, services: Services) -> None:
    """Tell Telegram the commands and what the bot is for; a failure here keeps nobody from learning."""
    appointed = await services.store.read(lambda tables: [one.id for one in tables.instructors.all()])
    try:
        await services.menus.introduce({*services.turns.house.instructors, *appointed})
        await bot.set_my_description(DESCRIPTION)
        await bot.set_my_short_description(SHORT_DESCRIPTION)
    except TelegramError as error:
        log.warning("commands and description were not set: %s", error)


def _menu_row(command: Command) -> BotCommand:
    return BotCommand(command.name, command.about)
