"""Whatever a bot or a person sends, the answer is a clear refusal, never a failure of the server."""

from __future__ import annotations

import json
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.emulator import Emulator
from bot.emulator.methods import METHODS
from bot.emulator.sim import ACTS
from tests.support.served import TOKEN

BUTTON = {"text": "x", "callback_data": "a"}
FIRST: dict[str, Any] = {
    "sendMessage": {"chat_id": 1001, "text": "?", "reply_markup": {"inline_keyboard": [[BUTTON]]}},
    "sendPoll": {"chat_id": 1001, "question": "?", "options": ["a", "b"]},
}
ODD: list[Any] = [
    *(None, True, 0, 1, -1, 1001, -5, 0.5, "", "x", "[]", "{}", "[1]", "nonsense", "html", "photo", "attach://x"),
    *("https://t.me/emulated_bot?start=a", [{"type": "date_time", "offset": 0, "length": 1, "unix_time": {}}]),
    *([], {}, [1], [None], [[]], [[1]], ["a", "b"], {"type": "bold"}, {"type": ["a"]}, {"type": "chat", "chat_id": 1}),
    *([{"type": "bold", "offset": 0, "length": 1}], [{"type": "bold", "offset": "a", "length": None}], [{"type": []}]),
    *({"inline_keyboard": [[BUTTON]]}, {"inline_keyboard": 1}, {"inline_keyboard": [[BUTTON | {"url": 5}]]}),
    *({"inline_keyboard": [[{"text": "x", "web_app": {"url": 5}}]]}, {"keyboard": [[5]]}, {"keyboard": None}),
    *({"inline_keyboard": [[{"text": "x", "copy_text": {"text": 5}}]]}, {"message_id": "a"}, {"message_id": 1}),
    *([{"type": "photo", "media": "x"}], {"type": "photo", "media": 5}, [{"text": "a"}, {"text": 5}], "\ud83d", 10**30),
]
ACT_NAMES = [
    *("user", "chat", "text", "name", "message_id", "button", "options"),
    *("content", "reply_to", "thread", "kind", "link", "entities", "last_name", "update"),
]
QUICK = {"wait": 0.001, "timeout": 0}
JSON = {"content-type": "application/json"}
thorough = settings(max_examples=400, deadline=None, derandomize=True)  # the same nonsense every time


def calls() -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """A method with odd values for some of its parameters."""

    def parameters(method: str) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
        names = f"{METHODS[method].required} {METHODS[method].optional}".split() or ["none"]
        known = {"chat_id": 1001} if "chat_id" in names else {}
        odd = st.dictionaries(st.sampled_from(names), st.sampled_from(ODD), max_size=8)
        return st.tuples(st.just(method), odd.map(lambda values: values if len(values) % 3 == 0 else values | known))

    return st.sampled_from(sorted(METHODS)).flatmap(parameters)


async def check(path: str, parameters: dict[str, Any]) -> None:
    """Posts to an emulator where Ada (1001) has a text with a button and a poll; 1 means the text, 0 the poll."""
    emulator = Emulator()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(emulator.app), base_url="http://emulator") as client:
        await client.post("/sim/message", json={"user": 1001, "text": "hi"})
        for method, body in FIRST.items():
            assert (await client.post(f"/bot{TOKEN}/{method}", json=body)).is_success
        _, text, poll = emulator.world.state.chats[1001].messages
        real = {1: text, 0: poll}
        if "message_id" in parameters and isinstance(parameters["message_id"], int):
            parameters = parameters | {"message_id": real.get(parameters["message_id"], 77)}
        answer = await client.post(path, content=json.dumps(parameters | QUICK), headers=JSON)
    await emulator.aclose()
    assert answer.status_code < 500
    assert answer.json()["ok"] is (answer.status_code == 200)


def raw_updates() -> st.SearchStrategy[dict[str, Any]]:
    """Objects that look like updates here and there, and hold anything."""
    names = st.sampled_from(
        ["message", "callback_query", "from", "chat", "id", "message_id", "date", "text", "update_id", "first_name"]
    )
    values = st.one_of(st.sampled_from(ODD), st.sampled_from(["private", "supergroup", 5, -5, 2**70]))
    return st.dictionaries(
        names, st.recursive(values, lambda inner: st.dictionaries(names, inner, max_size=6), max_leaves=20), max_size=4
    )


@thorough
@given(st.lists(raw_updates(), min_size=1, max_size=4))
async def test_raw_updates(updates: list[dict[str, Any]]) -> None:
    emulator = Emulator()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(emulator.app), base_url="http://emulator") as client:
        for update in updates:
            answer = await client.post("/sim/update", content=json.dumps({"update": update}), headers=JSON)
            assert answer.json()["ok"], answer.text
        fetched = (await client.get(f"/bot{TOKEN}/getUpdates")).json()["result"]
        for given, got in zip(updates, fetched, strict=True):
            assert got == {"update_id": got["update_id"]} | given
        for view in ("people", "chats", "calls", "me?user=5", "chats/5/messages"):
            assert (await client.get(f"/sim/{view}")).json()["ok"]
        for chat in (5, -5):  # those that an update may name
            answer = await client.post(f"/bot{TOKEN}/sendMessage", json={"chat_id": chat, "text": "hi"})
            assert answer.status_code < 500
    await emulator.aclose()


@thorough
@given(calls())
async def test_methods(call: tuple[str, dict[str, Any]]) -> None:
    await check(f"/bot{TOKEN}/{call[0]}", call[1])


@thorough
@given(st.sampled_from(sorted(ACTS)), st.dictionaries(st.sampled_from(ACT_NAMES), st.sampled_from(ODD), max_size=6))
async def test_acts(act: str, parameters: dict[str, Any]) -> None:
    await check(f"/sim/{act}", {"user": 1001} | parameters)
