"""Runs of a lesson's examples and of own code, as steps of a learner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from bot.commands.seeding.curves import FREQUENT, TROUBLES, Trouble, history_of, judgements_of, values_of
from bot.commands.seeding.people import Person
from bot.commands.seeding.schedule import Step
from bot.domain.runs import Epoch, Judgement, Order, Run, RunState, Value
from bot.store import Tables
from lessons.model import Example, Lesson, Role
from lessons.parameters import write


class RunSteps:
    """What one learner runs. Each step writes as the bot does, and `runs` counts them."""

    def __init__(self, tables: Tables, who: Person, rng: Random) -> None:
        self._tables, self._who, self._rng = tables, who, rng
        self._best = dict[str, float]()
        """Accuracy of the last training, by example."""
        self.runs = 0

    def training(self, lesson: Lesson, example: Example | None) -> Iterator[Step]:
        """Runs of an example, with one value after another; now and then one fails or is stopped."""
        if example is None or (example.needs and example.needs not in self._best):
            return
        for _ in range(1 if example.role is Role.EVALUATE else self._rng.choices((1, 2, 3, 4), (4, 3, 2, 1))[0]):
            luck = self._rng.random()
            if luck < 0.06 and example.role is Role.TRAIN:
                yield self._failing(lesson, example, self._rng.choices(TROUBLES, FREQUENT)[0])
            else:
                yield self._running(lesson, example, stopped=luck > 0.97)

    def failures(self, lesson: Lesson) -> Iterator[Step]:
        """The last runs, which all fail."""
        trains = lesson.of_role(Role.TRAIN)
        for _ in range(self._rng.randint(3, 5) if trains else 0):
            yield self._failing(lesson, self._rng.choice(trains), self._rng.choices(TROUBLES, FREQUENT)[0])

    def _running(self, lesson: Lesson, example: Example, stopped: bool) -> Step:
        rng = self._rng
        values = values_of(example, rng)
        history: tuple[Epoch, ...] = ()
        judgements: tuple[Judgement, ...] = ()
        if example.role is Role.EVALUATE:
            judgements = judgements_of(example, self._best[example.needs] if example.needs else 0.1, rng)
        else:
            history = history_of(example, values, rng)
            self._best[example.id] = self._generalises(example, history)
        history = history[: len(history) // 3] if stopped else history
        seconds = history[-1].seconds + 0.3 if history else rng.uniform(1.5, 3)
        end = RunState.CANCELLED if stopped else RunState.FINISHED
        wait = self._wait()

        def act(at: float) -> None:
            run = self._queued(lesson, example, values, at - seconds - wait, at - seconds)
            found = () if stopped else judgements
            took = None if stopped else seconds
            self._tables.runs.end(run.id, end, at, seconds=took, history=history, judgements=found)

        self.runs += 1
        return wait + seconds + rng.uniform(8, 90), act

    def _generalises(self, example: Example, history: tuple[Epoch, ...]) -> float:
        """Accuracy to expect on new data: where nothing was validated the labels are random."""
        return history[-1].metrics.get("val_accuracy", example.chance or 0.1)

    def _failing(self, lesson: Lesson, example: Example, trouble: Trouble) -> Step:
        values = {} if trouble.own else values_of(example, self._rng)
        history = () if trouble.own else history_of(example, values, self._rng)[:2]
        wait = self._wait()

        def act(at: float) -> None:
            begun = at - trouble.seconds
            source = f"{example.source.rstrip()}\n\n{trouble.change}\n"
            run = self._queued(lesson, example, values, begun - wait, begun, source if trouble.own else "")
            self._tables.runs.end(
                run.id,
                RunState.FAILED,
                at,
                reason=trouble.reason,
                detail=trouble.detail,
                seconds=trouble.seconds,
                history=history,
            )

        self.runs += 1
        return wait + trouble.seconds + self._rng.uniform(10, 120), act

    def _queued(
        self, lesson: Lesson, example: Example, values: Mapping[str, Value], at: float, started: float, own: str = ""
    ) -> Run:
        """A run that waited and was started; of `own` code if there is any."""
        who = self._who.id
        if own:
            order = Order(who, who, lesson.id, own, values=values)
        else:
            order = Order(who, who, lesson.id, write(example, values), example.id, example.role, values)
        run = self._tables.runs.add(order, at)
        self._tables.runs.started(run.id, started)
        return run

    def _wait(self) -> float:
        """Most start at once; some come when everybody does."""
        return self._rng.uniform(0.02, 0.4) if self._rng.random() < 0.8 else self._rng.expovariate(1 / 12)
