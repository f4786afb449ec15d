"""Keeps a sandbox at work: starts it, tests it, replaces it when it is old, odd or dead, and cleans up after it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import bubblewrap, selftest
from .bubblewrap import Plan
from .data_sets import cache_of
from .interfaces import Safety
from .job import Limits
from .sandbox import Sandbox, SandboxFailed

TRIES = 3
"""Failed starts in a row before the jobs in line are told."""
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Options:
    """Which layers to use, and for how long one sandbox may be used."""

    bubblewrap: bool = True
    namespaces: bool = True
    warm: bool = True
    """Whether a pre-warmed process waits for the next job: half the time to the first epoch, for 100 MB."""
    refill_seconds: float = 1.0
    """After the start of a job, until another warm process is prepared beside it."""
    cells: int = 500
    """Processes forked before the sandbox is replaced."""
    seconds: float = 6 * 3600.0
    datasets: Path | None = None
    """A folder of Keras' data sets, laid out as its cache, that every job may read."""


class Keeper:
    """Has a sandbox ready whenever the machine allows it."""

    def __init__(
        self, places: int, options: Options, changed: Callable[[], None], hopeless: Callable[[str], None]
    ) -> None:
        """`places` cells can live at once.

        `changed` is called when `sandbox` changes, `hopeless` when it cannot be started.
        """
        self.sandbox: Sandbox | None = None
        """The one to fork from; None while there is none."""
        self.safety: Safety = selftest.UNTESTED
        self.tested = asyncio.Event()
        self._places = places
        self._options = options
        self._changed = changed
        self._hopeless = hopeless
        self._renew = asyncio.Event()
        self._launcher = ThreadPoolExecutor(1, "sandbox-launcher")
        self._retired: set[Sandbox] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._wrapped = options.bubblewrap
        self._without = "switched off" if not options.bubblewrap else ""
        self._task = asyncio.create_task(self._keep())

    def renew(self) -> None:
        """Replace the sandbox; the old one works until the new one is ready, and ends with its last cell."""
        self._renew.set()

    def _cell_ended(self) -> None:
        """The sandbox may be old enough now, a retired one may be empty: of jobs, and of the pre-warmed cell."""
        if self.sandbox is not None and self.sandbox.forked >= self._options.cells:
            self.renew()
        for sandbox in [one for one in self._retired if one.idle]:
            self._retired.remove(sandbox)
            self._go(_ended(sandbox))

    async def close(self) -> None:
        """End every sandbox and remove every temporary file."""
        self._task.cancel()
        await asyncio.wait([self._task])
        self.tested.set()
        for sandbox in (self.sandbox, *self._retired):
            if sandbox is not None:
                await _ended(sandbox)
        self.sandbox = None
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._launcher.shutdown)

    async def _keep(self) -> None:
        failures = 0
        while True:
            try:
                sandbox = await self._started()
            except (SandboxFailed, OSError) as error:  # OSError: no room for its folder, no descriptor for its pipes
                failures += 1
                if failures >= TRIES:
                    self._hopeless(str(error))
                await asyncio.sleep(min(2.0**failures, LONGEST_PAUSE))
                continue
            failures = 0
            self._renew.clear()  # only now: what asked for it meanwhile has it
            old, self.sandbox = self.sandbox, sandbox
            if old is not None:
                self._retired.add(old)
            if not self.tested.is_set():
                self._go(self._test(sandbox))
            self._changed()
            self._cell_ended()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._renew.wait(), self._options.seconds)

    async def _started(self) -> Sandbox:
        """A new sandbox, with bubblewrap where that works. Raises SandboxFailed."""
        if self._wrapped:
            plan = bubblewrap.wrapped(
                self._places, 2 * Limits().file_bytes, self._options.namespaces, cache_of(self._options.datasets)
            )
            try:
                if plan is None:
                    raise SandboxFailed("not installed")
                return await self._start(plan)
            except SandboxFailed as error:
                if self.tested.is_set():
                    raise  # it worked before: never fall back to less
                self._wrapped, self._without = False, str(error)
        return await self._start(self._bare_plan())

    def _bare_plan(self) -> Plan:
        folder = Path(tempfile.mkdtemp(prefix="runner-"))
        work = [folder / f"work-{number}" for number in range(self._places)]
        for place in work:
            place.mkdir(mode=0o700)
        return bubblewrap.bare(
            tuple(map(str, work)), str(folder), self._options.namespaces, cache_of(self._options.datasets)
        )

    async def _start(self, plan: Plan) -> Sandbox:
        sandbox = Sandbox(plan, self._launcher, self._died, self._cell_ended)
        try:
            await sandbox.start()
        except BaseException:
            await _ended(sandbox)
            raise
        return sandbox

    def _died(self, sandbox: Sandbox) -> None:
        if self.sandbox is sandbox:
            self.sandbox = None
            self._changed()
            self.renew()
        self._retired.discard(sandbox)
        self._go(_ended(sandbox))

    async def _test(self, sandbox: Sandbox) -> None:
        with suppress(SandboxFailed):  # it died meanwhile: the next one is tested
            self.safety = await selftest.tested(sandbox, self._without)
            self.tested.set()

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _ended(sandbox: Sandbox) -> None:
    """End it, and remove the folder that it had for itself."""
    await sandbox.close()
    if sandbox.plan.folder:
        await asyncio.to_thread(shutil.rmtree, sandbox.plan.folder, ignore_errors=True)
