"""What a runner is for its callers, and what a pool is for the queue. Interfaces only."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Protocol

from .events import Event
from .job import Job


@dataclass(frozen=True, slots=True)
class Safety:
    """What protects the host, as found by the self-test."""

    layers: tuple[str, ...]
    """Active layers: `bubblewrap`, `namespace`, `landlock`, `seccomp`, `limits`."""
    missing: tuple[str, ...]
    """One line for each missing layer: what is missing, what follows, how to get it."""
    untrusted: bool
    """True when code nobody trusts may run."""
    tested: bool = True
    """False until the self-test has run: a job of a learner's own code then waits for its outcome."""


class Runner(Protocol):
    """Queues and runs jobs. Safe to use from many tasks of one event loop at once."""

    @property
    def safety(self) -> Safety:
        """What protects the host, as far as it is known; nothing does until the self-test is over."""
        ...

    async def ready(self) -> Safety:
        """Wait for the sandbox and its self-test. Jobs need not wait: they queue."""
        ...

    def run(self, job: Job) -> AsyncGenerator[Event, None]:
        """Queue `job` and yield its events, from `Queued` to `Finished` or `Failed`.

        Closing the generator, or cancelling the task that reads it, cancels the job. Raises JobRefused before the first
        event, RunnerClosed after `aclose`.
        """
        ...

    def stop(self, job: Job) -> None:
        """End the very job that was given to `run`, before its time.

        Its last event follows within seconds: `Failed` as `cancelled`, with what the job had reached. Does nothing if
        the job has ended.
        """
        ...

    async def aclose(self) -> None:
        """Cancel everything, end every process, remove every temporary file."""
        ...


class Pool(Protocol):
    """Executes jobs in sandboxes: on this machine, or on others. Knows nothing of owners and places: see `Queue`."""

    @property
    def slots(self) -> int:
        """How many jobs can run at once now; 0 while the pool starts, or cannot run any. May change at any time."""
        ...

    @property
    def safety(self) -> Safety:
        """What protects the hosts, as far as it is known."""
        ...

    def listen(self, changed: Callable[[], None], hopeless: Callable[[str], None]) -> None:
        """Say who hears of changes; one listener. Call this before anything else.

        The pool calls `changed` after every change of `slots`, and `hopeless` with a sentence for the learner when it
        has no slots and waiting for one is of no use.
        """
        ...

    async def ready(self) -> Safety:
        """Wait for the self-test."""
        ...

    def execute(self, job: Job) -> AsyncGenerator[Event, None]:
        """Start `job` at once and yield its events, from `Started` to `Finished` or `Failed`.

        The caller keeps to `slots`; a slot is free again when the generator has ended. Closing the generator, or
        cancelling the task that reads it, ends the job. A job that is lost with its sandbox ends as `Failed`. Raises
        JobRefused for a learner's code unless the self-test is clean, RunnerClosed after `aclose`.
        """
        ...

    def stop(self, job: Job) -> None:
        """End the very job that was given to `execute`; as `Runner.stop`. Does nothing if the job does not run."""
        ...

    async def aclose(self) -> None:
        """End every job as `cancelled` and every process, remove every temporary file."""
        ...
