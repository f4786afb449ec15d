"""Updates by long polling: one process a bot, and patience with a network that comes and goes."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from telegram import Bot

from bot.app import ALLOWED_UPDATES
from bot.store import Store
from bot.telegram import polling as receiving
from bot.telegram.inbox import Inbox
from bot.telegram.polling import SecondPoller, polling
from tests.support.house import ADA, TOKEN, housed
from tests.support.served import Served
from tests.support.stores import full
from tests.support.takers import Nobody
from tests.support.waiting import eventually


async def test_polling_takes_an_old_webhook_away(emulated: Served, tmp_path: Path) -> None:
    async with emulated.bot() as bot:
        await bot.set_webhook(f"{emulated.address}/of-another-time")
    async with housed(emulated, tmp_path / "tutor.db") as house:
        await emulated.says("/help")
        await house.waits_for("What I can do")
        assert emulated.emulator.world.updates.webhook is None
        assert emulated.emulator.world.updates.allowed == ALLOWED_UPDATES


async def test_a_second_poller_ends_this_one_and_is_left_alone(emulated: Served, tmp_path: Path) -> None:
    async with housed(emulated, tmp_path / "tutor.db") as house, emulated.bot() as other:
        await eventually(lambda: emulated.emulator.world.updates.polled)
        poll = asyncio.create_task(other.get_updates(timeout=30, allowed_updates=["message"]))
        await asyncio.wait([house.task], timeout=10)
        with pytest.raises(SecondPoller, match=r"^@tutor_bot is already served by another process.* stop the other"):
            house.task.result()
        ours = [call for call in await emulated.calls() if call["method"] == "getUpdates"]
        await emulated.says("for the other one")
        assert [update.message.text for update in await poll if update.message] == ["for the other one"]
        since = [call for call in await emulated.calls() if call["method"] == "getUpdates"]
        assert len(since) == len(ours) + 1, "none of our calls came in between"


async def test_trouble_on_the_way_is_waited_out(emulated: Served, tmp_path: Path) -> None:
    for kind in ("error", "drop", "flood"):
        await emulated.act("fault", kind=kind, method="getUpdates")
    await emulated.act("fault", kind="error", method="deleteWebhook")
    async with housed(emulated, tmp_path / "tutor.db") as house:
        await emulated.says("/help")
        await house.waits_for("What I can do")
        assert not house.task.done()


async def test_an_update_that_could_not_be_stored_is_fetched_again(
    emulated: Served, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = Inbox(store, Nobody(), lambda: 1.0)
    await store.transact(full)
    for number in range(60):
        await emulated.says(f"{number} " + "x" * 4000)
    async with emulated.bot() as bot, polling(bot, inbox, ["message"]) as poll:
        await eventually(lambda: "could not be stored" in caplog.text)
        await store.transact(lambda t: t.inbox._db.execute("pragma max_page_count=1000000"))
        await eventually(lambda: store.read(lambda t: t.inbox.count() == 60))
        assert not poll.done()
        await eventually(lambda: emulated.emulator.world.updates.polled)
    assert len(emulated.emulator.world.updates) == 0, "Telegram was told that they are here"


async def test_an_edited_message_arrives_and_is_not_taken_for_a_new_one(emulated: Served, tmp_path: Path) -> None:
    async with housed(emulated, tmp_path / "tutor.db") as house:
        sent = await emulated.says("/help")
        await house.waits_for("What I can do")
        await emulated.act("edit", user=ADA, message_id=sent["message_id"], text="/start")
        taken = house.services.metrics.updates.labels("edited_message")
        await eventually(lambda: taken._value.get() == 1)
        await eventually(lambda: house.services.store.read(lambda t: not t.inbox.count() and not t.outbox.count()))
        assert len(await house.answers()) == 1


async def test_a_refused_token_ends_it(emulated: Served) -> None:
    async with Bot(TOKEN, base_url=f"{emulated.address}/bot") as bot:
        await emulated.act("fault", kind="error", method="getUpdates", status=401)
        async with polling(bot, asyncio.Queue(), []) as poll:
            await asyncio.wait([poll], timeout=10)
            assert "InvalidToken" in repr(poll.exception())


async def test_r7_the_goodbye_is_heard_though_telegram_holds_back_its_answer(
    emulated: Served, store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram notes the offset at once, and answers 3 seconds later when the same was asked a moment before."""
    caplog.set_level(logging.INFO, "bot.telegram.polling")
    monkeypatch.setattr(receiving, "GOODBYE_SECONDS", 0.5)
    inbox = Inbox(store, Nobody(), lambda: 1.0)

    async def stored() -> int:
        return await store.read(lambda t: t.inbox.count())

    async with emulated.bot() as bot, polling(bot, inbox, ALLOWED_UPDATES):
        await emulated.says("hello")
        await eventually(stored)
        await emulated.act("fault", kind="delay", method="getUpdates", seconds=30, count=9, answer_only=True)
    assert len(emulated.emulator.world.updates) == 0, "what is stored is confirmed"
    assert "has not answered yet" in caplog.text
    assert "not confirmed" not in caplog.text
