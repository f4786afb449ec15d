"""`tutor doctor` says what is missing and what to do. Its sandbox line is tried by the process in test_processes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot import settings
from bot.commands import doctor
from bot.store import Store
from tests.support.house import SECRET, TOKEN
from tests.support.served import Served
from tests.support.stores import damage
from tests.support.waiting import eventually


def given(**values: Any) -> settings.Settings:
    return settings.read(**values)


def test_versions_are_named() -> None:
    found = doctor.versions()
    assert found.well
    for word in ("Python 3.", "SQLite 3.", "python-telegram-bot 22.8", "tensorflow 2."):
        assert word in found.text


async def test_network(emulated: Served) -> None:
    assert (await doctor.network(given(base_url=emulated.address))).well
    found = await doctor.network(given(base_url="http://127.0.0.1:1"))
    assert not found.well
    assert "http://127.0.0.1:1 cannot be reached" in found.text
    assert "check network, proxy and TUTOR_BASE_URL" in found.text


async def test_a_token_that_telegram_knows(emulated: Served) -> None:
    token, updates = await doctor.telegram(given(token=TOKEN, base_url=emulated.address))
    assert (token.well, token.text) == (True, "of @tutor_bot, Tutor")
    assert (updates.well, updates.text) == (True, "by polling")


async def test_a_token_that_telegram_does_not_know(emulated: Served) -> None:
    await emulated.act("fault", kind="error", method="getMe", status=401)
    (found,) = await doctor.telegram(given(token=TOKEN, base_url=emulated.address))
    assert (found.well, found.text) == (False, "Telegram does not know TUTOR_TOKEN: copy it again from BotFather")


async def test_a_missing_token_and_an_address_that_nobody_answers() -> None:
    (found,) = await doctor.telegram(given())
    assert (found.well, found.text[:22]) == (False, "TUTOR_TOKEN is not set")
    (found,) = await doctor.telegram(given(token=TOKEN, base_url="http://127.0.0.1:1"))
    assert not found.well
    assert "see network" in found.text


async def test_a_webhook_that_telegram_cannot_deliver_to(emulated: Served) -> None:
    there = {"webhook_url": "http://127.0.0.1:1/hook", "webhook_secret": SECRET}
    async with emulated.bot() as bot:
        await bot.set_webhook("http://127.0.0.1:1/hook", secret_token=SECRET)
        await emulated.says("hello")
        await eventually(lambda: emulated.emulator.world.updates.last_error)
    found = (await doctor.telegram(given(token=TOKEN, base_url=emulated.address, **there)))[1]
    assert (found.well, found.text) == (
        False,
        "by webhook; Telegram's last error there: Connection failed: ConnectError",
    )
    found = (await doctor.telegram(given(token=TOKEN, base_url=emulated.address)))[1]
    assert "a webhook is set at http://127.0.0.1:1/hook; `tutor serve` will change that" in found.text


def test_a_database_in_every_state(tmp_path: Path) -> None:
    db = tmp_path / "tutor.db"
    assert "is not there yet" in doctor.database(given(db=db))[0].text
    assert not db.exists(), "looking makes no file"
    Store(db).close()
    sound, disk = doctor.database(given(db=db))
    assert (sound.well, sound.text) == (True, f"{db} is sound; its schema is up to date")
    assert disk.text.endswith("GB are free for the database")
    damage(db)
    found = doctor.database(given(db=db))[0]
    assert not found.well
    db.write_text("no database at all" * 100)
    found = doctor.database(given(db=db))[0]
    assert not found.well
    assert "cannot be read" in found.text


def test_an_older_database_will_be_migrated(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "tutor.db")
    db.executescript((Path(__file__).parents[1] / "ops" / "schema_0001.sql").read_text())
    db.close()
    found = doctor.database(given(db=tmp_path / "tutor.db"))[0]
    assert found.well
    assert "the next start will migrate it (0002_operations" in found.text


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (found,) = doctor.database(given(db=tmp_path / "nowhere" / "t.db"))
    assert not found.well
    assert "make it, or set TUTOR_DB" in found.text


def test_a_disk_that_is_nearly_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE", 1 << 62)
    disk = doctor.database(given(db=tmp_path / "t.db"))[1]
    assert not disk.well
    assert "make room" in disk.text
