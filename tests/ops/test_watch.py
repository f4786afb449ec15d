"""A background task that fails begins again, and can be seen to have failed."""

from __future__ import annotations

import pytest

from bot.ops.watch import ILL_SECONDS, LONGEST_PAUSE, Watch


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(clock: Clock) -> Watch:
    return Watch(lambda: clock.now, clock.sleep)


class Work:
    def __init__(self, clock: Clock, *lasts: float) -> None:
        self._clock, self._lasts = clock, list(lasts)

    async def run(self) -> str:
        """Fails after each of these seconds, then comes to its end."""
        if self._lasts:
            self._clock.now += self._lasts.pop(0)
            raise LookupError("a mistake of ours")
        return "done"


async def test_what_fails_begins_again_until_it_is_done(
    clock: Clock, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    assert await watch.keep("polling", Work(clock, 0, 0, 0).run) == "done"
    assert clock.slept == [1, 2, 4]
    assert caplog.text.count("the task 'polling' failed") == 3
    assert "a mistake of ours" in caplog.text


async def test_pauses_grow_to_a_limit_and_begin_anew_after_a_time_without_failure(clock: Clock, watch: Watch) -> None:
    await watch.keep("polling", Work(clock, *[0] * 7, LONGEST_PAUSE + 1, 0).run)
    assert clock.slept == [1, 2, 4, 8, 16, 30, 30, 1, 2]


async def test_a_task_that_failed_is_ill_for_a_time(clock: Clock, watch: Watch) -> None:
    assert watch.ill == []
    await watch.keep("outbox", Work(clock, 0).run)
    await watch.keep("scheduler", Work(clock, 0).run)
    assert watch.ill == ["outbox", "scheduler"]
    clock.now += ILL_SECONDS
    assert watch.ill == []


async def test_what_shall_end_a_task_ends_it(clock: Clock, watch: Watch) -> None:
    with pytest.raises(LookupError):
        await watch.keep("polling", Work(clock, 0).run, (LookupError,))
    assert (clock.slept, watch.ill) == ([], [])
