"""A job can be cancelled at any moment, by closing its events or the runner, and nothing of it stays."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import pytest

from runner import (
    EpochEnded,
    Event,
    Failed,
    Finished,
    Job,
    Output,
    Queued,
    Reason,
    Runner,
    RunnerClosed,
    Started,
)

from .conftest import opened
from .jobs import DATA, MODEL, events_of, finished

ENDLESS = "import time\nprint('on', flush=True)\nwhile True: time.sleep(0.01)"
TRAINING = DATA + MODEL + "model.fit(x, y, epochs=100_000, verbose=0)"
DRAWING = (
    DATA
    + MODEL
    + (
        "import inside.pictures, time\n"
        "inside.pictures.curves = lambda series: (print('drawing', flush=True), time.sleep(60))\n"
        "model.fit(x, y, verbose=0)"
    )
)


async def until(runner: Runner, job: Job, kind: type[Event]) -> None:
    """Read a job's events until one of this kind, then close them."""
    async with aclosing(runner.run(job)) as events:
        async for event in events:
            if isinstance(event, kind):
                return


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize(
    ("source", "moment"),
    [
        (ENDLESS, Queued),
        (ENDLESS, Started),
        (ENDLESS, Output),
        (TRAINING, EpochEnded),
        (DRAWING, Output),
    ],
    ids=["queued", "starting", "running", "training", "drawing"],
)
async def test_closing_the_events_ends_the_job(runner: Runner, source: str, moment: type[Event]) -> None:
    await until(runner, Job(source), moment)
    assert (await finished(runner, "print('next')")).output == "next\n"


@pytest.mark.usefixtures("at_rest")
async def test_cancelling_the_task_that_reads_ends_the_job(runner: Runner) -> None:
    for wait in (0.0, 0.005, 0.02, 0.05, 0.2):
        task = asyncio.create_task(events_of(runner, ENDLESS))
        await asyncio.sleep(wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.usefixtures("at_rest")
async def test_leaving_the_loop_early_ends_the_job(runner: Runner) -> None:
    async for event in runner.run(Job(ENDLESS)):
        if isinstance(event, Started):
            break
    assert (await finished(runner, "print('next')")).output == "next\n"


async def test_closing_the_runner_ends_jobs_and_leaves_nothing() -> None:
    async with opened() as (runner, _):
        runs = asyncio.Event()

        async def lasting(job: str) -> Event:
            async for event in runner.run(Job(job)):
                if isinstance(event, Output):
                    runs.set()
            return event

        tasks = [asyncio.create_task(lasting(job)) for job in (ENDLESS, ENDLESS, "1")]
        await runs.wait()
        await runner.aclose()
        for last in await asyncio.gather(*tasks):
            assert isinstance(last, Failed)
            assert last.reason is Reason.CANCELLED
        with pytest.raises(RunnerClosed):
            await events_of(runner, "1")


async def test_closing_a_runner_that_has_just_been_opened_leaves_nothing() -> None:
    for wait in (0.0, 0.01, 0.1, 1.0):
        async with opened():
            await asyncio.sleep(wait)


@pytest.mark.usefixtures("at_rest")
async def test_a_thousand_mixed_jobs_leave_nothing(runner: Runner) -> None:
    kinds = [
        ("1", Finished),
        ("print('x' * 10_000)", Finished),
        ("open('a.txt', 'w').write('x' * 1000)", Finished),
        ("1 / 0", Failed),
        ("import os; os._exit(1)", Failed),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Failed),
        ("import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)", Failed),
        (ENDLESS, None),
    ]
    gate = asyncio.Semaphore(12)

    async def one(number: int) -> None:
        source, ends = kinds[number % len(kinds)]
        job = Job(source, makes=("a.txt",), owner=str(number % 7))
        async with gate:
            if ends is None:
                await until(runner, job, Started)
            else:
                assert isinstance((await events_of(runner, job))[-1], ends)

    began = time.monotonic()
    await asyncio.gather(*(one(number) for number in range(1000)))
    print(f"1000 jobs in {time.monotonic() - began:.1f} s")
