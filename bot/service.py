"""`tutor serve`: the bot against Telegram, until a signal."""

from __future__ import annotations

import asyncio
import logging
import signal

from bot.app import build, running
from bot.settings import Settings
from runner import open_runner

log = logging.getLogger(__name__)


def stop_signal() -> asyncio.Event:
    """Set by SIGTERM or SIGINT."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, event.set)
    return event


async def service(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    stopped = stop_signal()
    async with open_runner("local", slots=settings.slots) as runner:
        app, services = build(settings, runner)
        async with running(app, services):
            log.info("serving as @%s", app.bot.username)
            await stopped.wait()
