"""The warm cell: a process that has done TensorFlow's first work already and waits for the next job."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from .cell import Cell
from .freshness import needs_fresh_process
from .job import Job, Limits
from .sandbox import Sandbox
from .verdict import CANCELLED


class WarmCell:
    """Keeps at most one warm cell, and gives jobs their cells."""

    def __init__(self, wanted: Callable[[], Sandbox | None]) -> None:
        """`wanted` gives the sandbox to fork a warm cell from, or None while there should be none."""
        self._wanted = wanted
        self._cell: Cell | None = None
        self._limits = Limits()
        """Those of the last job; the next one probably has the same."""

    def take(self, sandbox: Sandbox, job: Job) -> Cell:
        """A cell for `job`: the warm one if its limits are right and the job may have it, or a new one."""
        limits = job.limits
        if needs_fresh_process(job):
            return sandbox.fork(limits)  # the warm one waits for the next job
        cell, self._limits = self._cell, limits
        if cell is None or cell.over or not _locked_alike(cell.limits, limits):
            self.drop()
            return sandbox.fork(limits)
        self._cell, cell.limits = None, limits
        return cell

    def prepare_in(self, seconds: float) -> None:
        """Fork a warm cell after that time, if it is wanted then."""
        asyncio.get_running_loop().call_later(seconds, self._prepare)

    def drop(self) -> None:
        """End the warm cell, if there is one."""
        if self._cell is not None:
            self._cell.stop(CANCELLED)
            self._cell = None

    def _prepare(self) -> None:
        if self._cell is None and (sandbox := self._wanted()) is not None:
            self._cell = sandbox.fork(self._limits, warm=True)


def _locked_alike(one: Limits, other: Limits) -> bool:
    """Whether a cell locked with one can run a job with the other.

    Wall time and printed text are the host's to watch.
    """
    return one == replace(other, wall_seconds=one.wall_seconds, output_bytes=one.output_bytes)
