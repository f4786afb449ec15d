"""The queue: jobs wait here in a fair order, and hear their place and expected wait, until the pool has a free slot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from .admission import check, permit
from .durations import Durations
from .events import Event, Failed, Finished, Queued, Reason
from .interfaces import Pool, Safety
from .job import Job, RunnerClosed
from .line import Line
from .verdict import CANCELLED, LOST


@dataclass(eq=False, slots=True)
class Ticket:
    """A job between its arrival and its end."""

    job: Job
    number: int
    events: asyncio.Queue[Event | Exception] = field(default_factory=asyncio.Queue)
    """What its reader has not read yet; an exception is raised there."""
    place: int = 0
    """The last place that was told; 0 before the first."""
    execution: asyncio.Task[None] | None = None
    """Reads the pool's events; None while the job waits."""
    executing: bool = False
    """True from the moment that the pool has the job."""


class Queue:
    """A `Runner` over any pool. Never gives the pool more jobs than it has slots.

    Make it inside a running event loop, and `aclose` it there: that closes the pool, too.
    """

    def __init__(self, pool: Pool, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells seconds, from any origin."""
        self._pool = pool
        self._clock = clock
        self._durations = Durations()
        self._line = Line(self._durations, pool.slots)
        self._tickets: dict[int, Ticket] = {}
        self._untested: set[int] = set()
        """Ids of jobs that wait for the self-test and have not been stopped."""
        self._closed = False
        pool.listen(self._dispatch, self._give_up)

    @property
    def safety(self) -> Safety:
        """The pool's safety. See `Runner.safety`."""
        return self._pool.safety

    async def ready(self) -> Safety:
        """Wait for the pool's self-test."""
        return await self._pool.ready()

    async def run(self, job: Job) -> AsyncGenerator[Event, None]:
        """Queue `job` and yield its events. See `Runner.run`."""
        check(job)
        if not job.trusted and not self._closed and await self._is_stopped_before_the_test(job):
            yield Failed(CANCELLED.reason, CANCELLED.detail)
            return
        if self._closed:
            raise RunnerClosed("the runner is closed")
        permit(job, self.safety)
        ticket = Ticket(job, self._line.join(job.owner, job.kind))
        self._tickets[ticket.number] = ticket
        try:
            self._tell_places()
            self._dispatch()
            while True:
                event = await ticket.events.get()
                if isinstance(event, Exception):
                    raise event
                yield event
                if isinstance(event, Finished | Failed):
                    return
        finally:
            await self._dismiss(ticket)

    def stop(self, job: Job) -> None:
        """End a job before its time. See `Runner.stop`."""
        self._untested.discard(id(job))
        for ticket in list(self._tickets.values()):
            if ticket.job is job:
                self._cancel(ticket)

    async def aclose(self) -> None:
        """Cancel everything and close the pool."""
        self._closed = True
        executions = [one.execution for one in self._tickets.values() if one.execution is not None]
        for ticket in list(self._tickets.values()):
            self._cancel(ticket)
        await asyncio.gather(*executions, return_exceptions=True)
        await self._pool.aclose()

    async def _is_stopped_before_the_test(self, job: Job) -> bool:
        """Wait for the self-test; returns whether the job was stopped meanwhile."""
        self._untested.add(id(job))
        try:
            await self.ready()
            return id(job) not in self._untested
        finally:
            self._untested.discard(id(job))

    def _dispatch(self) -> None:
        """Give the pool as many jobs as it has free slots, and tell the others their places."""
        if self._closed:
            return
        self._line.slots = self._pool.slots
        while (number := self._line.call(self._clock())) is not None:
            ticket = self._tickets[number]
            ticket.execution = asyncio.create_task(self._execute(ticket))
        self._tell_places()

    def _tell_places(self) -> None:
        """Tell every waiting job whose place has changed."""
        for number, outlook in self._line.outlooks(self._clock()).items():
            ticket = self._tickets[number]
            if outlook.place != ticket.place:
                ticket.place = outlook.place
                ticket.events.put_nowait(Queued(outlook.place, outlook.expected_seconds))

    async def _execute(self, ticket: Ticket) -> None:
        """Pass the pool's events on. The slot counts as taken until the pool's generator has ended."""
        ticket.executing, began = True, self._clock()
        last: Event | Exception = Failed(LOST.reason, LOST.detail)
        try:
            async with aclosing(self._pool.execute(ticket.job)) as events:
                async for event in events:
                    if isinstance(event, Finished | Failed):
                        last = event
                    else:
                        ticket.events.put_nowait(event)
        except Exception as error:  # the pool's own failure: this job's reader hears of it, nobody else
            last = error
        finally:
            if isinstance(last, Finished):
                self._durations.measured(ticket.job.kind, self._clock() - began)
            self._line.leave(ticket.number)
            ticket.events.put_nowait(last)
            self._dispatch()

    def _cancel(self, ticket: Ticket) -> None:
        """End the job; its last event follows."""
        if ticket.executing:
            self._pool.stop(ticket.job)
            return
        self._leave(ticket)
        ticket.events.put_nowait(Failed(CANCELLED.reason, CANCELLED.detail))

    def _leave(self, ticket: Ticket) -> None:
        """Take back a job that the pool does not have yet."""
        if ticket.execution is not None:
            ticket.execution.cancel()
        self._line.leave(ticket.number)
        self._dispatch()

    def _give_up(self, why: str) -> None:
        """The pool cannot run jobs: nobody is kept waiting for it."""
        for ticket in self._tickets.values():
            if ticket.execution is None:
                self._line.leave(ticket.number)
                ticket.events.put_nowait(Failed(Reason.LOST, why))

    async def _dismiss(self, ticket: Ticket) -> None:
        """The reader has the last event, or is gone: then the job ends with nobody to tell."""
        try:
            if not ticket.executing:
                self._leave(ticket)
            elif ticket.execution is not None:
                ticket.execution.cancel()
                await asyncio.wait([ticket.execution])  # not the task itself: a second cancellation must not reach it
        finally:
            self._tickets.pop(ticket.number, None)
