"""An emulated messenger in the test's process, and the bot as a process of its own that can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.emulator import Emulator
from bot.emulator.parameters import Parameters
from bot.emulator.sim import ACTS
from bot.ops.serving import address, listen, serving
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0
"""Seconds after which something awaited counts as missing: Telegram's trouble makes the bot wait for up to 30."""

Json = dict[str, Any]


async def until(condition: Callable[[], Any], what: str | Callable[[], str], patience: float = PATIENCE) -> Any:
    """Waits until a condition holds, and returns what it gave, with the patience that trouble takes."""
    return await eventually(condition, what, patience)


@dataclass
class House:
    """`messenger` is the emulator; `start` and `kill` are the bot's. What the bot logged is in `log`."""

    messenger: Emulator
    address: str
    db: Path
    log: Path
    around: Sequence[str] = ()
    """A command that runs the bot."""
    program: Sequence[str] = ("-m", "tests.chaos.chat_side")
    """What Python runs."""
    process: subprocess.Popen[bytes] | None = None
    calls: list[Json] = field(default_factory=list)

    def start(self) -> None:
        """Start the bot on the same database as before."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("TUTOR_")}
        env |= {"TUTOR_TOKEN": "1:chaos", "TUTOR_BASE_URL": self.address, "TUTOR_DB": str(self.db)}
        command = [*self.around, sys.executable, *self.program]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)

    async def started(self) -> None:
        """Start, and wait until it asks for updates."""
        before = self.messenger.world.updates
        self.start()
        await until(lambda: before.polled or self._ended(), lambda: f"a poll; {self.tail()}")

    def _ended(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            raise AssertionError(f"the bot ended by itself: {self.tail()}")
        return False

    def tail(self) -> str:
        return "\n" + "\n".join(self.log.read_text().splitlines()[-40:])

    async def kill(self) -> None:
        """`kill -9`. The messenger forgets the poll of the dead."""
        self._ended()
        assert self.process
        self.process.kill()
        await asyncio.to_thread(self.process.wait)
        self.messenger.world.updates.end_poll()
        await asyncio.sleep(0)

    def signal(self, number: signal.Signals) -> None:
        self._ended()
        assert self.process
        self.process.send_signal(number)

    async def terminate(self, patience: float = 30.0) -> float:
        """SIGTERM; how many seconds the end took. The exit status is that of an orderly end."""
        self._ended()
        assert self.process
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(self.process.wait, patience)
        assert status == 0, self.tail()
        return time.monotonic() - began

    async def act(self, name: str, /, **values: Any) -> Any:
        """What a person does in the messenger."""
        result = ACTS[name](self.messenger.world, Parameters(values))
        return await result if asyncio.iscoroutine(result) else result

    def chat(self, id: int) -> list[Json]:
        """The messages of a chat."""
        known = self.messenger.world.state.chats.get(id)
        return list(known.messages.values()) if known else []

    def note_calls(self) -> None:
        """Take over the Bot API calls since the last time: the messenger remembers the latest only."""
        last = self.calls[-1]["number"] if self.calls else 0
        new = self.messenger.world.calls.since(last)
        assert not new or new[0]["number"] == last + 1, "calls were forgotten before they were noted"
        self.calls += new

    async def noting(self) -> None:
        """Note calls until cancelled."""
        while True:
            self.note_calls()
            await asyncio.sleep(0.5)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database has, read beside the bot."""
        with closing(sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()

    def idle(self) -> bool:
        """Whether nothing waits anywhere: not at the messenger, not in the inbox, not in the outbox."""
        counts = "(select count(*) from inbox where state = 'new') + (select count(*) from outbox)"
        ((waiting,),) = self.rows(f"select {counts}")
        return not waiting and not len(self.messenger.world.updates)


@asynccontextmanager
async def house(folder: Path, *around: str, db: Path | None = None) -> AsyncIterator[House]:
    """A messenger that is up, and a bot that is not yet."""
    listener = listen("127.0.0.1", 0, "nothing")
    messenger = Emulator("Tutor", "tutor_bot")
    made = House(messenger, address(listener), db or folder / "tutor.db", folder / "log.txt", around)
    async with serving(messenger.app, listener), aclosing(messenger):
        try:
            yield made
        finally:
            if made.process and made.process.poll() is None:
                made.process.kill()
                made.process.wait()
