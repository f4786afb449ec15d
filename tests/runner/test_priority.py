"""Jobs use what is left of the processors; the chat goes first."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from runner import Job, LocalRunner, Output
from runner.inside.lockdown import NICE

from .conftest import descendants

pytestmark = pytest.mark.usefixtures("at_rest")


def niceness(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[16])


async def test_a_running_job_stands_back_behind_the_host(runner: LocalRunner) -> None:
    async with aclosing(runner.run(Job("print('here')\nwhile True: pass"))) as events:
        async for event in events:
            if isinstance(event, Output):
                break
        await asyncio.sleep(0)
        assert max(niceness(pid) for pid in descendants()) == NICE
