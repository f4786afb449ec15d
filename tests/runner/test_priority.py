"""Jobs use what is left of the processors; the chat goes first."""

from __future__ import annotations

import os
from contextlib import aclosing
from pathlib import Path

import pytest

from runner import Job, Output, Runner
from runner.inside.lockdown import NICE

from .conftest import descendants

pytestmark = pytest.mark.usefixtures("at_rest")


def niceness(pid: int) -> int | None:
    """How far a process stands back; None for one that has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[16])
    except OSError:
        return None


async def test_a_running_job_stands_back_behind_the_host(runner: Runner) -> None:
    back = min(os.nice(0) + NICE, 19)
    async with aclosing(runner.run(Job("print('here')\nwhile True: pass"))) as events:
        async for event in events:
            if isinstance(event, Output):
                break
        processes = descendants()
        pythons = {pid: parent for pid, (name, parent) in processes.items() if name.startswith("python")}
        zygotes = {niceness(pid) for pid, parent in pythons.items() if parent == "bwrap"}
        cells = {niceness(pid) for pid, parent in pythons.items() if parent.startswith("python")}
        assert zygotes == {os.nice(0)}
        assert back in cells
