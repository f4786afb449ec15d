"""The commands as an operator runs them: processes of their own, and signals."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bot.ops.serving import listen
from tests.support.house import ADA, SECRET, TOKEN, Process
from tests.support.served import Served
from tests.support.waiting import eventually

Start = Callable[..., Process]


async def test_a_service_from_start_to_end(emulated: Served, tutor: Start, tmp_path: Path) -> None:
    """By webhook, with a JSON log: it answers, is healthy, can be copied, ends in order, and keeps its secrets."""
    with listen("127.0.0.1", 0, "-") as probe:
        port = probe.getsockname()[1]
    hook = f"http://127.0.0.1:{port}/hook"
    serving = tutor("serve", token=TOKEN, base_url=emulated.address, port=str(port), log="json", webhook_url=hook,
                    webhook_secret=SECRET)  # fmt: skip
    pages = await serving.pages()
    await emulated.says("/help")
    await eventually(lambda: serving.running.poll() is not None or answered(emulated))
    async with httpx.AsyncClient(base_url=pages) as http:
        health = await http.get("/healthz")
        assert (health.status_code, health.json()["status"]) == (200, "ok")
        assert 'tutor_updates_total{kind="message"} 1.0' in (await http.get("/metrics")).text
    copying = tutor("backup", "copy.db")
    assert await copying.ended() == 0, copying.log
    assert "the copy is sound" in copying.log
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("select name from learners").fetchall() == [("Ada",)]
    serving.running.terminate()
    assert await serving.ended() == 0, serving.log
    lines = [json.loads(line) for line in serving.log.splitlines()]
    assert any("serving as @tutor_bot" in line["message"] for line in lines)
    assert TOKEN not in serving.log
    assert SECRET not in serving.log
    assert emulated.emulator.world.updates.webhook is not None, "Telegram keeps what comes until the next start"


async def answered(emulated: Served) -> bool:
    return any(message["from"]["is_bot"] for message in await emulated.chat(ADA))


async def test_a_second_service_takes_over_and_the_first_says_so_and_fails(
    emulated: Served, tutor: Start, tmp_path: Path
) -> None:
    given = {"token": TOKEN, "base_url": emulated.address, "port": "0"}
    first = tutor("serve", **given, db="first.db")
    await first.pages()
    await eventually(lambda: emulated.emulator.world.updates.polled)
    second = tutor("serve", **given, db="second.db")
    assert await first.ended() == 1
    said = [line for line in first.log.splitlines() if "@tutor_bot is already served by another process" in line]
    assert len(said) == 1, first.log
    assert "Traceback" not in first.log
    await second.pages()
    await emulated.says("/help")
    await eventually(lambda: answered(emulated))
    assert second.running.poll() is None
    second.running.terminate()
    assert await second.ended() == 0, second.log


async def test_a_token_that_telegram_refuses_is_one_clear_line(emulated: Served, tutor: Start) -> None:
    await emulated.act("fault", kind="error", method="getMe", status=401)
    serving = tutor("serve", token=TOKEN, base_url=emulated.address, port="0")
    assert await serving.ended() == 1
    assert "Error: Telegram refuses: The token `(hidden)` was rejected by the server." in serving.log
    assert "Traceback" not in serving.log
    assert TOKEN not in serving.log


@pytest.mark.parametrize(
    ("arguments", "variables", "status", "said"),
    [
        (["serve"], {}, 2, "TUTOR_TOKEN is not set"),
        (["serve"], {"token": TOKEN, "webhook_url": "https://a.org/b"}, 2, "TUTOR_WEBHOOK_SECRET=(hidden): expected"),
        (["backup", "copy.db"], {"db": "none.db"}, 1, "there is no database at"),
    ],
)
async def test_what_cannot_work_is_said_at_once(
    tutor: Start, arguments: list[str], variables: dict[str, str], status: int, said: str
) -> None:
    process = tutor(*arguments, **variables)
    assert await process.ended() == status
    assert said in process.log
    assert "Traceback" not in process.log


async def test_a_taken_port_is_named(tutor: Start) -> None:
    with listen("127.0.0.1", 0, "-") as taken:
        port = taken.getsockname()[1]
        process = tutor("serve", token=TOKEN, port=str(port))
        assert await process.ended() == 1
    assert f"port {port} of 127.0.0.1 cannot be used" in process.log
    assert "choose another with TUTOR_PORT" in process.log


async def test_doctor_works_without_a_token(emulated: Served, tutor: Start) -> None:
    process = tutor("doctor", base_url=emulated.address)
    assert await process.ended() == 1
    lines = {line.split()[1]: line for line in process.log.splitlines()}
    assert list(lines) == ["versions", "network", "token", "database", "disk", "sandbox"]
    assert lines["token"].startswith("DO  token     TUTOR_TOKEN is not set: BotFather")
    assert lines["sandbox"].startswith("ok  sandbox   layers: ")
