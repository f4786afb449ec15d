"""`tutor try`: emulator, bot and runner in one process, for a first look."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import click
from starlette.applications import Starlette
from starlette.routing import Mount

from bot import settings
from bot.app import ALLOWED_UPDATES, build, running
from bot.dashboard.site import Dashboard
from bot.emulator import PEOPLE, Emulator, Person
from bot.ops.serving import address, listen, serving
from bot.store import Store
from bot.telegram.polling import polling
from runner import Runner, open_runner

FOLDER = Path(".tutor")
TOKEN = "1:emulated-needs-no-secret"  # noqa: S105  any token does for the emulator
INSTRUCTOR = next(person for person in PEOPLE if person.username == "noether")
"""The instructor, unless TUTOR_INSTRUCTORS names others."""
WELCOME = """
  The chat page:  {page}
  The dashboard:  {page}/dashboard/   ({instructor}, the instructor, gets in with /dashboard)

  Ctrl-C ends it. Progress is kept in {db}; --fresh starts over. `tutor seed` adds a class to look at.
"""
BOT_NAME, BOT_USERNAME = "Keras Tutor", "keras_tutor_bot"


def database(fresh: bool) -> Path:
    """Where tries are kept; emptied when `fresh`."""
    FOLDER.mkdir(exist_ok=True)
    if fresh:
        for file in FOLDER.glob("try.db*"):
            file.unlink()
    return FOLDER / "try.db"


async def trial(port: int, db: Path) -> None:
    """Serve the chat page on `port` until cancelled. Raises OSError naming the port when it is taken."""
    listener = listen("127.0.0.1", port, "--port")
    page = address(listener)
    chosen = settings.read(token=TOKEN, base_url=page, public_url=page, db=db)
    if not chosen.instructors:
        chosen = chosen.model_copy(update={"instructors": frozenset({INSTRUCTOR.id})})
    emulator = Emulator(BOT_NAME, BOT_USERNAME, met=await known(db))
    async with open_runner(slots=chosen.slots, datasets=chosen.datasets) as runner:
        bot, services = build(chosen, runner)
        pages = Dashboard(services)
        async with (
            serving(Starlette(routes=[*pages.routes, Mount("/", emulator.app)]), listener),
            aclosing(emulator),
            aclosing(pages),
            running(bot, services) as inbox,
            polling(bot, inbox, ALLOWED_UPDATES, services.watch) as poll,
        ):
            click.echo(WELCOME.format(page=page, instructor=INSTRUCTOR.name, db=db))
            announcing = asyncio.create_task(announce_safety(runner))
            try:
                await poll
            finally:
                announcing.cancel()


async def known(db: Path) -> list[Person]:
    """Learners of earlier tries: a new emulator must let the bot write to them first."""
    store = Store(db)
    try:
        learners = await store.read(lambda tables: tables.learners.all())
    finally:
        store.close()
    return [Person(learner.id, learner.name, learner.username or "", learner.language or "en") for learner in learners]


async def announce_safety(runner: Runner) -> None:
    """Say in a line each which layers of the sandbox are missing, once its self-test knows."""
    for line in (await runner.ready()).missing:
        click.echo(f"  Sandbox: {line}")
