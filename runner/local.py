"""The pool on this machine: a sandbox that is always ready, a few slots, and one warm cell that waits."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from .admission import permit
from .events import Event, Failed, Reason
from .execution import Execution
from .interfaces import Safety
from .job import Job, RunnerClosed
from .keeper import Keeper, Options
from .sandbox import Sandbox
from .verdict import LOST
from .warm import WarmCell

SETTLED_SECONDS = 0.1
"""After the end of a job, until a warm cell is prepared: by then the slot has its next job, if there is one."""
NO_SANDBOX = "The sandbox cannot be started on this machine. This is no fault of the example. ({why})"


class LocalPool:
    """A `Pool` of sandboxed processes on this machine. Make it inside a running event loop, and `aclose` it there."""

    def __init__(self, *, slots: int | None = None, options: Options = Options()) -> None:  # noqa: B008 - frozen
        """`slots` jobs run at once, by default one for each processor.

        `options` leave layers out, as on a machine that does not have them.
        """
        self._slots = slots or os.cpu_count() or 1
        self._options = options
        self._executions: set[Execution] = set()
        self._warm = WarmCell(self._wants_warm_cell)
        self._closed = False
        self._changed: Callable[[], None] = lambda: None
        self._hopeless: Callable[[str], None] = lambda why: None
        places = 2 * self._slots + 4  # for jobs, the warm cell, the self-test, and cells that are about to end
        self._keeper = Keeper(places, options, self._sandbox_changed, self._give_up)

    @property
    def slots(self) -> int:
        """How many jobs can run at once: none while there is no sandbox."""
        return 0 if self._sandbox() is None else self._slots

    @property
    def safety(self) -> Safety:
        """What protects the host; `ready` waits until it is known."""
        return self._keeper.safety

    def listen(self, changed: Callable[[], None], hopeless: Callable[[str], None]) -> None:
        """Say who hears of changes. See `Pool.listen`."""
        self._changed, self._hopeless = changed, hopeless

    async def ready(self) -> Safety:
        """Wait for the sandbox and its self-test."""
        await self._keeper.tested.wait()
        return self._keeper.safety

    async def execute(self, job: Job) -> AsyncGenerator[Event, None]:
        """Run `job` now and yield its events. See `Pool.execute`."""
        if self._closed:
            raise RunnerClosed("the pool is closed")
        permit(job, self.safety)
        sandbox = self._sandbox()
        if sandbox is None:  # it died after the caller had looked
            yield Failed(LOST.reason, LOST.detail)
            return
        execution = Execution(job, self._warm.take(sandbox, job), self._sandbox)
        self._executions.add(execution)
        # Not at once: the job has its first epoch to show, and warming up would take a processor from it.
        self._warm.prepare_in(self._options.refill_seconds)
        try:
            async with aclosing(execution.events()) as events:
                async for event in events:
                    if isinstance(event, Failed) and event.reason is Reason.LOST:
                        self._keeper.renew()
                    yield event
        finally:
            self._executions.discard(execution)
            self._warm.prepare_in(SETTLED_SECONDS)

    def stop(self, job: Job) -> None:
        """End a job before its time. See `Pool.stop`."""
        for execution in self._executions:
            if execution.job is job:
                execution.stop()

    async def aclose(self) -> None:
        """Cancel everything, end every process, remove every temporary file."""
        self._closed = True
        for execution in self._executions:
            execution.stop()
        await self._keeper.close()

    def _sandbox(self) -> Sandbox | None:
        """The sandbox to fork from, if there is one."""
        return None if self._closed else self._keeper.sandbox

    def _wants_warm_cell(self) -> Sandbox | None:
        """The sandbox to fork a warm cell from, while a slot is free that a job may come for."""
        sandbox = self._sandbox()
        if sandbox is None or not self._options.warm or len(self._executions) >= self._slots:
            return None
        return sandbox if sandbox.room > self._slots + 1 else None

    def _sandbox_changed(self) -> None:
        self._warm.drop()
        self._changed()
        self._warm.prepare_in(SETTLED_SECONDS)

    def _give_up(self, why: str) -> None:
        self._hopeless(NO_SANDBOX.format(why=why))
