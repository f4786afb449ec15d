"""A pool that does what a test tells it, for the queue's rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable

from runner import Event, Failed, Finished, Job, Reason, RunnerClosed, Safety, Started

SAFE = Safety(("told",), (), untrusted=True)
CANCELLED = Failed(Reason.CANCELLED, "The run was cancelled.")


class ToldPool:
    """Runs nothing. A job starts at once and ends when the test says so."""

    def __init__(self, slots: int = 1) -> None:
        self.safety = SAFE
        self.tested = asyncio.Event()
        self.tested.set()
        self.running: list[Job] = []
        """Jobs that hold a slot, by their start."""
        self.started: list[Job] = []
        """All jobs that were ever executed."""
        self.most = 0
        """The largest number of jobs at once."""
        self.closed = False
        self.gone = asyncio.Event()
        """A job that is closed takes until then to be gone."""
        self.gone.set()
        self._slots = slots
        self._told: dict[int, asyncio.Queue[Event | Exception | None]] = {}
        self._changed: Callable[[], None] = lambda: None
        self.hopeless: Callable[[str], None] = lambda why: None

    @property
    def slots(self) -> int:
        return self._slots

    def now_has(self, slots: int) -> None:
        """Gain or lose slots."""
        self._slots = slots
        self._changed()

    def listen(self, changed: Callable[[], None], hopeless: Callable[[str], None]) -> None:
        self._changed, self.hopeless = changed, hopeless

    async def ready(self) -> Safety:
        await self.tested.wait()
        return self.safety

    def tell(self, job: Job, event: Event | Exception | None) -> None:
        """What happens next in this job; None ends it without a last event."""
        self._told[id(job)].put_nowait(event)

    def finish(self, job: Job) -> None:
        self.tell(job, Finished(1.0))

    async def execute(self, job: Job) -> AsyncGenerator[Event, None]:
        if self.closed:
            raise RunnerClosed("the pool is closed")
        self.started.append(job)
        self.running.append(job)
        self.most = max(self.most, len(self.running))
        told = self._told[id(job)] = asyncio.Queue()
        try:
            yield Started(warm=False)
            while (event := await told.get()) is not None:
                if isinstance(event, Exception):
                    raise event
                yield event
                if isinstance(event, Finished | Failed):
                    return
        finally:
            await self.gone.wait()
            self.running.remove(job)

    def stop(self, job: Job) -> None:
        if job in self.running:
            self.tell(job, CANCELLED)

    async def aclose(self) -> None:
        self.closed = True
