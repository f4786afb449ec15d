"""Does the work of timers when they are due. A timer is a row: it survives the process. It is deleted, or moves to its
next time, in the transaction in which its work writes."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.domain.messages import Timer
from bot.ops.alerts import Alerts
from bot.ops.watch import Watch
from bot.store import Store, StoreUnavailable, Tables
from bot.store.news import News, NewsKind
from bot.turns.jobs import Occasion, TimerJob
from bot.turns.turn import Identity
from lessons.model import Course

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
POSTPONED_SECONDS = 300.0
"""A timer whose work failed is tried again after this time."""


@dataclass(slots=True)
class Scheduler:
    """`start` in a running event loop, `aclose` there at the end. `beat_at` is the loop's heartbeat."""

    store: Store
    jobs: tuple[TimerJob, ...]
    course: Course
    identity: Identity
    alerts: Alerts
    clock: Callable[[], float]
    monotonic: Callable[[], float]
    watch: Watch | None = None
    beat_at: float = field(init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.beat_at = self.monotonic()

    @property
    def heartbeat_age(self) -> float:
        """Seconds since the event loop last had time for a beat."""
        return self.monotonic() - self.beat_at

    def start(self) -> None:
        self.store.listen(NewsKind.TIMER, self._hear)
        # Two tasks: a database that hangs must not look like a loop that hangs.
        self._tasks = [
            asyncio.create_task(self._beat(), name="heartbeat"),
            asyncio.create_task((self.watch or Watch(self.monotonic)).keep("scheduler", self._run), name="scheduler"),
        ]

    async def aclose(self) -> None:
        self.store.unlisten(self._hear)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _hear(self, news: News) -> None:
        """A timer that is due now does not wait for the next tick."""
        if news.due_at is not None and news.due_at <= self.clock():
            self._woken.set()

    async def tick(self) -> int:
        """Do everything that is due; returns how much that was. Raises StoreUnavailable."""
        now, done = self.clock(), 0
        while timer := await self.store.read(partial(_due, now=now)):
            await self._do(timer, now)
            done += 1
        return done

    async def _beat(self) -> None:
        while True:
            self.beat_at = self.monotonic()
            await asyncio.sleep(TICK_SECONDS)

    async def _run(self) -> None:
        prepared = False
        while True:
            try:
                if not prepared:
                    await self.store.transact(self._prepare)
                    prepared = True
                await self.tick()
            except StoreUnavailable as error:
                log.warning("timers wait for the database: %s", error)
                await asyncio.sleep(TICK_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), TICK_SECONDS)
            self._woken.clear()

    def _prepare(self, tables: Tables) -> None:
        for job in self.jobs:
            if job.every is not None:
                tables.timers.ensure(job.kind, self.clock())

    async def _do(self, timer: Timer, now: float) -> None:
        """What a timer's work wrote before it failed is undone, and the timer put off."""
        job = {job.kind: job for job in self.jobs}.get(timer.kind)
        try:
            if job is None:
                raise LookupError(f"no job is called {timer.kind!r}")
            read = job.read
            found = await self.store.read(lambda t: read(self._occasion(t, timer, now))) if read else None
            await self.store.transact(lambda t: self._work(self._occasion(t, timer, now, found), timer, job))
        except StoreUnavailable:
            raise
        except Exception as error:
            reference = secrets.token_hex(3)
            log.error("timer %s failed; reference %s", timer.kind, reference, exc_info=error)
            await self.store.transact(lambda tables: self._put_off(tables, timer, reference, now))

    def _occasion(self, tables: Tables, timer: Timer, now: float, found: Any = None) -> Occasion:
        return Occasion(tables, now, timer.payload, self.course, self.identity, found)

    def _work(self, occasion: Occasion, timer: Timer, job: TimerJob) -> None:
        timers = occasion.tables.timers
        if not timers.holds(timer):
            return  # a turn has moved it since
        if job.every is None:
            timers.done(timer.id)
        else:
            timers.postpone(timer.id, occasion.now + job.every)
        job.work(occasion)

    def _put_off(self, tables: Tables, timer: Timer, reference: str, now: float) -> None:
        tables.timers.postpone(timer.id, now + POSTPONED_SECONDS)
        self.alerts.timer_failed(tables, timer.kind, reference, now)


def _due(tables: Tables, now: float) -> Timer | None:
    return tables.timers.due(now)
