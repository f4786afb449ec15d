"""Opens the runner that the bot uses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from .interfaces import Runner
from .job_queue import Queue
from .keeper import Options
from .local import LocalPool


@asynccontextmanager
async def open_runner(*, slots: int | None = None, datasets: Path | None = None) -> AsyncIterator[Runner]:
    """A runner for the length of an `async with`.

    `slots` is how many jobs run at once, by default one for each processor; `datasets` is a folder of Keras' data sets
    that jobs may read. Returns at once: the sandbox starts in the background, and jobs wait for it.
    """
    runner = Queue(LocalPool(slots=slots, options=Options(datasets=datasets)))
    try:
        yield runner
    finally:
        await runner.aclose()
