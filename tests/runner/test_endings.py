"""However a job ends before its time, what it had reached is shown: figures, curves, its pictures, its output."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from runner import EpochEnded, Evaluated, Event, Failed, Finished, Job, Limits, Output, Reason, Runner, Started

from .jobs import DATA, MODEL, events_of, only

pytestmark = pytest.mark.usefixtures("at_rest")

FIT = DATA + MODEL + "model.fit(x, y, epochs=3, validation_split=0.25, verbose=0)\n"
SHOWN = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nplt.plot([2, 1])\nplt.savefig('mine.png')\n"
SAID = "print('so far', flush=True)\n"
REACHED = FIT + SHOWN + SAID

ENDS = {
    "an error": ("1 / 0", Limits(), Reason.ERROR),
    "sys.exit": ("import sys; sys.exit('no data')", Limits(), Reason.ERROR),
    "an interrupt": ("raise KeyboardInterrupt", Limits(), Reason.ERROR),
    "wall time, whatever is caught": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        Limits(wall_seconds=6.0),
        Reason.TIMEOUT,
    ),
    "processor time": ("while True: pass", Limits(cpu_seconds=4), Reason.TIMEOUT),
    "memory": ("x = []\nwhile True: x.append(bytes(100_000))", Limits(memory_bytes=500_000_000), Reason.MEMORY),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Limits(), Reason.ERROR),
    "native code": ("import ctypes; ctypes.string_at(1)", Limits(), Reason.ERROR),
    "its own exit": ("import os; os._exit(0)", Limits(), Reason.ERROR),
    "too much printed": (
        "while True: print('x' * 1000)",
        Limits(output_bytes=200_000),
        Reason.OUTPUT,
    ),
    "a file too large": ("open('big', 'wb').write(bytes(9_000_000))", Limits(file_bytes=4_000_000), Reason.OUTPUT),
}


@pytest.mark.parametrize(("end", "limits", "reason"), ENDS.values(), ids=ENDS)
async def test_what_was_reached_is_there(runner: Runner, end: str, limits: Limits, reason: Reason) -> None:
    events = await events_of(runner, Job(REACHED + end, limits=limits))
    last = events[-1]
    assert isinstance(last, Failed)
    assert last.reason is reason
    assert [one.epoch for one in only(EpochEnded, events)] == [1, 2, 3]
    assert {picture.name for picture in last.pictures} == {"curves", "figure 1", "mine.png"}
    assert "so far" in last.output


async def test_a_failure_before_the_first_epoch_has_no_curves(runner: Runner) -> None:
    last = (await events_of(runner, Job(DATA + MODEL + "1 / 0")))[-1]
    assert isinstance(last, Failed)
    assert last.pictures == ()


async def test_an_error_after_an_evaluation_leaves_its_confusion_matrix(runner: Runner) -> None:
    source = DATA + MODEL + "model.evaluate(x, y, verbose=0)\nmodel.fit(x, y, verbose=0)\nmodel.evaluate(x, y)\n1 / 0"
    events = await events_of(runner, source)
    last = events[-1]
    assert isinstance(last, Failed)
    assert [picture.name for picture in last.pictures] == ["curves", "confusion"]
    assert [one.trained for one in only(Evaluated, events)] == [False, True]


ONE_FIT = "model.fit(x, y, epochs={}, validation_split=0.25, verbose=0)\n"
FITS = {
    "two fits of a model": MODEL + ONE_FIT.format(2) + ONE_FIT.format(3),
    "a fit that goes on": MODEL + ONE_FIT.format(2) + ONE_FIT.format("5, initial_epoch=2"),
    "two models": MODEL + ONE_FIT.format(4) + MODEL + ONE_FIT.format(3),
    "other metrics in the second fit": MODEL
    + "model.fit(x, y, epochs=2, verbose=0)\nmodel.compile('sgd', 'sparse_categorical_crossentropy', metrics=['mae'])\n"
    + ONE_FIT.format(2),
    "a loss that leaves the numbers": MODEL + "model.optimizer.learning_rate = 1e38\n" + ONE_FIT.format(3),
}


@pytest.mark.parametrize("fits", FITS.values(), ids=FITS)
async def test_a_failure_draws_the_curves_that_success_would_have_drawn(runner: Runner, fits: str) -> None:
    pictures = []
    for source in (DATA + fits, DATA + fits + "1 / 0"):
        last = (await events_of(runner, Job(source, seed=1)))[-1]
        assert isinstance(last, Finished | Failed)
        pictures.append({picture.name: picture.data for picture in last.pictures})
    assert pictures[0] == pictures[1]
    assert set(pictures[0]) == {"curves"}


# Stopping


async def stopped(runner: Runner, job: Job, moment: type[Event]) -> list[Event]:
    """What a job tells that is stopped at the first event of this kind."""
    events: list[Event] = []
    async with aclosing(runner.run(job)) as told:
        async for event in told:
            if isinstance(event, moment) and not only(moment, events):
                runner.stop(job)
            events.append(event)
    return events


async def test_a_job_that_is_stopped_tells_what_it_had_reached(runner: Runner) -> None:
    source = REACHED + "model.fit(x, y, epochs=100_000, verbose=0)"
    *_, last = await stopped(runner, Job(source), Output)
    assert isinstance(last, Failed)
    assert (last.reason, last.detail) == (Reason.CANCELLED, "The run was cancelled.")
    assert {picture.name for picture in last.pictures} == {"curves", "figure 1", "mine.png"}
    assert last.output == "so far\n"


async def test_a_job_that_has_just_begun_is_stopped_at_once(runner: Runner) -> None:
    last = (await stopped(runner, Job("import time; time.sleep(60)"), Started))[-1]
    assert isinstance(last, Failed)
    assert (last.reason, last.pictures, last.output) == (Reason.CANCELLED, (), "")


async def test_to_stop_what_has_ended_does_nothing(runner: Runner) -> None:
    job = Job("print('done')")
    assert isinstance((await events_of(runner, job))[-1], Finished)
    runner.stop(job)


async def test_nothing_is_drawn_when_nobody_reads(runner: Runner) -> None:
    job = Job(FIT + SAID + "import time; time.sleep(60)")
    async with aclosing(runner.run(job)) as events:
        async for event in events:
            if isinstance(event, Output):
                break
    await events_of(runner, "1")


async def test_what_a_job_makes_up_for_the_picture_harms_nobody(runner: Runner) -> None:
    source = (
        "import json, os, struct\n"
        "for epoch in (2**53, 1, 2**53):\n"
        "    body = json.dumps({'epoch': epoch, 'epochs': 2**53, 'metrics': {'a': 1e308, 'loss': -1e308},\n"
        "                       'seconds': 1, 'diverged': []}).encode()\n"
        "    os.write(3, struct.pack('>IB', len(body), 2) + body)\n"
        "1 / 0"
    )
    last = (await events_of(runner, source))[-1]
    assert isinstance(last, Failed)
    assert last.line == 6
    assert isinstance((await events_of(runner, "1"))[-1], Finished)
