"""Feeds updates that nobody has seen into the real inbox, dispatcher, handlers and outbox:
`python -m tests.bench.fuzz_updates [UPDATES] [SEED]`.

The store is real, and so is the library up to its last step: requests are answered by this process, without a network.
Every update must end as done or dead; only what cannot be read may be dead; nothing may fail beside that.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from telegram.request import BaseRequest, RequestData

from bot import settings
from bot.app import build, running
from bot.services import Services
from bot.store import Tables
from bot.telegram.inbox import Inbox
from bot.telegram.pace import Pace
from bot.telegram.polling import results
from bot.telegram.rawupdate import NoObject, received, salvaged
from runner import Event, Failed, Job, Reason, Safety
from tests.bench.odd_updates import INSTRUCTORS, NOW, Generator

ROUND, BATCH, IN_LINE = 5000, 100, 1000
"""Updates between two looks at the database; in one answer of Telegram; waiting at most."""
PATIENCE = 300.0
"""Seconds in which a round must come to its end."""
LIFTED = Pace((1_000_000, 1.0), (1_000_000, 1.0), (1_000_000, 1.0))
REFUSALS = ((0.005, 403, "Forbidden: bot was blocked by the user"), (0.01, 400, "Bad Request: message is not there"))


class LocalTelegram(BaseRequest):
    """Answers every request at once; a few are refused, as by Telegram. Buttons that it is sent go into `buttons`."""

    def __init__(self, buttons: deque[tuple[int, str]], pick: random.Random) -> None:
        self._buttons, self._pick, self._message = buttons, pick, 10**6

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to undo."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        await asyncio.sleep(0)
        given = request_data.json_parameters if request_data else {}
        for data in re.findall(r'"callback_data": "([^"\\]*)"', given.get("reply_markup", "")):
            self._buttons.append((int(given["chat_id"]), data))
        name = url.rsplit("/", 1)[-1]
        if "/file/" in url:
            return 200, b"print(1)\n"
        for chance, status, why in REFUSALS:
            if name not in ("getMe", "setMyCommands") and self._pick.random() < chance:
                return status, json.dumps({"ok": False, "error_code": status, "description": why}).encode()
        return 200, json.dumps({"ok": True, "result": self._result(name, given)}).encode()

    def _result(self, name: str, given: dict[str, str]) -> Any:
        if name == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "Tutor", "username": "tutor_bot"}
        if name == "getFile":
            return {"file_id": "f", "file_unique_id": "u", "file_path": "documents/a.py"}
        if not name.startswith("send"):
            return True
        self._message += 1
        return {"message_id": self._message, "date": NOW, "chat": {"id": int(given["chat_id"]), "type": "private"}}


class QuickRunner:
    """Every job ends at once, and badly."""

    safety = Safety(("none",), (), untrusted=True)

    async def ready(self) -> Safety:
        return self.safety

    async def run(self, job: Job) -> AsyncGenerator[Event, None]:
        await asyncio.sleep(0)
        yield Failed(Reason.ERROR, "ValueError: nothing is run here")

    def stop(self, job: Job) -> None:
        """Nothing runs."""

    async def aclose(self) -> None:
        """Nothing to end."""


class Trouble(logging.Handler):
    """Collects errors that are logged beside those of handlers, which are dead letters."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name not in ("bot.turns.failures", "bot.telegram.outbox") or "effect" in record.getMessage():
            self.found.append(record.getMessage() + (f": {record.exc_info[1]!r}" if record.exc_info else ""))


@dataclass
class Figures:
    """What became of the updates."""

    made: int = 0
    refused: int = 0
    """No JSON object: the webhook answers 400."""
    ends: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    """Handlers that failed on an update that could be read; there should be none."""
    trouble: list[str] = field(default_factory=list)
    rss: list[float] = field(default_factory=list)
    """MB, after each round."""
    seconds: float = 0.0

    @property
    def endless(self) -> int:
        return self.ends["new"]

    def __str__(self) -> str:
        first, middle, last = self.rss[0], self.rss[len(self.rss) // 2], self.rss[-1]
        return (
            f"{self.made:,} updates, {self.refused:,} refused as no JSON object, {self.ends['done']:,} handled,"
            f" {self.ends['dead']:,} dead letters, {self.failures.total():,} failures of handlers,"
            f" {len(self.trouble):,} crashes, {self.endless:,} without an end;"
            f" {first:.0f}, {middle:.0f}, {last:.0f} MB at start, middle, end;"
            f" {self.made / self.seconds:.0f} updates a second"
        )


class Fuzz:
    """A bot at work, and what is fed to it."""

    def __init__(self, inbox: Inbox, services: Services, source: Generator, figures: Figures) -> None:
        self._inbox, self._services, self._source, self._figures = inbox, services, source, figures

    async def round(self, updates: int) -> None:
        """Feed some updates, wait for their end, and count it."""
        for begin in range(0, updates, BATCH):
            await self._feed([self._source.update() for _ in range(min(BATCH, updates - begin))])
        async with asyncio.timeout(PATIENCE):
            while self._inbox.held or await self._services.store.read(lambda t: t.outbox.count()):  # noqa: ASYNC110  there is no event for it
                await asyncio.sleep(0.01)
        self._figures.made += updates
        await self._services.store.transact(self._count)
        self._figures.rss.append(_rss())

    async def _feed(self, texts: list[str]) -> None:
        """Half by polling, half by webhook; what would break a whole answer of Telegram's always by webhook."""
        whole = [text for text in texts if _is_whole(text)]
        polled = whole[: len(texts) // 2]
        answer = f'{{"ok":true,"result":[{",".join(polled)}]}}'
        await self._inbox.put_all([salvaged(text) for text in results(answer)])
        for text in {*texts} - {*polled}:
            try:
                update = received(text.encode("utf-8", "replace").decode())
            except NoObject:
                self._figures.refused += 1
            else:
                await self._inbox.put_all([update])
        while self._inbox.held > IN_LINE:  # noqa: ASYNC110
            await asyncio.sleep(0.001)

    def _count(self, tables: Tables) -> None:
        for row in tables.inbox._db.query("select state, error from inbox"):
            self._figures.ends[row["state"]] += 1
            if row["state"] == "dead" and not row["error"].startswith("Unreadable("):
                self._figures.failures[row["error"][:300]] += 1
        tables.inbox._db.execute("delete from inbox where state <> 'new'")


def _is_whole(text: str) -> bool:
    try:
        return len(results(f'{{"result":[{text}]}}')) == 1 and text.startswith("{")
    except Exception:
        return False


def _rss() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


async def fuzz(updates: int, seed: int, folder: Path, round: int = ROUND, tell: bool = False) -> Figures:
    """Feed so many updates, in rounds, to a bot whose database lies in this folder."""
    figures, source, trouble = Figures(), Generator(seed), Trouble()
    chosen = settings.Settings(
        token="1:fuzz",
        db=folder / "fuzz.db",
        instructors=frozenset(INSTRUCTORS),
        operator=INSTRUCTORS[0],
        base_url="http://local",
    )
    request = LocalTelegram(source.buttons, random.Random(seed))
    root, before = logging.getLogger(), (logging.getLogger().handlers, logging.getLogger().level)
    root.handlers, root.level = [trouble], logging.ERROR
    began = time.monotonic()
    try:
        bot, services = build(
            chosen,
            QuickRunner(),
            clock=lambda: NOW + 0.5 * figures.made + time.monotonic() - began,
            pace=LIFTED,
            request=request,
        )
        async with running(bot, services) as inbox:
            work = Fuzz(inbox, services, source, figures)
            while figures.made < updates:
                await work.round(min(round, updates - figures.made))
                figures.seconds = time.monotonic() - began
                figures.trouble = trouble.found
                if tell and figures.made % (10 * round) == 0:
                    print(figures, flush=True)
    finally:
        root.handlers, root.level = before
    return figures


def main() -> None:
    given = [int(one) for one in sys.argv[1:]] + [1_000_000, 1][len(sys.argv) - 1 :]
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        figures = asyncio.run(fuzz(given[0], given[1], Path(folder), tell=True))
    print(figures)
    for what, count in [*figures.failures.most_common(20), *Counter(figures.trouble).most_common(20)]:
        print(f"{count:8,}  {what}")


if __name__ == "__main__":
    main()
