"""The whole bot in the test's process, with a runner that does nothing, and `tutor serve` as a process of its own."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bot import settings
from bot.app import build, running
from bot.commands.service import receive
from bot.ops.serving import address, listen
from bot.services import Services
from bot.telegram.inbox import Inbox
from tests.support.served import Served
from tests.support.told_runner import ToldRunner
from tests.support.waiting import eventually

TOKEN = "424242:AAE-a_token_that_looks_like_a_real_one_0"
SECRET = "only-Telegram-knows"
ADA = 1001


@dataclass
class House:
    """The bot at work: what it is made of, its web pages, and the task that takes updates."""

    served: Served
    services: Services
    inbox: Inbox
    pages: httpx.AsyncClient
    hook: str
    task: asyncio.Task[None]

    async def answers(self, chat: int = ADA) -> list[str]:
        """What the bot has written in a chat."""
        return [str(m.get("text")) for m in await self.served.chat(chat) if m["from"]["is_bot"]]

    async def waits_for(self, text: str, chat: int = ADA) -> None:
        async def there() -> bool:
            return any(text in answer for answer in await self.answers(chat))

        await eventually(there)


@asynccontextmanager
async def housed(served: Served, db: Path, *, hook: bool = False, **given: Any) -> AsyncIterator[House]:
    """A bot for the emulator; with `hook` its updates come by webhook."""
    with listen("127.0.0.1", 0, "-") as listener:
        url = f"{address(listener)}/hook/of/the/bot"
        ways = {"webhook_url": url, "webhook_secret": SECRET} if hook else {}
        found = settings.read(token=TOKEN, base_url=served.address, db=db, **ways, **given)
        bot, services = build(found, ToldRunner())
        async with running(bot, services) as inbox, httpx.AsyncClient(base_url=address(listener)) as pages:
            task = asyncio.create_task(receive(found, bot, services, inbox, listener))
            try:
                yield House(served, services, inbox, pages, url, task)
            finally:
                task.cancel()
                await asyncio.wait([task])


class Process:
    """`tutor <arguments>` with these variables; what it printed is in `log`."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TUTOR_", "PYTHONDONTWRITEBYTECODE"))}
        given = {f"TUTOR_{name.upper()}": value for name, value in variables.items()}
        self._log = folder / f"log-{len(list(folder.glob('log-*')))}.txt"
        with self._log.open("w") as log:
            self.running = subprocess.Popen(
                [str(Path(sys.executable).parent / "tutor"), *arguments],
                cwd=folder,
                env=kept | given,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    async def pages(self) -> str:
        """Address of its web pages, once it serves."""
        pattern = re.compile(r"its state is at (http://\S+)/healthz")
        await eventually(lambda: pattern.search(self.log) or self.running.poll() is not None)
        found = pattern.search(self.log)
        assert found, self.log
        return found[1]

    async def ended(self) -> int:
        """Its exit status."""
        return await asyncio.to_thread(self.running.wait, 40.0)
