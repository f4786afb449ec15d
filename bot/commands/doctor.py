"""`tutor doctor`: looks at all that the bot needs, and says what to do about what is missing."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib import metadata

import click
import httpx
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.ops import logs
from bot.settings import Settings
from bot.store import upkeep
from runner import open_runner

TELEGRAM = "https://api.telegram.org"
PATIENCE = 10.0
"""Seconds for a call over the network."""
SELF_TEST_SECONDS = 90.0
LEAST_FREE = 1_000_000_000
"""Bytes on the database's disk below which it is time to act."""
PACKAGES = ("python-telegram-bot", "sqlite-utils", "tensorflow")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`well` is False for what needs doing; then `text` says what."""

    about: str
    well: bool
    text: str


async def examine(settings: Settings) -> int:
    """Print a line for each finding as it comes; returns the exit status: 0 when all is well, else 1."""
    status = 0
    async for finding in findings(settings):
        mark = click.style("ok ", fg="green") if finding.well else click.style("DO ", fg="red")
        click.echo(logs.redacted(f"{mark} {finding.about:<9} {finding.text}", settings.secrets))
        status |= not finding.well
    return status


async def findings(settings: Settings) -> AsyncIterator[Diagnosis]:
    yield versions()
    yield await network(settings)
    for finding in await telegram(settings):
        yield finding
    for finding in await asyncio.to_thread(database, settings):
        yield finding
    for finding in await sandbox():
        yield finding


def versions() -> Diagnosis:
    """TensorFlow is read from its package's record: importing it takes seconds, and the bot never does."""
    found = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            found.append(f"no {package}")
    well = sys.version_info >= (3, 11) and sqlite3.sqlite_version_info >= (3, 37)
    return Diagnosis("versions", well, ", ".join(found) + ("" if well else ": Python 3.11 and SQLite 3.37 are needed"))


async def network(settings: Settings) -> Diagnosis:
    """Any answer will do: it shows that the address can be reached."""
    where = settings.base_url or TELEGRAM
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            await client.get(where)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        why = str(error) or type(error).__name__
        return Diagnosis(
            "network", False, f"{where} cannot be reached ({why}): check network, proxy and TUTOR_BASE_URL"
        )
    return Diagnosis("network", True, f"{where} answers")


async def telegram(settings: Settings) -> list[Diagnosis]:
    """The token, and whether updates come by the way that the settings name."""
    if settings.token is None:
        return [Diagnosis("token", False, "TUTOR_TOKEN is not set: BotFather (https://t.me/BotFather) gives one out")]
    token, base = settings.token.get_secret_value(), settings.base_url or TELEGRAM
    bot = Bot(token, base_url=f"{base}/bot")
    try:
        async with bot:
            info = await bot.get_webhook_info()
    except InvalidToken:
        return [Diagnosis("token", False, "Telegram does not know TUTOR_TOKEN: copy it again from BotFather")]
    except TelegramError as error:
        return [Diagnosis("token", False, f"it could not be tried ({error}): see network")]
    found = [Diagnosis("token", True, f"of @{bot.username}, {bot.first_name}")]
    if info.url == (settings.webhook_url or ""):
        trouble = f"; Telegram's last error there: {info.last_error_message}" if info.last_error_message else ""
        found.append(Diagnosis("updates", not trouble, f"by {'webhook' if info.url else 'polling'}{trouble}"))
    else:
        there = f"a webhook is set at {info.url}" if info.url else "no webhook is set"
        found.append(Diagnosis("updates", True, f"{there}; `tutor serve` will change that"))
    return found


def database(settings: Settings) -> list[Diagnosis]:
    db = settings.db.absolute()
    if not db.parent.is_dir():
        return [Diagnosis("database", False, f"the folder {db.parent} does not exist: make it, or set TUTOR_DB")]
    return [_file(settings), _disk(settings)]


def _file(settings: Settings) -> Diagnosis:
    db = settings.db.absolute()
    if not db.exists():
        return Diagnosis("database", True, f"{db} is not there yet: `tutor serve` makes it")
    try:
        faults, pending = upkeep.faults(db), upkeep.pending(db)
    except sqlite3.Error as error:
        return Diagnosis(
            "database", False, f"{db} cannot be read ({error}): check the path and its owner, or restore it"
        )
    if faults:
        return Diagnosis("database", False, f"{db} is damaged ({'; '.join(faults)}): restore the last backup")
    schema = f"the next start will migrate it ({', '.join(pending)})" if pending else "its schema is up to date"
    return Diagnosis("database", True, f"{db} is sound; {schema}")


def _disk(settings: Settings) -> Diagnosis:
    free = shutil.disk_usage(settings.db.absolute().parent).free
    if free < LEAST_FREE:
        return Diagnosis("disk", False, f"{free / 1e9:.1f} GB are free for the database: make room for at least 1 GB")
    return Diagnosis("disk", True, f"{free / 1e9:.1f} GB are free for the database")


async def sandbox() -> list[Diagnosis]:
    """The layers that the self-test finds; takes some seconds."""
    try:
        async with open_runner(slots=1) as runner, asyncio.timeout(SELF_TEST_SECONDS):
            safety = await runner.ready()
    except TimeoutError:
        return [
            Diagnosis(
                "sandbox", False, "it does not start: is TensorFlow installed (pip install '.[runner]')? Try make try"
            )
        ]
    layers = [Diagnosis("sandbox", True, "layers: " + ", ".join(safety.layers))] if safety.layers else []
    return [*layers, *(Diagnosis("sandbox", False, line) for line in safety.missing)]
