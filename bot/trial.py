"""`tutor try`: emulator, bot and runner in one process, for a first look."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click
import uvicorn

from bot import settings
from bot.app import build, running
from bot.emulator import Emulator, Person
from bot.service import stop_signal
from bot.store import Store
from runner import LocalRunner, open_runner

FOLDER = Path(".tutor")
TOKEN = "1:emulated-needs-no-secret"  # noqa: S105  any token does for the emulator
BOT_NAME, BOT_USERNAME = "Keras Tutor", "keras_tutor_bot"


def database(fresh: bool) -> Path:
    """Where tries are kept; emptied when `fresh`."""
    FOLDER.mkdir(exist_ok=True)
    if fresh:
        for file in FOLDER.glob("try.db*"):
            file.unlink()
    return FOLDER / "try.db"


async def trial(port: int, db: Path) -> None:
    """Serve the chat page on `port` until a signal. Raises OSError naming the port when it is taken, and
    BadSettings."""
    listener = listen(port)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    chosen = settings.read(token=TOKEN, base_url=address, db=db)
    stopped = stop_signal()
    emulator = Emulator(BOT_NAME, BOT_USERNAME, met=await known(db))
    async with serving(emulator, listener), open_runner("local", slots=chosen.slots) as runner:
        app, services = build(chosen, runner)
        async with running(app, services):
            click.echo(
                f"\n  The chat page:  {address}\n\n  Ctrl-C ends it. Progress is kept in {db}; --fresh begins anew.\n"
            )
            announcing = asyncio.create_task(announce_safety(runner))
            await stopped.wait()
            announcing.cancel()


def listen(port: int) -> socket.socket:
    """A listening socket on loopback, bound before anything starts, so that a taken port is one clear line."""
    # asyncio sees that it is TCP, and switches Nagle off: with it, each exchange waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()  # from now on a connection waits for the server instead of failing
    except OSError as error:
        listener.close()
        raise OSError(f"port {port} cannot be used ({error.strerror}); choose another with --port") from None
    return listener


async def known(db: Path) -> list[Person]:
    """Learners of earlier tries: a new emulator must let the bot write to them first."""
    store = Store(db)
    try:
        learners = await store.read(lambda tables: tables.learners.all())
    finally:
        store.close()
    return [Person(learner.id, learner.name, learner.username or "", learner.language or "en") for learner in learners]


@asynccontextmanager
async def serving(emulator: Emulator, listener: socket.socket) -> AsyncIterator[None]:
    """The emulator on a bound socket. Signals stay with the bot."""
    config = uvicorn.Config(emulator.app, log_level="warning", lifespan="off", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        await emulator.aclose()
        server.should_exit = True
        await task


async def announce_safety(runner: LocalRunner) -> None:
    """Say in a line each which layers of the sandbox are missing, once its self-test knows."""
    for line in (await runner.ready()).missing:
        click.echo(f"  Sandbox: {line}")
