"""One job in its cell, from the spec to the last event."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace

from . import files, verdict
from .cell import Cell, Ended
from .events import EpochEnded, Evaluated, Event, Failed, Finished, Output, Picture, Started
from .frames import Crashed, Done
from .inside.wire import Spec
from .job import Job, Limits
from .reached import Reached
from .sandbox import Sandbox
from .verdict import CANCELLED, LINGERED, NEVER_STARTED, Stop

START_SECONDS = 30.0
"""A cell that has not started its script by then never will."""
GOODBYE_SECONDS = 2.0
"""Between a cell's result and the end of its process."""
DRAW_SECONDS = 5.0
"""For the pictures of a job that ended early; they take a tenth of a second on a quiet machine."""


class Execution:
    """Runs one job in a cell that is its own."""

    def __init__(self, job: Job, cell: Cell, for_drawing: Callable[[], Sandbox | None]) -> None:
        """`for_drawing` gives the sandbox that can draw the pictures of a job that ended early, if there is one."""
        self.job = job
        self._cell = cell
        """The cell at work: the job's own, then perhaps one that draws."""
        self._for_drawing = for_drawing

    def stop(self) -> None:
        """End the job; its last event follows."""
        self._cell.stop(CANCELLED)

    async def events(self) -> AsyncGenerator[Event, None]:
        """Yield the job's events. Closing the generator ends the cell and waits until it has ended."""
        job, cell, began = self.job, self._cell, time.monotonic()
        told: Done | Crashed | None = None
        end: Ended | None = None
        reached = Reached()
        try:
            with Deadline(cell) as deadline:
                cell.assign(_spec(job))
                deadline.set(START_SECONDS, NEVER_STARTED)
                while end is None:
                    match await cell.items.get():
                        case Ended() as end:
                            pass
                        case Started() as event:
                            began = time.monotonic()
                            deadline.set(job.limits.wall_seconds, verdict.out_of_time(job.limits))
                            yield event
                        case EpochEnded() | Evaluated() as event:
                            reached.take(event)
                            yield event
                        case str(text):
                            yield Output(text)
                        case result:
                            told = told or result
                            deadline.set(GOODBYE_SECONDS, LINGERED)
        finally:
            if end is None:  # nobody reads on
                await _ended(cell)
        last = await self._result(told, end, time.monotonic() - began)
        if isinstance(last, Failed):
            last = replace(last, pictures=await self._drawn(reached, last.pictures) + last.pictures)
        yield last

    async def _result(self, told: Done | Crashed | None, end: Ended, seconds: float) -> Finished | Failed:
        job, output = self.job, self._cell.transcript.text()
        left = await asyncio.to_thread(files.read, end.files)
        omitted = (*end.omitted, *left.broken)
        failure = verdict.judged(told, self._cell.stopped, end.exit, job.limits, output)
        if failure is None:
            assert isinstance(told, Done)
            return Finished(min(told.seconds, seconds), left.pictures, left.artifacts, output, omitted)
        return Failed(
            failure.reason,
            failure.detail,
            seconds,
            output,
            line=failure.line,
            omitted=omitted,
            pictures=left.pictures,
            hint=failure.hint,
        )

    async def _drawn(self, reached: Reached, there: tuple[Picture, ...]) -> tuple[Picture, ...]:
        """The runner's own pictures of a job that ended early, except those that are there.

        Another cell draws them, whatever the end was: the job's own may have been killed, or have no memory left.
        """
        sandbox, drawing = self._for_drawing(), reached.drawing()
        if sandbox is None or drawing is None:
            return ()
        self._cell = cell = sandbox.fork(Limits())
        end: Ended | None = None
        try:
            with Deadline(cell) as deadline:
                cell.assign(Spec(drawing=drawing))
                deadline.set(DRAW_SECONDS, NEVER_STARTED)
                end = await _end_of(cell)
        finally:
            if end is None:
                await _ended(cell)
        drawn = (await asyncio.to_thread(files.read, end.files)).pictures
        return tuple(one for one in drawn if one.name not in [other.name for other in there])


class Deadline:
    """Ends a cell when its time is up; one time at once."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Deadline:
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def set(self, seconds: float, why: Stop) -> None:
        self._clear()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._cell.stop, why)

    def _clear(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def _spec(job: Job) -> Spec:
    """What the cell is told of the job."""
    return Spec(
        job.source,
        job.name,
        job.seed,
        job.makes,
        dict(job.files),
        job.limits.cpu_seconds,
        shows_last_value=not job.trusted,
        judges_own_model=job.trusted,
    )


async def _end_of(cell: Cell) -> Ended:
    """Wait for the end of a cell, whatever it tells until then."""
    while not isinstance(item := await cell.items.get(), Ended):
        pass
    return item


async def _ended(cell: Cell) -> None:
    """End a cell that nobody needs any more, and throw away what it left."""
    cell.stop(CANCELLED)
    for file in (await _end_of(cell)).files:
        os.close(file.descriptor)
