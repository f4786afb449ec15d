"""`tutor seed`: a class with four weeks behind it, so that every report has something to show.

Everything is drawn from one generator with a fixed seed and told from a given end backwards: the same arguments make
the same rows. Learners have a skill and a diligence; questions a difficulty and a sharpness (the two-parameter
logistic model of item response theory); a run's curve follows from its values. Rows are written by the store's own
functions, as the bot writes them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bot.commands.seeding.life import Life
from bot.commands.seeding.people import FIRST_ID
from bot.commands.seeding.schedule import DAY, HOUR, SPAN
from bot.domain.classes import Assignment, Cohort
from bot.domain.ids import LearnerId
from bot.domain.tokens import ALPHABET, CODE_LENGTH, shown_code
from bot.store import Store, Tables
from lessons.loader import load
from lessons.model import Course

SEED = 1939
"""Starts every random choice, so that the same arguments make the same rows."""


class SeedRefused(Exception):
    """Nothing was made; the text says why."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made."""

    cohort: Cohort
    learners: int
    answers: int
    runs: int
    instructor: LearnerId
    end: float


def seed(db: Path, learners: int, instructor: LearnerId, name: str, end: float, folder: Path | None = None) -> Seeded:
    """Make the class in the database at `db`, which is made too if it is not there. `end` is the present of the class,
    `folder` that of the course, if it is not the packaged one.

    Raises SeedRefused when its learners are there already, StoreUnavailable and OSError when it cannot be written.
    """
    db.parent.mkdir(parents=True, exist_ok=True)
    course = load(folder)
    store = Store(db)
    try:
        work = _Maker(course, learners, instructor, name, end)
        return asyncio.run(store.transact(work))
    finally:
        store.close()


def summary(made: Seeded, db: Path) -> str:
    """What was made, and how to see it."""
    until = datetime.fromtimestamp(made.end, UTC)
    return f"""
  The class “{made.cohort.name}” (code {shown_code(made.cohort.code)}) is in {db}:
  {made.learners} learners, {made.answers:,} answers and {made.runs:,} runs in the four weeks up to
  {until:%Y-%m-%d %H:%M} UTC.

  To see it: `tutor try`, then send /dashboard as the instructor ({made.instructor}), or /report in the chat.
"""


class _Maker:
    """Makes the class, as one piece of work of the store."""

    def __init__(self, course: Course, learners: int, instructor: LearnerId, name: str, end: float) -> None:
        self._course = course
        self._learners = learners
        self._instructor = instructor
        self._name = name
        self._end = end

    def __call__(self, tables: Tables) -> Seeded:
        _refuse_twice(tables)
        rng = Random(SEED)  # noqa: S311 - a story, not a secret
        begin = self._end - SPAN
        code = "".join(rng.choices(ALPHABET, k=CODE_LENGTH))
        if tables.cohorts.by_code(code):
            raise SeedRefused(f"a class with the code {code} exists already")
        # The salt is as well known as this code: these pseudonyms hide nobody, and there is nobody to hide.
        salt = f"{rng.getrandbits(128):032x}"
        cohort = tables.cohorts.create(self._name, code, salt, self._instructor, begin)
        for number, lesson in enumerate(self._course.lessons):
            due = self._end + (3 + 7 * number) * DAY
            tables.cohorts.assign(Assignment(cohort.id, lesson.id, due, self._instructor, begin + HOUR))
        answers = runs = 0
        for number in range(self._learners):
            life = Life(tables, self._course, cohort, number, self._end, Random(f"{SEED}/{number}"))  # noqa: S311
            life.live()
            answers, runs = answers + life.answers, runs + life.runs
        return Seeded(cohort, self._learners, answers, runs, self._instructor, self._end)


def _refuse_twice(tables: Tables) -> None:
    if tables.learners.get(LearnerId(FIRST_ID)) is None:
        return
    there = next(iter(tables.cohorts.of_learner(LearnerId(FIRST_ID))), None)
    which = f"the class “{there.name}” (code {there.code}) exists already" if there else "its learners exist already"
    raise SeedRefused(f"{which}; nothing was changed")
