"""Who sees which commands in the messenger."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, BotCommand

from bot.menus import Menus
from tests.emulator.conftest import Served, eventually

from .conftest import ADA, GRACE

STRANGER = 4711


@pytest.fixture
async def menus(bot: Bot) -> AsyncIterator[Menus]:
    made = Menus(bot, [BotCommand("start", "Begin")], [BotCommand("classes", "Yours")])
    yield made
    await made.aclose()


async def offered(served: Served, person: int) -> list[str]:
    answer = (await served.http.get(f"/sim/me?user={person}")).json()["result"]
    return [command["command"] for command in answer["commands"]]


async def test_instructors_are_offered_more_than_everybody(menus: Menus, served: Served) -> None:
    await menus.introduce([ADA])
    assert await offered(served, ADA) == ["start", "classes"]
    assert await offered(served, GRACE) == ["start"]


async def test_who_becomes_an_instructor_gets_the_menu_with_their_next_message(menus: Menus, served: Served) -> None:
    await menus.introduce([])
    menus.see(GRACE, True)
    await eventually(lambda: not menus._tasks)
    assert await offered(served, GRACE) == ["start", "classes"]
    calls = len(await served.calls())
    menus.see(GRACE, True)
    assert len(await served.calls()) == calls, "nothing is set twice"
    menus.see(GRACE, False)
    await eventually(lambda: not menus._tasks)
    assert await offered(served, GRACE) == ["start"]


async def test_an_instructor_who_never_wrote_holds_up_nobody_and_gets_it_later(menus: Menus, served: Served) -> None:
    await menus.introduce([STRANGER, ADA])
    assert await offered(served, ADA) == ["start", "classes"]
    await served.says("/start", user=STRANGER)
    menus.see(STRANGER, True)
    await eventually(lambda: not menus._tasks)
    assert await offered(served, STRANGER) == ["start", "classes"]
