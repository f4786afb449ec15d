"""Trouble on purpose, and Telegram's own limits on sending."""

from __future__ import annotations

import time
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.emulator import Emulator
from tests.support.served import Served


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # PTB warns of its own type change
async def test_a_flood_tells_how_long_to_wait(served: Served, bot: Bot) -> None:
    await served.act("fault", kind="flood", method="sendMessage", retry_after=7, count=2)
    for _ in range(2):
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(1001, "x")
        assert caught.value._retry_after.total_seconds() == 7
    assert (await bot.send_message(1001, "x")).text == "x"
    assert (await served.calls())[-2]["answer"] == {
        "ok": False, "error_code": 429, "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }  # fmt: skip


async def test_server_errors(served: Served, bot: Bot) -> None:
    await served.act("fault", kind="error", status=502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(1001, "x")
    assert len(await served.chat()) == 1


async def test_a_dropped_connection_loses_the_call_or_only_the_answer(served: Served, bot: Bot) -> None:
    await served.act("fault", kind="drop")
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "never done")
    await served.act("fault", kind="drop", answer_only=True)
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "done")
    assert [message["text"] for message in await served.chat()] == ["/start", "done"]


async def test_a_delay(served: Served, bot: Bot) -> None:
    await served.act("fault", kind="delay", seconds=0.2)
    began = time.monotonic()
    await bot.send_message(1001, "x")
    assert time.monotonic() - began >= 0.2


async def test_a_fault_hits_only_its_method_and_chat(served: Served, bot: Bot) -> None:
    await served.says("hi", user=1002)
    await served.act("fault", kind="error", method="sendMessage", chat=1002)
    await bot.send_message(1001, "x")
    await bot.send_chat_action(1002, "typing")
    with pytest.raises(NetworkError):
        await bot.send_message(1002, "x")


async def test_an_error_has_telegrams_words(served: Served, bot: Bot) -> None:
    await served.act("fault", kind="error", status=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    with pytest.raises(BadRequest, match=r"(?i)photo_invalid_dimensions"):
        await bot.send_message(1001, "x")


@pytest.mark.parametrize("status", [200, 403, 502])
async def test_a_proxy_answers_with_a_page(served: Served, status: int) -> None:
    await served.act("fault", kind="page", status=status)
    page = await served.http.post("/bot4242:test-token/getMe")
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert page.text.startswith("<html>")


async def test_wrong_faults_are_refused(served: Served) -> None:
    assert "one of delay" in await served.refused("fault", kind="earthquake")
    assert "secs: unknown" in await served.refused("fault", kind="delay", secs=1)


async def test_the_flood_rule_counts_over_a_minute(run_emulator: Any) -> None:
    now = 1_790_000_000.0
    async with run_emulator(Emulator(flood=True, clock=lambda: now)) as served:
        await served.says("hi", chat=-5)
        for _ in range(20):
            now += 0.1
            assert (await served.call("sendMessage", chat_id=-5, text="x"))["ok"]
        refused = await served.call("sendMessage", chat_id=-5, text="x")
        assert (refused["status"], refused["parameters"]) == (429, {"retry_after": 59})
        now += 59
        assert (await served.call("sendMessage", chat_id=-5, text="x"))["ok"]


async def test_the_flood_rule_counts_all_chats_together(run_emulator: Any) -> None:
    async with run_emulator(Emulator(flood=True, clock=lambda: 1_790_000_000.0)) as served:
        for user in range(1, 32):
            await served.says("hi", user=user)
        answers = [await served.call("sendMessage", chat_id=user, text="x") for user in range(1, 32)]
        assert [answer["ok"] for answer in answers] == [True] * 30 + [False]


async def test_closing_ends_polls_and_streams(run_emulator: Any) -> None:
    emulator = Emulator()
    async with run_emulator(emulator) as served, served.http.stream("GET", "/sim/stream") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == ": still here"
        await served.says("hi")
        assert '"type": "new"' in await first_data(lines)
        await emulator.aclose()
        assert [line async for line in lines if line] == []


async def first_data(lines: Any) -> str:
    async for line in lines:
        if line.startswith("data:"):
            return str(line)
    raise AssertionError("the stream ended")
