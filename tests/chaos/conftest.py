"""Twenty learners at work, and a line of figures for whoever runs this by hand."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from .crowd import Learner, Reckoning, reckon
from .house import House, house, until

LEARNERS = 20
ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "3"))
"""How often the bot is killed; `make chaos` asks for many more."""
SEED = int(os.environ.get("CHAOS_SEED", "7"))


class Class:
    """`learners` live in `home` until the block `at_work` ends; then `reckoned` is what became of their work."""

    def __init__(self, home: House) -> None:
        self.home = home
        self.random = Random(SEED)
        self.learners = [Learner(home, 5001 + n, Random(f"{SEED}:{n}")) for n in range(LEARNERS)]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """While this lasts, learners act. It ends when each has the reply to the last act, with a bot that is up."""
        stop = asyncio.Event()
        noting = asyncio.create_task(self.home.noting())
        async with asyncio.TaskGroup() as group:
            for learner in self.learners:
                group.create_task(learner.live(stop, 0.5))
            yield
            stop.set()
        await until(self.home.idle, self.home.tail)
        noting.cancel()

    async def reckoned(self) -> Reckoning:
        """End the bot in order, and compare."""
        await self.home.terminate()
        return reckon(self.home, self.learners)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made


@pytest.fixture
def school(home: House) -> Class:
    return Class(home)


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a line of figures, with the seconds since the test began."""
    began = time.monotonic()

    def shown(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}; {time.monotonic() - began:.0f} s")

    return shown
