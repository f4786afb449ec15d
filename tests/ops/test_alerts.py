"""The operator hears of trouble, once, through the outbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.messages import Outgoing
from bot.ops.alerts import OLD_SECONDS, QUIET_SECONDS, Alerts
from bot.ops.logs import JsonLines
from bot.routes import FEATURES
from bot.store import Store, Tables
from bot.turns.feature import Feature
from bot.turns.texts import Rank
from bot.turns.turn import Turn
from tests.support.house import ADA, housed
from tests.support.served import Served
from tests.support.waiting import eventually

NOW = 1_800_000_000.0
OPERATOR = 9001


def broken(turn: Turn) -> bool:
    raise LookupError("a handler's own mistake")


async def test_a_failing_handler_is_told_with_the_learner_s_reference(
    emulated: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(JsonLines())
    monkeypatch.setattr("bot.app.FEATURES", (*FEATURES, Feature(texts={Rank.FILE: broken})))
    await emulated.says("/start", user=OPERATOR)
    async with housed(emulated, tmp_path / "tutor.db", operator=OPERATOR) as house:
        for _ in range(2):
            await emulated.says("what breaks it")
        await house.waits_for("A handler failed", OPERATOR)
        await eventually(lambda: house.services.metrics.failures._value.get() == 2)
        await eventually(lambda: house.services.store.read(lambda t: not t.inbox.count() and not t.outbox.count()))
        apologies = [text for text in await house.answers() if "Something went wrong" in text]
        alerts = [text for text in await house.answers(OPERATOR) if "A handler failed" in text]
    assert (len(apologies), len(alerts)) == (2, 1), "two failures, one alert in ten minutes"
    reference = apologies[0].split("(")[1].split(")")[0]
    assert f"reference {reference};" in alerts[0]
    (logged,) = [line for line in map(json.loads, caplog.text.splitlines()) if reference in line["message"]]
    assert logged["message"] == f"update {logged['request']} failed; reference {reference}"
    assert "a handler's own mistake" in logged["error"]


async def take(store: Store, chat: int = OPERATOR) -> list[str]:
    """What waits for a chat, as if it had been delivered."""

    def taken(tables: Tables) -> list[str]:
        texts = []
        while message := tables.outbox.next(chat):
            tables.outbox.drop(message.id)
            texts.append(message.text)
        return texts

    return await store.transact(taken)


def failing_at(seconds: float) -> Callable[[Tables], None]:
    return lambda tables: Alerts(OPERATOR).handler_failed(tables, f"at-{seconds:.0f}", NOW + seconds)


async def test_one_alert_of_a_kind_in_ten_minutes_even_over_a_restart(store: Store, tmp_path: Path) -> None:
    for seconds in (0, 1, QUIET_SECONDS - 1):
        await store.transact(failing_at(seconds))
    (only,) = await take(store)
    assert "at-0" in only
    next_start = Store(tmp_path / "tutor.db")
    try:
        await next_start.transact(failing_at(QUIET_SECONDS - 1))
        assert await take(next_start) == []
        await next_start.transact(failing_at(QUIET_SECONDS))
        (second,) = await take(next_start)
    finally:
        next_start.close()
    assert "at-600" in second


async def test_messages_that_do_not_get_through_are_told_and_not_piled_up(store: Store) -> None:
    alerts = Alerts(OPERATOR)
    await store.transact(lambda t: t.outbox.add(Outgoing(ADA, "waits"), NOW))
    await store.transact(lambda t: alerts.watch_outbox(t, NOW + OLD_SECONDS))
    assert await take(store) == []
    for hour in range(3):
        await store.transact(lambda t, hour=hour: alerts.watch_outbox(t, NOW + OLD_SECONDS + 1 + 3600 * hour))  # type: ignore[misc]
    (only,) = await take(store)
    assert "1 waited to be delivered, the oldest for 121 seconds" in only
    await store.transact(lambda t: alerts.watch_outbox(t, NOW + 4 * 3600))
    assert len(await take(store)) == 1, "told again once the earlier alert has got through"


async def test_kinds_do_not_silence_each_other(store: Store) -> None:
    await store.transact(failing_at(0))
    await store.transact(lambda t: Alerts(OPERATOR).timer_failed(t, "x", "r", NOW))
    assert len(await take(store)) == 2


async def test_without_an_operator_nobody_is_told(store: Store) -> None:
    await store.transact(lambda t: Alerts().handler_failed(t, "r", NOW))
    assert await store.read(lambda t: t.outbox.chats()) == []
