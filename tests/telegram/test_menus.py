"""Who sees which commands in the messenger."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, BotCommand

from bot.store import Store
from bot.telegram.menus import Menus
from tests.support.desk import ADA, GRACE, NOW
from tests.support.served import Served
from tests.support.waiting import eventually

STRANGER = 4711


def menus_of(bot: Bot, store: Store) -> Menus:
    return Menus(bot, store, [BotCommand("start", "Begin")], [BotCommand("classes", "Yours")])


@pytest.fixture
async def menus(bot: Bot, store: Store) -> AsyncIterator[Menus]:
    for person in (ADA, GRACE):
        await store.transact(lambda t, person=person: t.learners.meet(person, "A learner", None, None, NOW))  # type: ignore[misc]
    made = menus_of(bot, store)
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


async def test_nobody_asks_for_the_menu_of_an_instructor_who_never_wrote(menus: Menus, served: Served) -> None:
    await menus.introduce([STRANGER])
    scopes = [call["parameters"].get("scope", "") for call in await served.calls() if call["method"] == "setMyCommands"]
    assert not any(str(STRANGER) in str(scope) for scope in scopes)


async def test_a_menu_ends_with_the_right_to_it_also_over_a_restart(
    menus: Menus, bot: Bot, store: Store, served: Served
) -> None:
    await menus.introduce([ADA, GRACE])
    after_restart = menus_of(bot, store)
    await after_restart.introduce([GRACE])
    assert await offered(served, ADA) == ["start"]
    assert await offered(served, GRACE) == ["start", "classes"]


async def test_a_menu_that_could_not_be_taken_away_goes_at_the_next_start(
    menus: Menus, bot: Bot, store: Store, served: Served
) -> None:
    await menus.introduce([ADA])
    await served.act("fault", kind="error", method="deleteMyCommands", status=502)
    await menus_of(bot, store).introduce([])
    assert await offered(served, ADA) == ["start", "classes"]
    await menus_of(bot, store).introduce([])
    assert await offered(served, ADA) == ["start"]
    calls = len(await served.calls())
    await menus_of(bot, store).introduce([])
    assert [call["method"] for call in (await served.calls())[calls:]] == ["setMyCommands"], "it is gone for good"
