"""Starts, follows, cancels and recovers runs. A run is a row; its job in the runner is only what is going on at the
moment."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.domain.ids import RunId, SnippetId
from bot.domain.messages import Mode
from bot.domain.runs import Epoch, ErrorHint, Judgement, Run, RunState, SnippetState
from bot.runs import screens
from bot.store import Store, Tables
from bot.telegram.outbox import Outbox
from bot.telegram.screen import Screen
from lessons.model import Course, Example, Lesson
from runner import (
    EpochEnded,
    Evaluated,
    Event,
    Failed,
    Finished,
    Job,
    JobRefused,
    Omitted,
    Picture,
    Queued,
    Runner,
    RunnerClosed,
    Started,
)

log = logging.getLogger(__name__)

STARTING_SHOWS_AFTER = 1.0
"""Seconds before "building the model" is worth an edit: mostly the first epoch is there sooner."""
RESTARTS = 1
"""A run that was interrupted starts over so many times."""


def post_of(run: RunId) -> str:
    """Key of the run's message in its chat."""
    return f"run:{run}"


def busy_of(run: RunId) -> str:
    """Key of the message that says that this run must end first."""
    return f"busy:{run}"


def waiting_of(snippet: SnippetId) -> str:
    """Key of the message that says that a run must end before this code can run."""
    return f"waiting:{snippet}"


def no_longer_busy(tables: Tables, run: Run, now: float) -> None:
    """Where the chat says that this run must end first, it says now that it did."""
    code = tables.snippets.last(run.learner)
    places: list[tuple[str, int | None]] = [(busy_of(run.id), None)]
    if code and code.state is SnippetState.OFFERED:
        places.append((waiting_of(code.id), code.id))
    for key, waiting in places:
        if tables.posts.get(run.chat, key):
            tables.outbox.add(screens.no_longer_busy(waiting).outgoing(run.chat, key, Mode.KEEP), now)


@dataclass(slots=True)
class _Live:
    """A run that is going on."""

    run: Run
    task: asyncio.Task[None] | None = None
    job: Job | None = None
    """What the runner has; None until it is put together."""
    stopped: bool = False
    """Its end is shown: no frame may cover it."""
    history: tuple[Epoch, ...] = ()
    judgements: tuple[Judgement, ...] = ()


class Follower:
    """All methods are for the event loop but `so_far`, which any thread may call."""

    def __init__(
        self, store: Store, runner: Runner, course: Course, outbox: Outbox, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._runner = runner
        self._course = course
        self._outbox = outbox
        self._clock = clock
        self._live: dict[RunId, _Live] = {}

    @property
    def takes_own_code(self) -> bool:
        """Whether code nobody trusts may run: behind a sandbox that passes its self-test, for which a run waits."""
        safety = self._runner.safety
        return safety.untrusted or not safety.tested

    def start(self, run: Run) -> None:
        """Follow a run that is stored as queued."""
        live = self._live[run.id] = _Live(run)
        live.task = asyncio.create_task(self._follow(live), name=f"run {run.id}")

    def cancel(self, run: RunId) -> None:
        """End the job of a run whose end is stored already; nothing more of it is shown."""
        live = self._live.get(run)
        if live and live.task:
            self._forget_frames(live.run)
            live.task.cancel()

    def stop(self, run: RunId) -> None:
        """End the job of a run whose end is stored already; what it had reached comes behind that."""
        live = self._live.get(run)
        if live is None or live.job is None:
            self.cancel(run)
        else:
            live.stopped = True
            self._forget_frames(live.run)
            self._runner.stop(live.job)

    def so_far(self, run: RunId) -> tuple[Epoch, ...]:
        """Epochs of a run that is going on."""
        live = self._live.get(run)
        return live.history if live else ()

    async def recover(self) -> None:
        """Queue runs again that an earlier process left behind; one that was interrupted too often ends as lost."""

        def sort_out(tables: Tables) -> list[Run]:
            again = []
            for run in tables.runs.open():
                if run.restarts < RESTARTS:
                    tables.runs.requeued(run.id)
                    requeued = replace(run, state=RunState.QUEUED, restarts=run.restarts + 1)
                    # A row, not a frame: should the run's message be gone, this one takes its place.
                    screen = screens.queued(self._example(requeued)[1], requeued)
                    tables.outbox.add(screen.outgoing(run.chat, post_of(run.id), Mode.KEEP), self._clock())
                    again.append(requeued)
                else:
                    self._end(
                        tables,
                        run,
                        RunState.FAILED,
                        reason="lost",
                        detail="The bot stopped in the middle of it, twice.",
                    )
            return again

        for run in await self._store.transact(sort_out):
            self.start(run)

    async def aclose(self) -> None:
        """Stop following. The rows stay as they are: the next start goes on from there."""
        tasks = [live.task for live in self._live.values() if live.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, live: _Live) -> None:
        run = live.run
        try:
            live.job = await self._store.read(lambda tables: self._job(tables, run))
            async with aclosing(self._runner.run(live.job)) as events:
                async for event in events:
                    await self._take(live, event)
        except JobRefused as refusal:
            why = str(refusal)
            await self._store.persist(lambda t: self._end(t, run, RunState.FAILED, reason="error", detail=why))
        except (asyncio.CancelledError, RunnerClosed):
            pass  # stopped by the learner before it had a job, or by the bot's own end
        except Exception:
            log.exception("run %s could not be followed", run.id)
            await self._store.persist(
                lambda t: self._end(
                    t, run, RunState.FAILED, reason="lost", detail="The machine that trains did not answer."
                )
            )
        finally:
            self._live.pop(run.id, None)
            self._forget_frames(run)

    def _job(self, tables: Tables, run: Run) -> Job:
        """The runner's job: an example gets what it declares, a learner's own code what the lesson has and what the
        learner sent."""
        lesson, example = self._example(run)
        owner = str(run.learner)
        if example is None or not run.verified:
            data = {name: path for e in lesson.examples for name, path in e.data.items()} if lesson else {}
            last = tables.runs.last_trained(run.learner, run.lesson)
            files = tables.runs.kept(run.learner, run.lesson, last.example) if last else {}
            files |= {name: _data(path) for name, path in data.items()} | tables.files.contents(run.learner)
            return Job(run.source, name="your_code.py", files=files, trusted=False, owner=owner)
        files = {name: _data(path) for name, path in example.data.items()}
        if example.needs:
            files |= tables.runs.kept(run.learner, run.lesson, example.needs)
        kind = f"{run.lesson}/{run.example}"
        return Job(run.source, name=example.file, files=files, makes=example.makes, owner=owner, kind=kind)

    def _example(self, run: Run) -> tuple[Lesson | None, Example | None]:
        """None for what has gone from the course since."""
        return self._course.lesson(run.lesson), self._course.example(run.lesson, run.example)

    async def _take(self, live: _Live, event: Event) -> None:
        run, (_, example) = live.run, self._example(live.run)
        match event:
            case Queued(place, wait) if wait == 0 and place == 1:
                pass  # it starts this instant, as its message says already
            case Queued(place, wait):
                self._show(live, screens.queued(example, run, place - 1, wait))
            case Started():
                await self._store.persist(lambda tables: tables.runs.started(run.id, self._clock()))
                self._show(live, screens.starting(example, run), after=STARTING_SHOWS_AFTER)
            case EpochEnded():
                live.history += (_epoch(event),)
                self._show(live, screens.training(example, run, live.history), at_once=len(live.history) == 1)
            case Evaluated():
                live.judgements += (_judgement(event),)
            case Finished():
                self._forget_frames(run)
                await self._store.persist(lambda tables: self._finish(tables, live, event))
            case Failed(reason, detail, seconds, output):
                self._forget_frames(run)
                await self._store.persist(
                    lambda tables: self._end(
                        tables,
                        run,
                        RunState.FAILED,
                        reason=str(reason),
                        detail=detail,
                        hint=None if event.hint is None else ErrorHint(**asdict(event.hint)),
                        seconds=seconds,
                        output=output,
                        history=live.history,
                        judgements=live.judgements,
                        pictures=event.pictures,
                        omitted=event.omitted,
                    )
                )

    def _show(self, live: _Live, screen: Screen, *, at_once: bool = False, after: float = 0.0) -> None:
        if not live.stopped:
            frame = screen.outgoing(live.run.chat, post_of(live.run.id), Mode.KEEP)
            self._outbox.live(frame, at_once=at_once, after=after)

    def _forget_frames(self, run: Run) -> None:
        """The end is about to be shown; a job may take a while to be gone, and an older frame must not cover it."""
        self._outbox.forget(run.chat, post_of(run.id))

    def _finish(self, tables: Tables, live: _Live, done: Finished) -> None:
        """Store the result, the files to keep and the last screen, together."""
        run = live.run
        for artifact in done.artifacts if run.verified else ():
            tables.runs.keep(run, artifact.name, artifact.data)
        self._end(
            tables,
            run,
            RunState.FINISHED,
            seconds=done.seconds,
            history=live.history,
            judgements=live.judgements,
            output=done.output,
            pictures=done.pictures,
            omitted=done.omitted,
        )

    def _end(
        self,
        tables: Tables,
        run: Run,
        state: RunState,
        *,
        pictures: tuple[Picture, ...] = (),
        omitted: tuple[Omitted, ...] = (),
        **facts: Any,
    ) -> None:
        """Give the run its end and show it. If the learner stopped it before, that stands."""
        ended = tables.runs.end(run.id, state, self._clock(), **facts)
        live = self._live.get(run.id)
        if ended is None and live is not None and live.stopped:
            self._add_reached(tables, run, facts.get("judgements", ()), facts.get("output", ""), pictures, omitted)
        if ended is None:
            return
        # The words of a failure are long, too long to stand below a picture: all of its pictures come behind it.
        first, *others = _in_order(pictures) if state is RunState.FINISHED else (None, *_in_order(pictures))
        screen = screens.outcome(*self._example(run), ended, first.data if first else None)
        tables.outbox.add(screen.outgoing(run.chat, post_of(run.id), Mode.KEEP), self._clock())
        self._add_further(tables, ended, others, omitted)
        no_longer_busy(tables, run, self._clock())

    def _add_reached(
        self,
        tables: Tables,
        run: Run,
        judgements: tuple[Judgement, ...],
        output: str,
        pictures: tuple[Picture, ...],
        omitted: tuple[Omitted, ...],
    ) -> None:
        """Add to a run that the learner stopped what its job had reached; its end is stored and shown already."""
        stopped = tables.runs.reached(run.id, judgements, output)
        if stopped is None:
            return
        if judgements or output:
            screen = screens.cancelled(self._example(run)[1], stopped)
            tables.outbox.add(screen.outgoing(run.chat, post_of(run.id), Mode.KEEP), self._clock())
        self._add_further(tables, stopped, _in_order(pictures), omitted)

    def _add_further(
        self, tables: Tables, run: Run, pictures: Sequence[Picture | None], omitted: Sequence[Omitted]
    ) -> None:
        """What comes behind the message of a run."""
        further = (screens.further_picture(p.name, p.file_name, p.data, p.format != "gif", run) for p in pictures if p)
        unshown = screens.not_shown([(one.name, str(one.why)) for one in omitted])
        for more in (*further, *unshown, *screens.whole_output(run)):
            tables.outbox.add(more.outgoing(run.chat), self._clock())


def _in_order(pictures: Sequence[Picture]) -> list[Picture | None]:
    """The picture that goes with the figures (None where there is none), then the others.

    An animation is never the first: it goes as a document, which the message of a run cannot become.
    """
    first = min((p for p in pictures if p.format != "gif"), key=lambda p: p.name != "confusion", default=None)
    return [first, *(p for p in pictures if p is not first)]


def _epoch(event: EpochEnded) -> Epoch:
    return Epoch(
        event.epoch,
        event.epochs,
        dict(event.metrics),
        event.seconds,
        event.diverged,
        event.fit,
        event.model,
        event.classifier,
    )


def _judgement(event: Evaluated) -> Judgement:
    found = event.classification
    return Judgement(
        event.trained,
        event.examples,
        dict(event.metrics),
        found.accuracy if found else None,
        found.precision if found else None,
        found.recall if found else None,
        found.f1 if found else None,
        diverged=event.diverged,
        fit=event.fit,
        model=event.model,
        data=str(event.data),
    )


@lru_cache(maxsize=32)
def _data(path: Path) -> bytes:
    """A course's data file; small, and read for every run."""
    return path.read_bytes()
