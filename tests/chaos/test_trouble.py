"""Telegram in trouble while a class is at work, and the bot killed into the bargain."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from .conftest import ROUNDS as KILLS
from .conftest import Class
from .house import House, until

ROUNDS = max(1, KILLS // 4)
METHODS = ("sendMessage", "editMessageText", "answerCallbackQuery", "editMessageReplyMarkup", "getUpdates")
OFTEN = (4, 3, 2, 1, 1)
TROUBLE: tuple[dict[str, Any], ...] = (
    {"kind": "flood", "retry_after": 1},
    {"kind": "error", "status": 502},
    {"kind": "error", "status": 500, "answer_only": True},
    {"kind": "drop"},
    {"kind": "drop", "answer_only": True},
    {"kind": "delay", "seconds": 0.5},
)


async def make_trouble(home: House, chats: list[int], random: Random) -> None:
    """Plan trouble for the next calls, some of it for one chat alone, until cancelled; not while the bot is away, or
    it would pile up."""
    while True:
        await until(lambda: home.messenger.world.updates.polled, home.tail)
        (method,) = random.choices(METHODS, OFTEN)
        trouble = random.choice(TROUBLE) | {"method": method, "count": random.randint(1, 2)}
        if random.random() < 0.3 and method != "getUpdates":
            trouble["chat"] = random.choice(chats)
        await home.act("fault", **trouble)
        await asyncio.sleep(0.1)


async def test_telegram_in_trouble_costs_repeats_but_no_answer(school: Class, show: Callable[[str], None]) -> None:
    home, random = school.home, school.random
    async with school.at_work():
        await home.started()
        trouble = asyncio.create_task(make_trouble(home, [learner.id for learner in school.learners], random))
        for _ in range(ROUNDS):
            await asyncio.sleep(2 + random.random() * 3)
            await home.kill()
            await home.act("fault", **random.choice(TROUBLE), method="getMe", count=2)
            await home.started()
        trouble.cancel()
        home.messenger.world.faults.clear()
    result = await school.reckoned()
    failed = Counter(call["answer"]["description"] for call in home.calls if not call["answer"]["ok"])
    show(f"trouble: rounds {ROUNDS}, kills {ROUNDS}, failed calls {failed.total()}, {result}")
    result.hold()
    assert failed.total() >= 5 * ROUNDS, failed
