"""SIGTERM in the middle of everything: the end is quick, and the next start goes on from there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .conftest import Class
from .house import until

AT_ONCE = 10
"""Seconds that an end may take on a busy machine. On an idle one it should be under 3."""


async def test_sigterm_with_a_backlog_is_quick_and_loses_nothing(school: Class, show: Callable[[str], None]) -> None:
    home = school.home
    await home.started()
    for method in ("sendMessage", "answerCallbackQuery"):
        await home.act("fault", kind="delay", seconds=30, method=method, count=4)  # calls that hang at the end
    async with asyncio.TaskGroup() as group:
        for learner in school.learners:
            group.create_task(learner.crowd_in(14))
        counts = "(select count(*) from inbox) > 40 and (select count(*) from outbox) > 10"
        await until(lambda: home.rows(f"select {counts}") == [(1,)], home.tail)
        seconds = await home.terminate()
        ((new, rows),) = home.rows(
            "select (select count(*) from inbox where state = 'new'), (select count(*) from outbox)"
        )
        waiting = len(home.messenger.world.updates)
        assert rows + new + waiting > 0, "there was no backlog"
        await home.started()
    await until(home.idle, home.tail)
    result = await school.reckoned()
    show(
        f"SIGTERM: ended in {seconds:.2f} s with {waiting} updates at the messenger, {new} in the inbox,"
        f" {rows} messages in the outbox; {result}"
    )
    assert not result.lost + result.doubled + result.disordered + result.unreplied
    assert seconds < AT_ONCE
