"""The queue over a pool: places, slots, cancelling. The pool is told what to do, so that nothing depends on time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from runner import (
    Event,
    Failed,
    Finished,
    Job,
    JobRefused,
    Limits,
    Output,
    Queue,
    Queued,
    Reason,
    RunnerClosed,
    Safety,
    Started,
)

from .jobs import events_of
from .pools import CANCELLED, ToldPool


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


READERS: list[Reader] = []


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def nobody_reads_on() -> AsyncIterator[None]:
    """Ends what a test has left running."""
    yield
    left = [reader.task for reader in READERS]
    READERS.clear()
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


class Reader:
    """Reads one job's events in a task of its own."""

    def __init__(self, queue: Queue, job: Job) -> None:
        READERS.append(self)
        self.events: list[Event] = []
        self.job = job
        self.task = asyncio.create_task(self._read(queue.run(job)))

    @property
    def places(self) -> list[int]:
        return [event.place for event in self.events if isinstance(event, Queued)]

    @property
    def waits(self) -> list[float | None]:
        return [event.expected_seconds for event in self.events if isinstance(event, Queued)]

    async def _read(self, events: AsyncGenerator[Event, None]) -> None:
        async with aclosing(events):
            async for event in events:
                self.events.append(event)


async def settle() -> None:
    """Let every task run until all of them wait."""
    for _ in range(30):
        await asyncio.sleep(0)


def a_job(name: str = "1", **rest: object) -> Job:
    return Job(name, **rest)  # type: ignore[arg-type]


async def test_a_job_hears_its_place_then_what_the_pool_tells() -> None:
    pool = ToldPool()
    queue = Queue(pool)
    reader = Reader(queue, a_job())
    await settle()
    for event in (Output("x"), Finished(2.0)):
        pool.tell(reader.job, event)
    await reader.task
    assert reader.events == [Queued(1, 0.0), Started(warm=False), Output("x"), Finished(2.0)]


async def test_the_pool_has_as_many_jobs_as_it_has_slots_and_the_next_ones_come_in_order() -> None:
    pool = ToldPool(slots=2)
    queue = Queue(pool)
    readers = [Reader(queue, a_job(str(number))) for number in range(5)]
    await settle()
    assert [reader.places for reader in readers] == [[1], [1], [1], [2], [3]]
    for number in range(5):
        assert [job.source for job in pool.running] == [str(n) for n in range(number, min(number + 2, 5))]
        pool.finish(readers[number].job)
        await settle()
    assert [reader.places for reader in readers] == [[1], [1], [1], [2, 1], [3, 2, 1]]
    assert pool.most == 2


async def test_a_slot_is_taken_until_the_pool_is_done_with_the_job() -> None:
    pool = ToldPool()
    queue = Queue(pool)
    first, second = Reader(queue, a_job("a")), Reader(queue, a_job("b"))
    await settle()
    pool.gone.clear()
    pool.finish(first.job)
    await settle()
    assert (first.task.done(), pool.started) == (False, [first.job])
    pool.gone.set()
    await settle()
    assert (first.task.done(), pool.running) == (True, [second.job])


async def test_an_owners_second_job_waits_though_a_slot_is_free() -> None:
    pool = ToldPool(slots=3)
    queue = Queue(pool)
    first, second, other = (Reader(queue, a_job(owner=owner)) for owner in ("ada", "ada", "bob"))
    await settle()
    assert pool.running == [first.job, other.job]
    pool.finish(first.job)
    await settle()
    assert pool.running == [other.job, second.job]


async def test_no_job_starts_before_the_pool_has_slots_and_no_wait_is_promised() -> None:
    pool = ToldPool(slots=0)
    queue = Queue(pool)
    readers = [Reader(queue, a_job()) for _ in range(3)]
    await settle()
    assert [reader.events for reader in readers] == [[Queued(1, None)], [Queued(2, None)], [Queued(3, None)]]
    pool.now_has(2)
    await settle()
    assert pool.running == [readers[0].job, readers[1].job]
    assert readers[2].places == [3, 1]


async def test_slots_that_go_leave_running_jobs_alone_and_take_no_new_ones() -> None:
    pool = ToldPool(slots=3)
    queue = Queue(pool)
    readers = [Reader(queue, a_job(str(number))) for number in range(5)]
    await settle()
    pool.now_has(1)
    await settle()
    assert len(pool.running) == 3
    pool.finish(readers[0].job)
    pool.finish(readers[1].job)
    await settle()
    assert pool.running == [readers[2].job]
    pool.finish(readers[2].job)
    await settle()
    assert pool.running == [readers[3].job]


async def test_the_expected_wait_comes_from_jobs_of_the_same_kind() -> None:
    pool, clock = ToldPool(), Clock()
    queue = Queue(pool, clock)
    first = Reader(queue, a_job(kind="digits"))
    await settle()
    clock.now = 10
    pool.finish(first.job)
    await settle()
    Reader(queue, a_job(kind="digits"))
    await settle()
    clock.now = 14
    waiting = [Reader(queue, a_job(kind="digits")) for _ in range(2)]
    await settle()
    assert [reader.waits for reader in waiting] == [[6], [16]]


async def test_a_job_that_failed_teaches_nothing_about_the_wait() -> None:
    pool, clock = ToldPool(), Clock()
    queue = Queue(pool, clock)
    first = Reader(queue, a_job())
    await settle()
    clock.now = 1
    pool.tell(first.job, Failed(Reason.ERROR, "1 / 0"))
    await settle()
    Reader(queue, a_job())
    await settle()
    waiting = Reader(queue, a_job())
    await settle()
    assert waiting.waits == [None]


# Cancelling


async def test_a_waiting_job_that_is_cancelled_never_starts_and_those_behind_it_move_up() -> None:
    pool = ToldPool()
    queue = Queue(pool)
    running, first, second = (Reader(queue, a_job(str(number))) for number in range(3))
    await settle()
    first.task.cancel()
    await settle()
    assert second.places == [2, 1]
    pool.finish(running.job)
    await settle()
    assert pool.started == [running.job, second.job]


async def test_closing_the_events_of_a_running_job_frees_its_slot_once_the_job_is_gone() -> None:
    pool = ToldPool()
    queue = Queue(pool)
    running, waiting = Reader(queue, a_job("a")), Reader(queue, a_job("b"))
    await settle()
    pool.gone.clear()
    running.task.cancel()
    await settle()
    assert (pool.running, running.task.done()) == ([running.job], False)
    running.task.cancel()  # impatient: the job's end must not be broken off
    await settle()
    assert pool.started == [running.job]
    pool.gone.set()
    await settle()
    assert pool.running == [waiting.job]


async def test_events_closed_before_the_pool_has_the_job_cost_no_slot() -> None:
    pool = ToldPool()
    queue = Queue(pool)
    events = queue.run(a_job("never"))
    assert await anext(events) == Queued(1, 0.0)
    await events.aclose()  # the slot is its own already, but nothing has run yet
    after = Reader(queue, a_job("after"))
    await settle()
    assert pool.started == [after.job]


async def test_a_job_is_stopped_where_it_is_and_no_other_that_is_equal() -> None:
    pool = ToldPool()
    queue = Queue(pool)
    running, waiting, equal = (Reader(queue, a_job("same")) for _ in range(3))
    await settle()
    queue.stop(waiting.job)
    queue.stop(Job("same"))
    await settle()
    assert waiting.events[-1] == CANCELLED
    assert equal.places == [2, 1]
    queue.stop(running.job)
    await settle()
    assert running.events[-1] == CANCELLED
    assert pool.running == [equal.job]
    queue.stop(running.job)  # it has ended


async def test_a_job_that_is_stopped_in_the_moment_of_its_start_does_not_start() -> None:
    pool = ToldPool()
    queue = Queue(pool)
    job = a_job()
    async with aclosing(queue.run(job)) as events:
        assert await anext(events) == Queued(1, 0.0)
        queue.stop(job)
        assert [event async for event in events] == [CANCELLED]
    assert pool.started == []


# Code nobody trusts


async def test_own_code_waits_for_the_self_test_and_can_be_stopped_meanwhile() -> None:
    pool = ToldPool()
    pool.tested.clear()
    queue = Queue(pool)
    stopped, runs, ours = (Reader(queue, a_job(trusted=trusted)) for trusted in (False, False, True))
    await settle()
    assert pool.running == [ours.job]
    queue.stop(stopped.job)
    pool.finish(ours.job)
    pool.tested.set()
    await settle()
    assert stopped.events == [CANCELLED]
    assert pool.running == [runs.job]


async def test_own_code_is_refused_where_the_self_test_is_not_clean() -> None:
    pool = ToldPool()
    pool.safety = Safety((), ("No Landlock.",), untrusted=False)
    with pytest.raises(JobRefused, match="No Landlock"):
        await events_of(Queue(pool), Job("1", trusted=False))
    assert pool.started == []


@pytest.mark.parametrize(
    "job",
    [
        Job("1", name="../x.py"),
        Job("1", files={"/etc/passwd": b""}),
        Job("1", files={".hidden": b""}),
        Job("1", makes=("a/b",)),
        Job("\ud800"),
        Job("#" * 2_000_000),
        Job("1", files={"big": bytes(2_000)}, limits=Limits(file_bytes=1_000)),
        Job("1", limits=Limits(wall_seconds=float("nan"))),
        Job("1", limits=Limits(memory_bytes=0)),
    ],
)
async def test_a_job_that_breaks_a_rule_is_refused_before_anything(job: Job) -> None:
    pool = ToldPool()
    with pytest.raises(JobRefused):
        await events_of(Queue(pool), job)
    assert pool.started == []


# A pool that fails


async def test_those_who_wait_are_told_when_the_pool_gives_up() -> None:
    pool = ToldPool()
    queue = Queue(pool)
    running, waiting = Reader(queue, a_job("a")), Reader(queue, a_job("b"))
    await settle()
    pool.hopeless("No machine is left.")
    await settle()
    assert waiting.events[-1] == Failed(Reason.LOST, "No machine is left.")
    assert not running.task.done()


async def test_a_job_that_the_pool_forgets_is_lost() -> None:
    pool = ToldPool()
    queue = Queue(pool)
    reader = Reader(queue, a_job())
    await settle()
    pool.tell(reader.job, None)
    await reader.task
    assert isinstance(reader.events[-1], Failed)
    assert reader.events[-1].reason is Reason.LOST


async def test_an_error_of_the_pool_reaches_the_reader_of_that_job_only() -> None:
    pool = ToldPool()
    queue = Queue(pool)
    unlucky, next_one = Reader(queue, a_job("a")), Reader(queue, a_job("b"))
    await settle()
    pool.tell(unlucky.job, OSError("no descriptor is left"))
    with pytest.raises(OSError, match="no descriptor is left"):
        await unlucky.task
    await settle()
    assert pool.running == [next_one.job]


async def test_closing_ends_every_job_and_the_pool_and_takes_no_more() -> None:
    pool = ToldPool()
    queue = Queue(pool)
    readers = [Reader(queue, a_job(str(number))) for number in range(3)]
    await settle()
    await queue.aclose()
    await settle()
    assert [reader.events[-1] for reader in readers] == [CANCELLED] * 3
    assert (pool.closed, len(pool.started)) == (True, 1)
    with pytest.raises(RunnerClosed):
        await events_of(queue, "1")
    await queue.aclose()


async def test_own_code_that_waits_for_the_self_test_hears_that_the_runner_closed() -> None:
    pool = ToldPool()
    pool.tested.clear()
    pool.safety = Safety((), ("The self-test is still running.",), untrusted=False, tested=False)
    queue = Queue(pool)
    reader = Reader(queue, a_job(trusted=False))
    await settle()
    await queue.aclose()
    pool.tested.set()
    with pytest.raises(RunnerClosed):
        await reader.task


ACTS = st.lists(
    st.tuples(st.sampled_from("jfcsl"), st.sampled_from(["ada", "bob", ""]), st.integers(0, 50)), max_size=40
)


@given(ACTS)
def test_whatever_happens_no_slot_is_lost_and_none_is_taken_twice(acts: list[tuple[str, str, int]]) -> None:
    async def story() -> None:
        pool, slots, readers = ToldPool(2), 2, list[Reader]()
        queue = Queue(pool)
        for act, owner, which in acts:
            before = len(pool.running)
            open_ones = [reader for reader in readers if not reader.task.done()]
            if act == "j":
                readers.append(Reader(queue, a_job(str(len(readers)), owner=owner)))
            elif act == "l":
                slots = which % 4
                pool.now_has(slots)
            elif act == "f" and pool.running:
                pool.finish(pool.running[which % len(pool.running)])
            elif open_ones and act == "c":
                open_ones[which % len(open_ones)].task.cancel()
            elif open_ones and act == "s":
                queue.stop(open_ones[which % len(open_ones)].job)
            if which % 3:  # else the next act comes before anybody has taken note
                await settle()
                owners = [job.owner for job in pool.running if job.owner]
                assert len(pool.running) <= max(slots, before)
                assert len(owners) == len(set(owners))
        pool.now_has(2)
        for _ in readers:
            await settle()
            assert len(pool.running) == min(2, len({reader.job.owner or id(reader) for reader in _unended(readers)}))
            if pool.running:
                pool.finish(pool.running[0])
        await settle()
        assert not _unended(readers)

    try:
        asyncio.run(story())
    finally:
        READERS.clear()


def _unended(readers: list[Reader]) -> list[Reader]:
    return [reader for reader in readers if not reader.task.done()]
