"""The two ways in: long polling and webhook. Both tell Telegram to send an update again until the inbox has it."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.ops.watch import Watch
from bot.telegram.inbox import Inbox
from bot.telegram.patience import Patience
from bot.telegram.rawupdate import salvaged

log = logging.getLogger(__name__)

T = TypeVar("T")
POLL_SECONDS = 30
READ_SECONDS = 5.0
"""For an answer to arrive, beyond the seconds for which Telegram may hold it."""
GOODBYE_SECONDS = 1.0
"""For telling Telegram at the end which updates are here."""


class SecondPoller(Exception):
    """Somebody else receives this bot's updates. The text says which bot, and what to do."""


async def insisted(call: Callable[[], Awaitable[T]], what: str) -> T:
    """The result of a call, tried until Telegram can be reached. Raises what trying again cannot change."""
    patience = Patience()
    while True:
        try:
            return await call()
        except (InvalidToken, BadRequest, Conflict):
            raise
        except TelegramError as error:  # also a bare one: a proxy's page in the place of an answer
            pause = patience.after(error)
            log.warning("%s: %s; trying again in %.1f s", what, error, pause)
            await asyncio.sleep(pause)


@asynccontextmanager
async def polling(
    bot: Bot, inbox: Inbox, allowed: Sequence[str], watch: Watch | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """Fetch updates in a task of its own, which ends only by an error: SecondPoller, or InvalidToken."""
    # A request of our own: the library's method reads updates, and one that it cannot read would hide all others.
    async with HTTPXRequest(connection_pool_size=2) as request:
        poller = _Poller(bot, inbox, tuple(allowed), request)
        keeping = (watch or Watch(time.monotonic)).keep("polling", poller.poll, (SecondPoller, InvalidToken))
        poll = asyncio.create_task(keeping, name="polling")
        try:
            yield poll
        finally:
            poll.cancel()
            await asyncio.wait([poll])


@dataclass(slots=True)
class _Poller:
    """Not PTB's updater: at its end that fetches once more, even after a conflict, and so would end the other bot's
    poll too; and an error that it does not expect ends it without a word."""

    bot: Bot
    inbox: Inbox
    allowed: tuple[str, ...]
    request: BaseRequest
    offset: int | None = None

    async def poll(self) -> None:
        await insisted(self.bot.delete_webhook, "the webhook is not deleted")
        try:
            while True:
                await insisted(self._fetch_and_store, "no updates")
        except Conflict as conflict:
            raise SecondPoller(
                f"@{self.bot.username} is already served by another process, or a webhook is set for it ({conflict})."
                " This process ends. Let one process serve a token: stop the other one, then start this one again."
            ) from None
        except asyncio.CancelledError:
            if self.offset is not None:
                await self._confirm()
            raise

    async def _fetch_and_store(self) -> None:
        texts = await self._fetch(POLL_SECONDS)
        if not texts:
            return
        updates = [salvaged(text) for text in texts]
        await self.inbox.put_all(updates)
        known = [update.id for update in updates if update.id > 0]
        if not known:  # the next poll would bring the same ones at once
            raise TelegramError(f"{len(updates)} updates came without an id")
        self.offset = known[-1] + 1

    async def _fetch(self, seconds: int) -> list[str]:
        """The updates that wait, as texts."""
        wanted = {"timeout": seconds, "allowed_updates": json.dumps(self.allowed)}
        if self.offset is not None:
            wanted["offset"] = self.offset
        address = f"{self.bot.base_url}/getUpdates?{urlencode(wanted)}"
        try:
            answer = await self.request.retrieve(address, read_timeout=seconds + READ_SECONDS)
        except BadRequest as error:  # nothing that is asked for here changes: it is a proxy's, or will pass
            raise NetworkError(str(error)) from error
        return results(answer.decode("utf-8", "replace"))

    async def _confirm(self) -> None:
        """Tell Telegram which updates are stored. It would send them again otherwise, and the inbox would know them."""
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._fetch(0)
        except TimeoutError:
            # Telegram takes note at once, but holds the answer for 3 s when it was asked the same a moment ago.
            log.info("Telegram was told which updates are here, and has not answered yet")
        except TelegramError as error:
            log.info("the last updates are not confirmed: %s", error)


TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
"""What matters for where a JSON value begins and ends: texts, in which brackets mean nothing, and brackets."""


def results(answer: str) -> list[str]:
    """The objects in an answer's list `result`, each as the text that it is. They are not parsed: what is wrong with
    one is no matter of the others. Raises TelegramError for what is no answer of the Bot API."""
    found, depth, begin, answers = [], 0, 0, False
    for token in TOKEN.finditer(answer):
        if token[0] in "{[":
            depth += 1
            if depth == 3:
                begin = token.start()
        elif token[0] in "}]":
            if depth == 3 and answer[begin] == "{":
                found.append(answer[begin : token.end()])
            depth -= 1
        elif depth == 1 and token[0] == '"result"':
            answers = True
    if depth or not answers:
        raise TelegramError(f"this is no answer of the Bot API: {answer[:200]!r}")
    return found


async def set_webhook(bot: Bot, url: str, secret: str, allowed: Sequence[str]) -> None:
    """Have updates delivered to `url`. It stays set when the bot ends: Telegram keeps what comes until the next
    start."""
    await insisted(
        lambda: bot.set_webhook(url, secret_token=secret, allowed_updates=allowed), f"the webhook {url} is not set"
    )
