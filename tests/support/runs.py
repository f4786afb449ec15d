"""Runs of a learner at the desk."""

from __future__ import annotations

from bot.domain.runs import Run, RunState
from bot.store import Tables
from tests.support.desk import ADA, Desk


async def going(desk: Desk, learner: int = ADA) -> Run:
    run = await desk.store.read(lambda t: t.runs.open_of(learner))
    assert run
    return run


async def trained(desk: Desk, example: str, learner: int = ADA) -> None:
    await desk.says(f"/train {example}", learner)
    run = await going(desk, learner)

    def finish(t: Tables) -> None:
        t.runs.keep(run, "model.keras", b"weights")
        t.runs.end(run.id, RunState.FINISHED, desk.now)

    await desk.store.transact(finish)
