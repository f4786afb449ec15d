"""What every pool promises the queue. A new kind of pool joins by a row in POOLS."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from runner import (
    EpochEnded,
    Evaluated,
    Event,
    Failed,
    Finished,
    Job,
    JobRefused,
    Limits,
    LocalPool,
    Options,
    Output,
    Pool,
    Reason,
    RunnerClosed,
    Started,
)

from .conftest import MODES, counted, quiet, settled
from .jobs import DATA, MODEL

SLOTS = 2
ENDLESS = "import time\nprint('on', flush=True)\nwhile True: time.sleep(0.01)"
FIT = DATA + MODEL + "model.fit(x, y, epochs=2, verbose=0)\nmodel.evaluate(x, y, verbose=0)\n"


class Bench:
    """A pool under test, and what a test may do to it from outside."""

    def __init__(self, pool: Pool, break_down: Callable[[], None], rest: Callable[[], asyncio.Future[None]]) -> None:
        self.pool = pool
        self.break_down = break_down
        """Kills what runs the jobs, as a machine does that fails."""
        self.rest = rest
        """Waits until the pool is at rest."""
        self.changes: list[int] = []
        """The slots that there were after each change."""
        self.changed = asyncio.Event()
        pool.listen(self._note, pytest.fail)

    async def has(self, slots: int) -> None:
        """Wait until the pool has told that it has so many slots."""
        async with asyncio.timeout(60):
            while self.pool.slots != slots:
                self.changed.clear()
                await self.changed.wait()

    def _note(self) -> None:
        self.changes.append(self.pool.slots)
        self.changed.set()


@asynccontextmanager
async def local(options: Options) -> AsyncIterator[Bench]:
    """A pool on this machine."""
    pool = LocalPool(slots=SLOTS, options=options)

    def break_down() -> None:
        sandbox = pool._keeper.sandbox
        assert sandbox is not None
        assert sandbox._process is not None
        pid = sandbox._process.pid
        if sandbox.plan.bubblewrap:  # the zygote is its only child
            pid = int(Path(f"/proc/{pid}/task/{pid}/children").read_text())
        os.kill(pid, signal.SIGKILL)

    try:
        yield Bench(pool, break_down, lambda: asyncio.ensure_future(quiet(pool)))
    finally:
        await pool.aclose()


Opener = Callable[[], AbstractAsyncContextManager[Bench]]
POOLS: dict[str, Opener] = {
    "local, warm": partial(local, MODES["full"]),
    **{f"local, {name}": partial(local, replace(options, warm=False)) for name, options in MODES.items()},
}


@pytest.fixture(scope="module", params=POOLS.values(), ids=POOLS.keys())
def opened(request: pytest.FixtureRequest) -> Opener:
    """Opens a pool of one kind."""
    return request.param  # type: ignore[no-any-return]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bench(opened: Opener) -> AsyncIterator[Bench]:
    """One pool for all tests that do not break it."""
    async with opened() as made:
        await made.has(SLOTS)
        await made.pool.ready()
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def resources_at_rest(bench: Bench) -> dict[str, object]:
    await bench.rest()
    return counted()


@pytest_asyncio.fixture(loop_scope="session")
async def at_rest(bench: Bench, resources_at_rest: dict[str, object]) -> AsyncIterator[None]:
    """Asserts that a test leaves nothing behind, and every slot free."""
    yield
    assert await settled(resources_at_rest, look=counted) == resources_at_rest
    assert bench.pool.slots == SLOTS


async def all_of(events: AsyncGenerator[Event, None]) -> list[Event]:
    async with aclosing(events):
        return [event async for event in events]


async def until(kind: type[Event], events: AsyncGenerator[Event, None]) -> list[Event]:
    """Read up to the first event of this kind."""
    read: list[Event] = []
    while not read or not isinstance(read[-1], kind):
        read.append(await anext(events))
    return read


def cancelled(event: Event) -> bool:
    return isinstance(event, Failed) and event.reason is Reason.CANCELLED


@pytest.mark.usefixtures("at_rest")
async def test_a_job_starts_tells_and_finishes(bench: Bench) -> None:
    events = await all_of(bench.pool.execute(Job(FIT + "print('done')", makes=("model.keras",))))
    kinds = [type(event) for event in events if not isinstance(event, Output)]
    assert kinds == [Started, EpochEnded, EpochEnded, Evaluated, Finished]
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.output == "done\n"
    assert [artifact.name for artifact in last.artifacts] == ["model.keras"]
    assert "curves" in [picture.name for picture in last.pictures]


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize(
    ("source", "limits", "reason"),
    [
        ("1 / 0", Limits(), Reason.ERROR),
        ("import os; os.abort()", Limits(), Reason.ERROR),
        ("import time; time.sleep(60)", Limits(wall_seconds=0.3), Reason.TIMEOUT),
        ("x = bytearray(600_000_000)", Limits(memory_bytes=300_000_000), Reason.MEMORY),
        ("while True: print('x' * 1000)", Limits(output_bytes=100_000), Reason.OUTPUT),
    ],
    ids=lambda value: str(value) if isinstance(value, Reason) else "",
)
async def test_a_job_that_fails_ends_with_one_event_that_says_why(
    bench: Bench, source: str, limits: Limits, reason: Reason
) -> None:
    events = await all_of(bench.pool.execute(Job(source, limits=limits)))
    assert [type(event) for event in events if not isinstance(event, Output)] == [Started, Failed]
    assert isinstance(events[-1], Failed)
    assert events[-1].reason is reason


@pytest.mark.usefixtures("at_rest")
async def test_as_many_jobs_run_at_once_as_there_are_slots(bench: Bench) -> None:
    jobs = [bench.pool.execute(Job(ENDLESS)) for _ in range(SLOTS)]
    async with aclosing(jobs[0]), aclosing(jobs[1]):
        for events in jobs:
            await until(Output, events)


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize("moment", [Started, Output, EpochEnded])
async def test_closing_the_events_ends_the_job_and_frees_the_slot(bench: Bench, moment: type[Event]) -> None:
    source = "print('on', flush=True)\n" + DATA + MODEL + "model.fit(x, y, epochs=100_000, verbose=0)"
    for _ in range(SLOTS + 1):
        async with aclosing(bench.pool.execute(Job(source))) as events:
            await until(moment, events)
    assert isinstance((await all_of(bench.pool.execute(Job("1"))))[-1], Finished)


@pytest.mark.usefixtures("at_rest")
async def test_events_that_nobody_reads_start_nothing(bench: Bench) -> None:
    await bench.pool.execute(Job(ENDLESS)).aclose()


@pytest.mark.usefixtures("at_rest")
async def test_cancelling_the_task_that_reads_ends_the_job(bench: Bench) -> None:
    running = asyncio.Event()

    async def read() -> None:
        async with aclosing(bench.pool.execute(Job(ENDLESS))) as events:
            async for event in events:
                if isinstance(event, Output):
                    running.set()

    task = asyncio.create_task(read())
    await running.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.usefixtures("at_rest")
async def test_a_job_that_is_stopped_tells_what_it_had_reached_and_others_run_on(bench: Bench) -> None:
    job, equal = (Job(FIT + ENDLESS) for _ in range(2))
    async with aclosing(bench.pool.execute(job)) as events, aclosing(bench.pool.execute(equal)) as others:
        await until(Output, events)
        await until(Output, others)
        bench.pool.stop(job)
        last = [event async for event in events][-1]
        assert isinstance(last, Failed)
        assert cancelled(last)
        assert {picture.name for picture in last.pictures} == {"curves", "confusion"}
        assert last.output == "on\n"
        bench.pool.stop(job)  # it has ended: nothing happens, here or to the other
        bench.pool.stop(equal)
        assert cancelled([event async for event in others][-1])


@pytest.mark.usefixtures("at_rest")
async def test_code_nobody_trusts_runs_only_where_the_self_test_is_clean(bench: Bench) -> None:
    events = bench.pool.execute(Job("print('mine')", trusted=False))
    if bench.pool.safety.untrusted:
        assert isinstance((await all_of(events))[-1], Finished)
    else:
        with pytest.raises(JobRefused):
            await all_of(events)


@pytest.mark.usefixtures("at_rest")
async def test_the_self_test_tells_layers_and_what_is_missing(bench: Bench) -> None:
    safety = await bench.pool.ready()
    assert safety == bench.pool.safety
    assert safety.tested
    assert "limits" in safety.layers
    assert safety.untrusted or safety.missing


async def test_slots_come_when_the_pool_is_ready_go_when_it_breaks_and_come_back(opened: Opener) -> None:
    async with opened() as bench:
        assert bench.pool.slots == 0
        await bench.has(SLOTS)
        async with aclosing(bench.pool.execute(Job(ENDLESS))) as events:
            await until(Output, events)
            bench.break_down()
            last = [event async for event in events][-1]
        assert isinstance(last, Failed)
        assert last.reason is Reason.LOST
        await bench.has(SLOTS)
        assert bench.changes == [SLOTS, 0, SLOTS]
        assert isinstance((await all_of(bench.pool.execute(Job("1"))))[-1], Finished)


async def test_closing_the_pool_ends_its_jobs_and_takes_no_more(opened: Opener) -> None:
    async with opened() as bench:
        await bench.has(SLOTS)
        async with aclosing(bench.pool.execute(Job(ENDLESS))) as events:
            await until(Output, events)
            await bench.pool.aclose()
            assert cancelled([event async for event in events][-1])
        assert bench.pool.slots == 0
        with pytest.raises(RunnerClosed):
            await all_of(bench.pool.execute(Job("1")))
        await bench.pool.aclose()
