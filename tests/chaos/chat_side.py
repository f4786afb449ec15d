"""`tutor serve` without a runner: the process that chaos tests kill. Its sandbox would cost seconds a start."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot import logs, service, settings
from runner import Job, Safety


class NoRunner:
    """Nobody here asks for a run."""

    safety = Safety((), (), untrusted=False)

    async def ready(self) -> Safety:
        return self.safety

    async def run(self, job: Job) -> AsyncIterator[Any]:
        raise AssertionError("a run was asked for")
        yield

    async def aclose(self) -> None:
        """Nothing to end."""


@asynccontextmanager
async def no_runner(*_: Any, **__: Any) -> AsyncIterator[NoRunner]:
    yield NoRunner()


if __name__ == "__main__":
    signal.alarm(900)  # a test run that is killed itself leaves nothing behind for long
    chosen = settings.read(port=0)
    logs.configure("text", chosen.secrets)
    service.open_runner = no_runner  # type: ignore[assignment]
    asyncio.run(service.until_stopped(service.service(chosen)))
