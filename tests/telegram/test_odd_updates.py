"""Whatever comes, by polling or by webhook: it has an end, the operator hears of it, and the next one is answered."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot

from bot.store import Store, Tables
from bot.telegram.inbox import Inbox
from bot.telegram.polling import SecondPoller, polling, results
from bot.telegram.webhook import HEADER
from tests.support.house import ADA, SECRET, TOKEN, House, housed
from tests.support.served import Served, serving
from tests.support.takers import Nobody
from tests.support.waiting import eventually

OPERATOR = 9001
PERSON = {"id": ADA, "is_bot": False, "first_name": "Ada"}
PRIVATE = {"id": ADA, "type": "private", "first_name": "Ada"}


def message(**more: Any) -> dict[str, Any]:
    return {"message_id": 10**15, "date": 1_800_000_000, "chat": PRIVATE, "from": PERSON} | more


PIN_OF_WHAT_IS_GONE = {
    "message": message(message_id=11, pinned_message={"message_id": 9, "chat": PRIVATE, "date": 0}),
}
UNREADABLE = [
    {"message": 5},
    {"message": message(text=["x"])},
    {"message": message(text="x", date=2**70)},
    {"message": message(text="x", message_id=-(2**63) - 1)},
    {"message": message(**{"from": {"id": "Ada"}})},
    {"callback_query": {"id": "1", "from": PERSON, "chat_instance": "1", "message": message(), "data": 5}},
    {"my_chat_member": {"chat": PRIVATE, "from": PERSON, "date": 1, "new_chat_member": None}},
    {"edited_message": message(text=5, edit_date="x")},
]


def states(tables: Tables) -> list[str]:
    rows = tables.inbox._db.query("select state from inbox order by rowid")
    return [row["state"] for row in rows]


@pytest.fixture(params=["polling", "webhook"])
async def house(request: pytest.FixtureRequest, emulated: Served, tmp_path: Path) -> AsyncIterator[House]:
    hook = request.param == "webhook"
    await emulated.says("/start", user=OPERATOR)
    await emulated.says("/start")
    async with housed(emulated, tmp_path / "tutor.db", hook=hook, operator=OPERATOR) as made:
        updates = emulated.emulator.world.updates
        await eventually(lambda: updates.webhook if hook else updates.polled)
        yield made


async def settled(house: House) -> list[str]:
    """The states of all updates, once all that came is dealt with."""
    store, updates = house.services.store, house.served.emulator.world.updates
    await eventually(lambda: len(updates) == 0)
    await eventually(lambda: store.read(lambda t: not t.inbox.count() and not t.outbox.count()))
    return await store.read(states)


async def alive(house: House) -> None:
    await house.served.says("/help", user=1002)
    await house.waits_for("What I can do", 1002)
    assert not house.task.done()


async def test_a_pin_of_a_message_that_is_gone_stops_nothing(house: House) -> None:
    before = await settled(house)
    await house.served.act("update", update=PIN_OF_WHAT_IS_GONE)
    await alive(house)
    assert await settled(house) == [*before, "done", "done"]


async def test_what_cannot_be_read_is_a_dead_letter_and_the_operator_is_told_once(house: House) -> None:
    before = await settled(house)
    for update in UNREADABLE:
        await house.served.act("update", update=update)
    await alive(house)
    assert await settled(house) == [*before, *["dead"] * len(UNREADABLE), "done"]
    alerts = [text for text in await house.answers(OPERATOR) if "could not be read" in text]
    assert len(alerts) == 1
    assert "What I can do" in (await house.answers(1002))[-1]
    apologies = [text for text in await house.answers() if "Something went wrong" in text]
    assert len(apologies) == 5, "for each that was a message or a press in Ada's private chat"


async def test_what_is_stored_is_telegram_s_own_text(house: House) -> None:
    sent = {"message": message(text="hello", hologram={"new": ["\u00e9", 1.50]})}
    await house.served.act("update", update=sent)
    await settled(house)

    def bodies(tables: Tables) -> list[Any]:
        return [json.loads(row["body"]) for row in tables.inbox._db.query("select body from inbox")]

    (kept,) = [body for body in await house.services.store.read(bodies) if "hologram" in str(body)]
    assert {name: value for name, value in kept.items() if name != "update_id"} == sent


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b'{"message": {}}', "dead"),
        (b'{"update_id": "77"}', "dead"),
        (b'{"update_id": true}', "dead"),
        (b'{"update_id": 77, "message": 5}', "dead"),
        (b'{"update_id": 77, "message": ' + b'{"a":' * 9000 + b"1" + b"}" * 9001, "dead"),
        (b'{"update_id": ' + b"7" * 5000 + b"}", "dead"),
        (b'{"update_id": 77, "message": NaN}', "dead"),
        (b'{"update_id": 77, "poll": {"id": "\xff"}}', "done"),
    ],
)
async def test_the_webhook_takes_what_it_cannot_read_since_it_would_come_again_for_a_day(
    emulated: Served, tmp_path: Path, body: bytes, state: str
) -> None:
    async with housed(emulated, tmp_path / "tutor.db", hook=True) as house:
        for _ in range(2):
            answer = await house.pages.post(house.hook, content=body, headers={HEADER: SECRET})
            assert answer.status_code == 200
        assert await settled(house) == [state]
        await alive(house)


# What an old process stored


async def test_rows_that_can_no_longer_be_read_are_put_away_at_the_start(emulated: Served, tmp_path: Path) -> None:
    old_form = {
        "update_id": 5,
        "message": message(text="/help") | {"delete_chat_photo": False, "group_chat_created": False},
    }
    bodies = {
        3: "",
        4: "{'update_id': 4}",
        5: json.dumps(old_form),
        6: '{"update_id": 6, "message": {"date": 1}}',
        7: "null",
    }
    store = Store(tmp_path / "tutor.db")
    for id, body in bodies.items():
        await store.transact(lambda t, id=id, body=body: t.inbox.add(id, ADA, body, 1.0))
    store.close()
    await emulated.says("/start")
    async with housed(emulated, tmp_path / "tutor.db") as house:
        await house.waits_for("What I can do")
        assert (await settled(house))[:5] == ["dead", "dead", "done", "dead", "dead"]


# How an answer of the Bot API is taken apart


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ('{"ok":true,"result":[]}', []),
        ('{"ok":true,"result":[{"a":1},{"b":[{"c":"]}\\"{"}]}]}', ['{"a":1}', '{"b":[{"c":"]}\\"{"}]}']),
        (' { "result" : [ {"a" : "\\\\"} , 5, null, "x", [{}] ] , "ok" : true } ', ['{"a" : "\\\\"}']),
        ('{"ok":true,"result":[{"a":' + "[" * 9000 + "]" * 9000 + "}]}", ['{"a":' + "[" * 9000 + "]" * 9000 + "}"]),
        ('{"ok":true,"result":true}', []),
    ],
)
def test_updates_are_taken_out_of_an_answer_without_being_parsed(answer: str, found: list[str]) -> None:
    assert results(answer) == found


# A server, or a proxy before it, that answers nonsense


async def test_nonsense_in_the_place_of_an_answer_is_waited_for(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.telegram.patience.FIRST_PAUSE", 0.001)
    answers = [
        (200, "<html>Please sign in</html>"),
        (400, "<html>Bad gateway, said badly</html>"),
        (403, "{}"),
        (200, '{"ok":true,"result":[{"update_id":6,'),
        (200, '{"ok":true,"result":[{"message":{}}]}'),  # without an id: it would come again at once, for ever
        (200, '{"ok":true,"result":[{"message":{}},{"update_id":7},{"update_id":8,"x":{"y":1e999}},{"a":}]}'),
        (409, '{"ok":false,"description":"Conflict"}'),
    ]
    asked = []

    async def answer(request: Request) -> Response:
        if request.path_params["method"].lower() != "getupdates":
            return PlainTextResponse('{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"B","username":"b"}}')
        asked.append(request.query_params.get("offset"))
        status, text = answers[len(asked) - 1]
        return PlainTextResponse(text, status)

    inbox = Inbox(store, Nobody(), lambda: 1.0)
    app = Starlette(routes=[Route("/bot{token}/{method}", answer, methods=["GET", "POST"])])
    async with (
        serving(app) as address,
        Bot(TOKEN, base_url=f"{address}/bot") as bot,
        polling(bot, inbox, []) as poll,
    ):
        with pytest.raises(SecondPoller):
            await poll
    assert asked == [None, None, None, None, None, None, "9"]
    assert caplog.text.count("trying again") == 5
    assert await store.read(lambda t: sorted(id for id, _, _ in t.inbox.waiting() if id > 0)) == [7, 8]
    assert await store.read(lambda t: len(t.inbox.waiting())) == 4
