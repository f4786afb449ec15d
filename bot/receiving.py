"""The two ways in: long polling and webhook. Both tell Telegram to send an update again until the inbox has it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.inbox import Inbox

log = logging.getLogger(__name__)

T = TypeVar("T")
POLL_SECONDS = 30
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between tries while Telegram, or the database, does not answer; doubled each time."""
GOODBYE_SECONDS = 1.0
"""For telling Telegram at the end which updates are here."""


class SecondPoller(Exception):
    """Somebody else receives this bot's updates. The text says which bot, and what to do."""


async def insisted(call: Callable[[], Awaitable[T]], what: str) -> T:
    """The result of a call, tried until Telegram can be reached. Raises what trying again cannot change."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await call()
        except (InvalidToken, BadRequest, Conflict):
            raise
        except RetryAfter as flood:
            wait = flood.retry_after
            await asyncio.sleep(wait if isinstance(wait, int | float) else wait.total_seconds())
        except NetworkError as error:
            log.warning("%s: %s; trying again in %.1f s", what, error, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


@asynccontextmanager
async def polling(bot: Bot, inbox: Inbox, allowed: Sequence[str]) -> AsyncIterator[asyncio.Task[None]]:
    """Fetch updates in a task of its own, which ends only by an error: SecondPoller, or InvalidToken."""
    poll = asyncio.create_task(_poll(bot, inbox, allowed), name="polling")
    try:
        yield poll
    finally:
        poll.cancel()
        await asyncio.wait([poll])


async def _poll(bot: Bot, inbox: Inbox, allowed: Sequence[str]) -> None:
    """Not PTB's updater: at its end that fetches once more, even after a conflict, and so would end the other bot's
    poll too; and an error that it does not expect ends it without a word."""
    await insisted(bot.delete_webhook, "the webhook is not deleted")
    offset: int | None = None

    async def fetch(seconds: int = POLL_SECONDS) -> tuple[Update, ...]:
        try:
            return await bot.get_updates(offset=offset, timeout=seconds, allowed_updates=allowed)
        except TelegramError:
            raise
        except Exception:
            log.exception("an update has a form that the library cannot read")
            return await _fetch_readable(bot, offset, allowed)

    async def fetch_and_store() -> int | None:
        updates = await fetch()
        if not updates:
            return offset
        await inbox.put_all(updates)
        return updates[-1].update_id + 1

    try:
        while True:
            offset = await insisted(fetch_and_store, "no updates")
    except Conflict as conflict:
        raise SecondPoller(
            f"@{bot.username} is already served by another process, or a webhook is set for it ({conflict})."
            " This process ends. Let one process serve a token: stop the other one, then start this one again."
        ) from None
    except asyncio.CancelledError:
        if offset is not None:
            await _confirm(fetch)
        raise


async def _fetch_readable(bot: Bot, offset: int | None, allowed: Sequence[str]) -> tuple[Update, ...]:
    """Updates one by one. One that cannot be read becomes empty: it would stand in the way of all others for ever."""
    wanted = {"offset": offset, "allowed_updates": list(allowed)}
    # Telegram minds no capitals; written so, the library does not advise its own method.
    answer = cast(Any, await bot.do_api_request("getupdates", api_kwargs=wanted))
    return tuple(_readable(bot, update) for update in answer)


def _readable(bot: Bot, update: Any) -> Update:
    try:
        return Update.de_json(update, bot)
    except Exception as error:
        log.error("update %s is passed over: %r", update["update_id"], error)
        return Update(update["update_id"])


async def _confirm(fetch: Callable[[int], Awaitable[object]]) -> None:
    """Tell Telegram which updates are stored. It would send them again otherwise, and the inbox would know them."""
    try:
        async with asyncio.timeout(GOODBYE_SECONDS):
            await fetch(0)
    except (TelegramError, TimeoutError) as error:
        log.info("the last updates are not confirmed: %s", error)


async def set_webhook(bot: Bot, url: str, secret: str, allowed: Sequence[str]) -> None:
    """Have updates delivered to `url`. It stays set when the bot ends: Telegram keeps what comes until the next
    start."""
    await insisted(
        lambda: bot.set_webhook(url, secret_token=secret, allowed_updates=allowed), f"the webhook {url} is not set"
    )
