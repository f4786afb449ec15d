"""`tutor serve` without a runner: the process that chaos tests kill. Its sandbox would cost seconds a start."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot import settings
from bot.commands import service
from bot.ops import logs
from runner import Job, Safety


class NoRunner:
    """Nobody here asks for a run."""

    safety = Safety((), (), untrusted=False)

    async def ready(self) -> Safety:
        return self.safety

    async def run(self, job: Job) -> AsyncIterator[Any]:
        raise AssertionError("a run was asked for")
        yield

    def stop(self, job: Job) -> None:
        """Nothing runs."""

    async def aclose(self) -> None:
        """Nothing to end."""


@asynccontextmanager
async def no_runner(*_: Any, **__: Any) -> AsyncIterator[NoRunner]:
    yield NoRunner()


def fill_and_free(folder: Path) -> None:
    """On SIGUSR1 fill the disk on which the database lies, on SIGUSR2 free it: a disk of a few megabytes that a test
    made for this, never another."""
    ballast = folder / "ballast"

    def fill(*_: Any) -> None:
        disk = os.statvfs(folder)
        if disk.f_frsize * disk.f_blocks > 16_000_000:
            raise AssertionError(f"{folder} is no small disk of its own")
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            for _ in range(4096):
                file.write(b"\0" * 4096)

    signal.signal(signal.SIGUSR1, fill)
    signal.signal(signal.SIGUSR2, lambda *_: ballast.unlink())


if __name__ == "__main__":
    signal.alarm(900)  # a test run that is killed itself leaves nothing behind for long
    chosen = settings.read(port=0)
    fill_and_free(chosen.db.parent)
    logs.configure("text", chosen.secrets)
    service.open_runner = no_runner  # type: ignore[assignment]
    asyncio.run(service.until_stopped(service.service(chosen)))
