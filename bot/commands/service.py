"""`tutor serve`: the bot against Telegram, until a signal."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Coroutine
from contextlib import AsyncExitStack, aclosing, closing
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from telegram import Bot

from bot.app import ALLOWED_UPDATES, build, running
from bot.dashboard.site import Dashboard
from bot.ops import status
from bot.ops.serving import address, listen, serving
from bot.services import Services
from bot.settings import Settings
from bot.telegram import webhook
from bot.telegram.inbox import Inbox
from bot.telegram.polling import insisted, polling, set_webhook
from runner import Runner, open_runner

log = logging.getLogger(__name__)


async def until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Do the work until it fails, or until SIGTERM or SIGINT has it end in order."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Once: a second signal must not break off the end that the first one began.
        loop.add_signal_handler(number, lambda: task.cancelling() or task.cancel())
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()


async def service(settings: Settings) -> None:
    """Serve until cancelled. Raises SecondPoller, InvalidToken, CourseError, and OSError for a taken port."""
    with closing(listen(settings.host, settings.port, "TUTOR_PORT")) as listener:
        async with open_runner(slots=settings.slots, datasets=settings.datasets) as runner:
            await serve(settings, runner, listener)


async def serve(settings: Settings, runner: Runner, listener: socket.socket) -> None:
    """The bot at work with this runner, its web pages on this socket."""
    bot, services = build(settings, runner)
    # Telegram may be out of reach when the machine starts: the bot waits for it.
    await insisted(bot.initialize, "Telegram does not answer")
    async with running(bot, services) as inbox:
        gc.collect()
        gc.freeze()  # what is there now stays to the end: later collections need not look at it again and again
        await receive(settings, bot, services, inbox, listener)


async def receive(settings: Settings, bot: Bot, services: Services, inbox: Inbox, listener: socket.socket) -> None:
    """Serve the web pages and take updates by the way that the settings name."""
    url, secret = settings.webhook_url, settings.webhook_secret
    pages = Dashboard(services)
    routes: list[BaseRoute] = [*status.routes(services), *pages.routes]
    if url and secret:
        endpoint = webhook.receiver(inbox, secret.get_secret_value())
        routes.append(Route(urlsplit(url).path or "/", endpoint, methods=["POST"]))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving(Starlette(routes=routes), listener))
        await stack.enter_async_context(aclosing(pages))
        log.info("serving as @%s; its state is at %s/healthz", bot.username, address(listener))
        if url and secret:
            await set_webhook(bot, url, secret.get_secret_value(), ALLOWED_UPDATES)
            await asyncio.Event().wait()
        else:
            await (await stack.enter_async_context(polling(bot, inbox, ALLOWED_UPDATES, services.watch)))
