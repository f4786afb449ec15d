"""Updates by webhook: only Telegram's, stored before they are acknowledged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.store import Tables
from bot.telegram.webhook import HEADER, LARGEST
from tests.support.house import SECRET, House, housed
from tests.support.served import Served
from tests.support.stores import full
from tests.support.waiting import eventually

UPDATE = {
    "update_id": 77,
    "message": {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 1001, "type": "private"},
        "from": {"id": 1001, "is_bot": False, "first_name": "Ada"},
        "text": "hello",
    },
}


@pytest.fixture
async def house(emulated: Served, tmp_path: Path) -> AsyncIterator[House]:
    async with housed(emulated, tmp_path / "tutor.db", hook=True) as made:
        await eventually(lambda: emulated.emulator.world.updates.webhook)
        yield made


def stored(tables: Tables) -> int:
    return next(iter(tables.inbox._db.query("select count(*) as n from inbox")))["n"]


async def test_a_learner_is_served_by_webhook(house: House) -> None:
    set_up = house.served.emulator.world.updates
    assert set_up.webhook is not None
    assert (set_up.webhook.url, set_up.webhook.secret) == (house.hook, SECRET)
    assert set_up.allowed == ["message", "edited_message", "callback_query", "my_chat_member"]
    await house.served.says("/help")
    await house.waits_for("What I can do")
    assert not [call for call in await house.served.calls() if call["method"] == "getUpdates"]


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: SECRET[:-1]}, {HEADER: "geh\xe4im".encode("latin-1")}])
async def test_a_stranger_is_refused(house: House, headers: dict[str, Any]) -> None:
    answer = await house.pages.post(house.hook, json=UPDATE, headers=headers)
    assert answer.status_code == 403
    assert await house.services.store.read(stored) == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[1]", 400),
        (b"[" * 200_000, 400),
        (b"[" + b"9" * 5000 + b"]", 400),
        (b" " * (LARGEST + 1), 413),
    ],
)
async def test_what_is_no_update_is_refused(house: House, body: bytes, status: int) -> None:
    answer = await house.pages.post(house.hook, content=body, headers={HEADER: SECRET})
    assert answer.status_code == status
    assert await house.services.store.read(stored) == 0


async def test_an_update_delivered_twice_is_taken_once(house: House) -> None:
    await house.served.says("/start")
    await house.waits_for("Ada")
    before = len(await house.answers())
    for _ in range(2):
        assert (await house.pages.post(house.hook, json=UPDATE, headers={HEADER: SECRET})).status_code == 200
    await house.waits_for("I am better at teaching")
    await eventually(lambda: house.services.store.read(lambda t: not t.inbox.count() and not t.outbox.count()))
    assert len(await house.answers()) == before + 1


async def test_what_cannot_be_stored_is_sent_again_by_telegram(house: House) -> None:
    """A full disk: no update is acknowledged before it is stored, and all goes on by itself afterwards."""
    store, updates = house.services.store, house.served.emulator.world.updates
    await store.transact(full)
    await house.served.says("/help " + "x" * 4000)
    for _ in range(60):
        await house.served.says("y" * 4000)
    await eventually(lambda: updates.last_error)
    assert updates.last_error is not None
    assert "503" in updates.last_error[1]
    assert len(updates) > 0
    await store.transact(lambda t: t.inbox._db.execute("pragma max_page_count=1000000"))
    await eventually(lambda: len(updates) == 0)
    await eventually(lambda: store.read(lambda t: stored(t) == 61 and t.inbox.count() == 0))
