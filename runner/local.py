"""LocalRunner: jobs in sandboxes that this process manages. A line, a few slots, and one warm cell that waits."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import images, verdict
from .admission import check
from .frames import Crashed, Done
from .freshness import needs_fresh_process
from .inside.wire import Spec
from .job import (
    Artifact,
    EpochEnded,
    Evaluated,
    Event,
    Failed,
    Finished,
    Job,
    JobRefused,
    Limits,
    Omitted,
    Output,
    Picture,
    Queued,
    Reason,
    RunnerClosed,
    Safety,
    Started,
    Unshown,
)
from .keeper import Keeper, Options
from .line import Line
from .reached import Reached
from .sandbox import Cell, Ended, File, Sandbox
from .verdict import CANCELLED, LINGERED, NEVER_STARTED, Stop

START_SECONDS = 30.0
"""A cell that has not started its script by then never will."""
GOODBYE_SECONDS = 2.0
"""Between a cell's result and the end of its process."""
DRAW_SECONDS = 5.0
"""For the pictures of a job that ended early; they take a tenth of a second where the machine is free."""
REFILL_SECONDS = 1.0
"""After a job's start, until another warm cell is prepared beside it."""
NO_SANDBOX = "The sandbox cannot be started on this machine. This is no fault of the example."


@asynccontextmanager
async def open_runner(*, slots: int | None = None, datasets: Path | None = None) -> AsyncIterator[LocalRunner]:
    """A runner for the length of an `async with`.

    `slots` is how many jobs run at once, by default one for each processor; `datasets` is a folder
    of Keras' data sets that jobs may read. Returns at once: the sandbox starts in the background, and jobs wait for it.
    """
    runner = LocalRunner(slots=slots, options=Options(datasets=datasets))
    try:
        yield runner
    finally:
        await runner.aclose()


@dataclass(eq=False, slots=True)
class Ticket:
    """A job that was taken and has not ended."""

    job: Job
    number: int
    events: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)
    place: int = 0
    """The last place in line that was told."""
    cell: Cell | None = None
    run: asyncio.Task[None] | None = None
    is_read: bool = True
    """False once nobody waits for its events."""


class LocalRunner:
    """Runs jobs on this machine. Make it inside a running event loop, and `aclose` it there."""

    def __init__(self, *, slots: int | None = None, options: Options = Options()) -> None:  # noqa: B008 - frozen
        """`slots` jobs run at once, by default one for each processor.

        `options` leave layers out, as on a machine that has none.
        """
        self._slots = slots or os.cpu_count() or 1
        self._line = Line(self._slots)
        self._tickets: dict[int, Ticket] = {}
        self._untested: set[int] = set()
        """Ids of jobs that wait for the self-test and have not been stopped."""
        self._keeps_warm = options.warm
        self._warm: Cell | None = None
        self._limits = Limits()
        self._closed = False
        places = 2 * self._slots + 4  # for jobs, the warm cell, the self-test, and cells that are about to end
        self._keeper = Keeper(places, options, self._sandbox_changed, self._give_up)

    @property
    def safety(self) -> Safety:
        """What protects the host; `ready` waits until it is known."""
        return self._keeper.safety

    async def ready(self) -> Safety:
        """Wait for the sandbox and its self-test."""
        await self._keeper.tested.wait()
        return self._keeper.safety

    async def run(self, job: Job) -> AsyncGenerator[Event, None]:
        """Queue `job` and yield its events. See `Runner.run`."""
        check(job)
        if not job.trusted and not self._closed:
            if await self._is_stopped_before_the_test(job):
                yield Failed(CANCELLED.reason, CANCELLED.detail)
                return
            if not self.safety.untrusted:
                raise JobRefused("code of a learner may not run here: " + " ".join(self.safety.missing))
        if self._closed:
            raise RunnerClosed("the runner is closed")
        ticket = Ticket(job, self._line.join(job.owner, job.kind))
        self._tickets[ticket.number] = ticket
        try:
            self._tell_places()
            self._dispatch()
            while True:
                event = await ticket.events.get()
                yield event
                if isinstance(event, Finished | Failed):
                    return
        finally:
            await self._dismiss(ticket)

    def stop(self, job: Job) -> None:
        """End a job before its time. See `Runner.stop`."""
        self._untested.discard(id(job))
        for ticket in self._tickets.values():
            if ticket.job is job:
                self._cancel(ticket)

    async def aclose(self) -> None:
        """Cancel everything, end every process, remove every temporary file."""
        self._closed = True
        for ticket in list(self._tickets.values()):
            self._cancel(ticket)
        runs = [ticket.run for ticket in self._tickets.values() if ticket.run is not None]
        await asyncio.gather(*runs, return_exceptions=True)
        await self._keeper.close()

    async def _is_stopped_before_the_test(self, job: Job) -> bool:
        """Wait for the self-test; whether the job was stopped meanwhile."""
        self._untested.add(id(job))
        try:
            await self.ready()
            return id(job) not in self._untested
        finally:
            self._untested.discard(id(job))

    # The line

    def _dispatch(self) -> None:
        """Start whoever may start."""
        sandbox = self._keeper.sandbox
        if sandbox is None or self._closed:
            return
        while (number := self._line.call(time.monotonic())) is not None:
            ticket = self._tickets[number]
            ticket.cell = self._take_cell(sandbox, ticket.job)
            ticket.run = asyncio.create_task(self._conduct(ticket, ticket.cell))
            # Not at once: the new job has its first epoch to show, and warming up would take a processor from it.
            asyncio.get_running_loop().call_later(REFILL_SECONDS, self._refill)
        self._tell_places()

    def _refill(self) -> None:
        """Prepare a warm cell, when nobody waits and a slot is free that it may be wanted for."""
        sandbox = self._keeper.sandbox
        if sandbox is None or self._closed or not self._keeps_warm or self._warm is not None:
            return
        if self._line.idle_slots and not len(self._line) and sandbox.room > self._slots + 1:
            self._warm = sandbox.fork(self._limits, warm=True)

    def _take_cell(self, sandbox: Sandbox, job: Job) -> Cell:
        """The warm cell where it has the right limits and the job may have it, or a new one."""
        limits = job.limits
        if needs_fresh_process(job):
            return sandbox.fork(limits)  # the warm one waits for the next
        warm, self._limits = self._warm, limits
        if warm is None or warm.over or not _locked_alike(warm.limits, limits):
            self._drop_warm()
            return sandbox.fork(limits)
        self._warm, warm.limits = None, limits
        return warm

    def _drop_warm(self) -> None:
        if self._warm is not None:
            self._warm.stop(CANCELLED)
            self._warm = None

    def _sandbox_changed(self) -> None:
        self._drop_warm()
        self._dispatch()
        self._refill()

    def _give_up(self, why: str) -> None:
        """No sandbox can be started: nobody in line is kept waiting."""
        for ticket in self._tickets.values():
            if ticket.cell is None:
                self._line.leave(ticket.number)
                ticket.events.put_nowait(Failed(Reason.LOST, f"{NO_SANDBOX} ({why})"))

    def _tell_places(self) -> None:
        """Tell everyone in line whose place has changed."""
        for number, outlook in self._line.outlooks(time.monotonic()).items():
            ticket = self._tickets[number]
            if outlook.place != ticket.place:
                ticket.place = outlook.place
                expected = None if self._keeper.sandbox is None else outlook.expected_seconds
                ticket.events.put_nowait(Queued(outlook.place, expected))

    def _cancel(self, ticket: Ticket) -> None:
        if ticket.cell is not None:
            ticket.cell.stop(CANCELLED)
        else:
            self._line.leave(ticket.number)
            ticket.events.put_nowait(Failed(CANCELLED.reason, CANCELLED.detail))

    async def _dismiss(self, ticket: Ticket) -> None:
        """The caller is gone, or has its result."""
        ticket.is_read = False
        self._cancel(ticket)
        if ticket.run is not None:
            await asyncio.shield(ticket.run)
        self._tickets.pop(ticket.number, None)
        self._tell_places()

    # One job

    async def _conduct(self, ticket: Ticket, cell: Cell) -> None:
        """Take a job through its cell, from the spec to the last event."""
        job, began = ticket.job, time.monotonic()
        cell.assign(
            Spec(
                job.source,
                job.name,
                job.seed,
                job.makes,
                dict(job.files),
                job.limits.cpu_seconds,
                shows_last_value=not job.trusted,
                judges_own_model=job.trusted,
            )
        )
        told: Done | Crashed | None = None
        reached = Reached()
        with _Deadline(cell) as deadline:
            deadline.set(START_SECONDS, NEVER_STARTED)
            while not isinstance(item := await cell.items.get(), Ended):
                if isinstance(item, Started):
                    began = time.monotonic()
                    deadline.set(job.limits.wall_seconds, verdict.out_of_time(job.limits))
                    ticket.events.put_nowait(item)
                elif isinstance(item, EpochEnded | Evaluated):
                    reached.take(item)
                    ticket.events.put_nowait(item)
                elif isinstance(item, str):
                    ticket.events.put_nowait(Output(item))
                else:
                    told = told or item
                    deadline.set(GOODBYE_SECONDS, LINGERED)
        seconds = time.monotonic() - began
        last = await self._result(ticket, cell, told, item, seconds)
        if isinstance(last, Finished):
            self._line.measured(job.kind, seconds)
        else:
            last = replace(last, pictures=await self._drawn(ticket, reached, last.pictures) + last.pictures)
        self._line.leave(ticket.number)
        ticket.events.put_nowait(last)
        if isinstance(last, Failed) and last.reason is Reason.LOST:
            self._keeper.renew()
        self._dispatch()
        self._refill()

    async def _result(
        self, ticket: Ticket, cell: Cell, told: Done | Crashed | None, end: Ended, seconds: float
    ) -> Finished | Failed:
        job, output = ticket.job, cell.transcript.text()
        pictures, artifacts, broken = await asyncio.to_thread(_read_files, end.files)
        omitted = (*end.omitted, *broken)
        failure = verdict.judged(told, cell.stopped, end.exit, job.limits, output)
        if failure is not None:
            return Failed(
                failure.reason, failure.detail, seconds, output, failure.line, omitted, pictures, failure.hint
            )
        assert isinstance(told, Done)
        return Finished(min(told.seconds, seconds), pictures, artifacts, output, omitted)

    async def _drawn(self, ticket: Ticket, reached: Reached, there: tuple[Picture, ...]) -> tuple[Picture, ...]:
        """The runner's own pictures of a job that ended early, but those that are there.

        A cell of their own draws them, whatever the end was: the job's may have been killed, or have no memory left.
        """
        sandbox, drawing = self._keeper.sandbox, reached.drawing()
        if sandbox is None or drawing is None or not ticket.is_read or self._closed:
            return ()
        ticket.cell = cell = sandbox.fork(Limits())
        cell.assign(Spec(drawing=drawing))
        with _Deadline(cell) as deadline:
            deadline.set(DRAW_SECONDS, NEVER_STARTED)
            while not isinstance(item := await cell.items.get(), Ended):
                pass
        drawn, _, _ = await asyncio.to_thread(_read_files, item.files)
        return tuple(one for one in drawn if one.name not in [other.name for other in there])


class _Deadline:
    """Ends a cell when its time is up; one time at once."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> _Deadline:
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def set(self, seconds: float, why: Stop) -> None:
        self._clear()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._cell.stop, why)

    def _clear(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def _locked_alike(one: Limits, other: Limits) -> bool:
    """Whether a cell locked with one can run a job with the other.

    Wall time and printed text are the host's to watch.
    """
    return one == replace(other, wall_seconds=one.wall_seconds, output_bytes=one.output_bytes)


def _read_files(
    files: tuple[File, ...],
) -> tuple[tuple[Picture, ...], tuple[Artifact, ...], tuple[Omitted, ...]]:
    """Read and close what a dead cell left behind: pictures, files, and pictures that are none. Blocks."""
    pictures, artifacts, broken = [], [], []
    for file in files:
        with open(file.descriptor, "rb") as source:
            data = source.read()
        if file.kind == "made":
            artifacts.append(Artifact(file.name, data))
        elif (shape := images.shape(data)) is not None:
            pictures.append(Picture(file.name, data, shape.width, shape.height, str(shape.format)))
        elif file.kind == "picture":
            broken.append(Omitted(file.name, Unshown.BROKEN))
    return tuple(pictures), tuple(artifacts), tuple(broken)
