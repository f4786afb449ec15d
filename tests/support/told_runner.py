"""A runner that does what a test tells it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from runner import Event, Failed, Job, Reason, Safety


class ToldRunner:
    """A runner whose jobs do just what a test tells them, when it tells them; the real one cannot be timed so."""

    def __init__(self) -> None:
        self.safety = Safety(("told",), (), untrusted=False)
        self.jobs: list[Job] = []
        self.closed: list[Job] = []
        self.tidied = asyncio.Event()
        """A job that is cancelled takes until then to be gone."""
        self.tidied.set()
        self.at_stop = Failed(Reason.CANCELLED, "The run was cancelled.")
        """The last event of a job that is stopped."""
        self._events: asyncio.Queue[Event | Exception | None] = asyncio.Queue()

    async def ready(self) -> Safety:
        return self.safety

    def tell(self, *events: Event | Exception | None) -> None:
        """What happens next in the job that runs; None ends it without a last event."""
        for event in events:
            self._events.put_nowait(event)

    async def run(self, job: Job) -> AsyncGenerator[Event, None]:
        self.jobs.append(job)
        try:
            while (event := await self._events.get()) is not None:
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            await self.tidied.wait()
            self.closed.append(job)

    def stop(self, job: Job) -> None:
        assert job in self.jobs
        self.tell(self.at_stop, None)

    async def aclose(self) -> None:
        """Nothing to end."""
