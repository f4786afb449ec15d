"""The bot is killed again and again while a class is at work: nothing a learner did may be lost or count twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from .conftest import ROUNDS, Class
from .house import House


async def kill_and_start(home: House, rounds: int, random: Random) -> None:
    """Kill the bot at random moments: every third time while it starts and recovers, else at work. It is up at the
    end."""
    for number in range(rounds):
        if number % 3 == 1:
            home.start()
            await asyncio.sleep(0.3 + random.random())
        else:
            await home.started()
            await asyncio.sleep(random.random() * 2)
        await home.kill()
    await home.started()


async def test_kill_9_at_any_moment_loses_and_doubles_nothing(school: Class, show: Callable[[str], None]) -> None:
    async with school.at_work():
        await kill_and_start(school.home, ROUNDS, school.random)
    result = await school.reckoned()
    show(f"kill -9: rounds {ROUNDS}, kills {ROUNDS}, {result}")
    result.hold()
