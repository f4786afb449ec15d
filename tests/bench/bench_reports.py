"""Whether a class' reports stay quick beside a hundred thousand other learners: `python -m tests.bench.bench_reports`.

Two databases in a temporary folder: a big one (100,000 learners in classes of 300, each with about 50 answers and 3
runs), and as the baseline one with the rows of just one of those classes. Rounds measure everything in both, one after
the other; the figures are medians, and the ratio says what the others' rows cost. `--learners` and `--attempts` make it
smaller. Needs about 4 GB on the disk for some minutes, and removes it at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import httpx
from pydantic import SecretStr
from starlette.applications import Starlette

from bot.app import build
from bot.commands.seeding.answers import answer_of
from bot.commands.seeding.curves import history_of, values_of
from bot.dashboard.sign_in import COOKIE
from bot.dashboard.site import Dashboard
from bot.domain import tokens
from bot.domain.authority import Authority
from bot.domain.classes import Cohort
from bot.domain.people import Session
from bot.domain.traces import Traces
from bot.exports import files, sheets, xapi
from bot.exports.naming import Naming
from bot.features.report import jobs as report
from bot.reports.attention import attention
from bot.reports.gradebook import gradebook
from bot.reports.overview import overview
from bot.reports.person import person
from bot.reports.pulse import pulse
from bot.reports.questions import questions
from bot.reports.running import run_figures
from bot.reports.scope import ACTIVE_SECONDS, Scope
from bot.services import Services
from bot.settings import Settings
from bot.store import Store, Tables
from bot.turns.jobs import Occasion
from bot.turns.turn import Identity
from lessons.loader import load
from lessons.model import Lesson, Role
from lessons.parameters import write
from tests.support.told_runner import ToldRunner

ROUNDS = 15
CLASS = 300
RUNS = 3
"""Of each learner."""
NOW = 1_800_000_000.0
DAY = 86400.0
SPAN = 28 * DAY
FIRST = 1_000_000
"""The first learner's id; the class measured is the one that they are in."""
COHORT = 1
INSTRUCTOR = 1
"""Of that class; each has its own."""
BYTES_AN_ATTEMPT, BYTES_A_RUN = 500, 4000
"""With indexes, and some to spare."""
POOL = 40
"""Different answers to a question, and different runs; they come again and again."""


# What is measured


PAGES = ("", "/questions", "/attention", "/learners", f"/learners/{FIRST}", "/runs", "/live", "/exports")
"""Under the class' address; each is asked for as a browser does, cookie and all, and comes back as HTML."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A database with the class in it, and what reports are handed."""

    services: Services
    browser: httpx.AsyncClient
    cohort: Cohort
    scope: Scope
    traces: Traces
    learner: int

    @property
    def store(self) -> Store:
        return self.services.store

    async def opened(self, page: str) -> str:
        answer = await self.browser.get(f"/dashboard/classes/{COHORT}{page}")
        assert answer.status_code == 200, answer.text
        return answer.text


Measured = Callable[[Ground], Awaitable[object]]


def reading(work: Callable[[Tables, Ground], object]) -> Measured:
    """Through the store's reader, as the bot does it."""
    return lambda ground: ground.store.read(lambda tables: work(tables, ground))


def computing(work: Callable[[Ground], object]) -> Measured:
    """From traces that were read before."""

    async def measured(ground: Ground) -> object:
        return work(ground)

    return measured


def shown_pulse(tables: Tables, ground: Ground) -> object:
    asked = tables.traces.asked(COHORT, NOW - ACTIVE_SECONDS)
    return pulse(tables.traces.of_class(COHORT, since=NOW - DAY), asked, ground.scope)


MEASURED: list[tuple[str, Measured]] = [
    ("read: traces of the class", reading(lambda t, g: t.traces.of_class(COHORT))),
    ("read: traces of the class, last 7 days", reading(lambda t, g: t.traces.of_class(COHORT, since=NOW - 7 * DAY))),
    ("read: traces of one learner", reading(lambda t, g: t.traces.of_class(COHORT, learner=g.learner))),
    ("read: last question of each", reading(lambda t, g: t.traces.asked(COHORT, NOW - ACTIVE_SECONDS))),
    ("read: members", reading(lambda t, g: t.cohorts.members(COHORT))),
    ("report: overview", computing(lambda g: overview(g.traces, g.scope))),
    ("report: questions", computing(lambda g: questions(g.traces, g.scope))),
    ("report: attention", computing(lambda g: attention(g.traces, g.scope))),
    ("report: person", computing(lambda g: person(g.traces, g.scope, g.learner))),
    ("report: runs", computing(lambda g: run_figures(g.traces, g.scope))),
    ("report: gradebook", computing(lambda g: gradebook(g.traces, g.scope))),
    ("whole: pulse, read and made", reading(shown_pulse)),
    ("export: gradebook.csv", computing(lambda g: files.as_csv(graded(g)))),
    ("export: gradebook.xlsx", computing(lambda g: files.as_xlsx([graded(g)]))),
    ("export: attempts.csv", computing(lambda g: files.as_csv(sheets.attempts(g.traces, g.scope, named(g))))),
    ("export: attempts.xlsx", computing(lambda g: files.as_xlsx([sheets.attempts(g.traces, g.scope, named(g))]))),
    ("export: xAPI", computing(lambda g: sum(map(len, xapi.statements(g.traces, g.scope, named(g), "https://t.org"))))),
    ("the chat's /report, picture and gradebook", reading(lambda t, g: reported(t, g))),
    *((f"page: {page or '/'}", lambda g, page=page: g.opened(page)) for page in PAGES),  # type: ignore[misc]
]


def reported(tables: Tables, ground: Ground) -> object:
    asked = {"chat": INSTRUCTOR, "cohort": COHORT, "by": INSTRUCTOR}
    identity = Identity(authority=Authority(frozenset({INSTRUCTOR})))
    return report.read(Occasion(tables, NOW, asked, ground.services.course, identity))


def named(ground: Ground) -> Naming:
    return Naming(ground.cohort, pseudonyms=True)


def graded(ground: Ground) -> sheets.Sheet:
    return sheets.gradebook(gradebook(ground.traces, ground.scope), ground.scope, named(ground))


# The databases


class Builder:
    """Fills an empty database of today's schema in bulk, in the order of time: a class' rows lie far apart, as they
    would."""

    def __init__(self, lesson: Lesson, learners: int, attempts: int) -> None:
        self._lesson = lesson
        self._learners = learners
        self._each = max(1, attempts // learners)
        self._classes = -(-learners // CLASS)
        # Every third question is answered twice.
        self._pattern = [(q.id, tries) for n, q in enumerate(lesson.questions) for tries in range(2 - (n % 3 != 1))]
        self._rng = Random(1)

    def build(self, path: Path) -> None:
        Store(path).close()
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            for pragma in ("foreign_keys=off", "journal_mode=off", "synchronous=off", "cache_size=-400000"):
                db.execute(f"pragma {pragma}")
            with without_indexes(db):
                db.execute("begin")
                self._people(db)
                self._reading(db)
                self._quizzes(db)
                self._runs(db)
                db.execute("commit")

    def _people(self, db: sqlite3.Connection) -> None:
        begin = NOW - SPAN
        ids = range(FIRST, FIRST + self._learners)
        people = ((id, f"Learner {id * 7919 % 100_003}", f"user_{id}", "en", begin) for id in ids)
        db.executemany("insert into learners(id, name, username, language, joined_at) values(?, ?, ?, ?, ?)", people)
        classes = ((n + 1, f"Class {n}", f"CODE{n:04}", f"salt {n}", begin, 1, None) for n in range(self._classes))
        db.executemany("insert into cohorts values(?, ?, ?, ?, ?, ?, ?)", classes)
        db.executemany("insert into teaching values(?, ?, ?)", ((n + 1, n + 1, begin) for n in range(self._classes)))
        enrolled = ((n % self._classes + 1, id, begin) for n, id in enumerate(ids))
        db.executemany("insert into enrolments values(?, ?, ?)", enrolled)

    def _reading(self, db: sqlite3.Connection) -> None:
        lesson, sections = self._lesson.id, self._lesson.sections
        for n, section in enumerate(sections):
            at = NOW - SPAN + n * DAY
            read = ((FIRST + i, lesson, section.id, at + i % 3600) for i in range(self._learners) if i % 9 >= n)
            db.executemany("insert into sections_read values(?, ?, ?, ?)", read)
        places = ((FIRST + i, lesson, sections[i % len(sections)].id, 0, self._late(i)) for i in range(self._learners))
        db.executemany("insert into bookmarks values(?, ?, ?, ?, ?)", places)

    def _late(self, i: int) -> float:
        """A time within the last four hours."""
        return NOW - 60 - i * 7919 % 14_400

    def _quizzes(self, db: sqlite3.Connection) -> None:
        length, total = len(self._pattern), len(self._lesson.questions)
        passes = -(-self._each // length)

        def quizzes() -> Iterator[tuple[Any, ...]]:
            for n in range(passes):
                whole = (n + 1) * length <= self._each
                for i in range(self._learners):
                    at = self._late(i) - (passes - 1 - n) * SPAN / passes
                    end = (at, (i + n) % (total + 1), total) if whole else (None, None, None)
                    yield (n * self._learners + i + 1, FIRST + i, "quiz", self._lesson.id, at - 600, *end)

        db.executemany("insert into rounds values(?, ?, ?, ?, ?, ?, ?, ?)", quizzes())
        db.executemany(
            "insert into deliveries(id, round, learner, lesson, question, tries, sent_at, hinted)"
            " values(?, ?, ?, ?, ?, ?, ?, ?)",
            self._deliveries(passes),
        )
        self._attempts(db)

    def _deliveries(self, passes: int) -> Iterator[tuple[Any, ...]]:
        length, learners, lesson = len(self._pattern), self._learners, self._lesson.id
        for k in range(self._each):
            n, place = divmod(k, length)
            question, tries = self._pattern[place]
            before = (passes - 1 - n) * SPAN / passes + 60 * (length - place)
            for i in range(learners):
                quiz = n * learners + i + 1
                yield (
                    k * learners + i + 1,
                    quiz,
                    FIRST + i,
                    lesson,
                    question,
                    tries,
                    self._late(i) - before,
                    i % 7 == 0,
                )

    def _attempts(self, db: sqlite3.Connection) -> None:
        """Every delivery is answered, from a pool of answers."""
        columns = "question text, n integer, answer text, correct integer, primary key(question, n)"
        db.execute(f"create temp table pool({columns}) without rowid")
        for question in self._lesson.questions:
            for n in range(POOL):
                grade = answer_of(question, self._rng.random() < 0.6, self._rng)
                answer = json.dumps(grade.answer)
                db.execute("insert into pool values(?, ?, ?, ?)", [question.id, n, answer, grade.correct])
        db.execute(
            "insert into attempts(delivery, learner, lesson, question, answer, correct, first, at, hinted, seconds)"
            " select d.id, d.learner, d.lesson, d.question, p.answer, p.correct, d.tries = 0,"
            " d.sent_at + 8 + d.id % 30, d.hinted, 8 + d.id % 30"
            " from deliveries d join pool p on p.question = d.question and p.n = d.id * 7919 % ? order by d.id",
            [POOL],
        )

    def _runs(self, db: sqlite3.Connection) -> None:
        examples = self._lesson.of_role(Role.TRAIN)
        pool = []
        for n in range(POOL):
            example = examples[n % len(examples)]
            values = values_of(example, self._rng)
            history = history_of(example, values, self._rng)
            last = history[-1].metrics
            metric = "val_accuracy" if "val_accuracy" in last else "accuracy"
            ended = ("failed", "timeout", "It took too long.") if n % 10 == 9 else ("finished", None, None)
            figure = (metric, last[metric]) if n % 10 != 9 else (None, None)
            code = (example.id, "train", json.dumps(values), write(example, values), 1)
            pool.append((code, ended, json.dumps([asdict(epoch) for epoch in history]), figure))

        def runs() -> Iterator[tuple[Any, ...]]:
            for k in range(RUNS):
                for i in range(self._learners):
                    code, ended, history, figure = pool[(i * 31 + k * 17) % POOL]
                    at = self._late(i) - (RUNS - k) * DAY
                    row = (k * self._learners + i + 1, FIRST + i, FIRST + i, self._lesson.id)
                    times = (at, at + 0.4, at + 5.4, 5.0)
                    yield (*row, *code, *ended, *times, history, "Epoch 1\n" * 40, *figure)

        db.executemany(
            "insert into runs(id, learner, chat, lesson, example, role, parameters, source, verified, state, reason,"
            " detail, queued_at, started_at, ended_at, seconds, history, output, metric, figure)"
            f" values({', '.join('?' * 20)})",
            runs(),
        )


@contextmanager
def without_indexes(db: sqlite3.Connection) -> Iterator[None]:
    """Drop the indexes, and make them again at the end: sorting once is quicker than keeping them sorted."""
    made = db.execute("select name, sql from sqlite_master where type = 'index' and sql is not null").fetchall()
    for name, _ in made:
        db.execute(f"drop index {name}")
    yield
    for _, sql in made:
        db.execute(sql)


def single_out(big: Path, small: Path) -> None:
    """A database with the rows of the one class."""
    Store(small).close()
    with closing(sqlite3.connect(small, isolation_level=None)) as db:
        db.execute("pragma foreign_keys=off")
        db.execute("attach ? as big", [str(big)])
        db.execute("begin")
        mine = f"in (select learner from big.enrolments where cohort = {COHORT})"
        for table in ("bookmarks", "sections_read", "rounds", "deliveries", "attempts", "runs"):
            db.execute(f"insert into {table} select * from big.{table} where learner {mine}")
        db.execute(f"insert into learners select * from big.learners where id {mine}")
        db.execute(f"insert into cohorts select * from big.cohorts where id = {COHORT}")
        for table in ("teaching", "enrolments"):
            db.execute(f"insert into {table} select * from big.{table} where cohort = {COHORT}")
        db.execute("commit")


# Rounds


async def ground(path: Path, lessons: tuple[Lesson, ...]) -> Ground:
    settings = Settings(token=SecretStr("1:unused"), db=path, instructors=frozenset({INSTRUCTOR}))
    _, services = build(settings, ToldRunner(), clock=lambda: NOW)
    cohort = await services.store.read(lambda tables: tables.cohorts.get(COHORT))
    assert cohort
    traces = await services.store.read(lambda tables: tables.traces.of_class(COHORT))
    return Ground(services, await browser(services), cohort, Scope(lessons, NOW), traces, FIRST)


async def browser(services: Services) -> httpx.AsyncClient:
    """One that the class' instructor has signed in with."""
    secret = tokens.secret()
    await services.store.transact(
        lambda tables: tables.sessions.open(secret.hash, Session(INSTRUCTOR, "csrf", NOW, NOW))
    )
    transport = httpx.ASGITransport(Starlette(routes=Dashboard(services).routes))
    return httpx.AsyncClient(transport=transport, base_url="http://tutor.test", cookies={COOKIE: secret.text})


async def measure(big: Ground, small: Ground) -> dict[str, tuple[list[float], list[float]]]:
    """Milliseconds of each round, in the big and in the small one; the first round warms up and does not count."""
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name, _ in MEASURED}
    for number in range(ROUNDS + 1):
        for name, measured in MEASURED:
            for place, where in enumerate((big, small) if number % 2 else (small, big)):
                began = time.perf_counter()
                await measured(where)
                took = (time.perf_counter() - began) * 1000
                if number:
                    found[name][place if number % 2 else 1 - place].append(took)
    return found


def table(found: dict[str, tuple[list[float], list[float]]], ground: Ground, sizes: str) -> str:
    of = ground.traces
    lines = [
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} processors; medians of"
        f" {ROUNDS} interleaved rounds. A class of {len(of.members)} with {len(of.answers):,} answers and"
        f" {len(of.runs):,} runs, {sizes}; the baseline is a database with that class alone.",
        "",
        "| what | big | slowest | baseline | big : baseline |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, (big, small) in found.items():
        ratio = median(b / s for b, s in zip(big, small, strict=True))
        lines.append(f"| {name} | {median(big):.1f} ms | {max(big):.1f} ms | {median(small):.1f} ms | {ratio:.2f} |")
    return "\n".join(lines)


async def rounds(big: Path, small: Path, sizes: str) -> str:
    lessons = load().lessons
    both = [await ground(path, lessons) for path in (big, small)]
    try:
        assert both[0].traces == both[1].traces, "both hold the same class"
        gc.collect()
        gc.freeze()  # as `tutor serve` does once it has started
        return table(await measure(*both), both[0], sizes)
    finally:
        for one in both:
            one.store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=100_000)
    parser.add_argument("--attempts", type=int, default=5_000_000)
    given = parser.parse_args()
    needed = given.attempts * BYTES_AN_ATTEMPT + given.learners * RUNS * BYTES_A_RUN
    with tempfile.TemporaryDirectory(prefix="bench-reports-") as folder:
        if (free := shutil.disk_usage(folder).free) < needed:
            sys.exit(f"this needs {needed / 1e9:.1f} GB in {folder}, and {free / 1e9:.1f} GB are free: set TMPDIR")
        big, small = Path(folder, "big.db"), Path(folder, "small.db")
        began = time.monotonic()
        Builder(load().lessons[0], given.learners, given.attempts).build(big)
        single_out(big, small)
        gigabytes = big.stat().st_size / 1e9
        print(f"built in {time.monotonic() - began:.0f} s: {gigabytes:.2f} GB", file=sys.stderr)
        sizes = f"among {given.learners:,} learners and {given.attempts:,} answers ({gigabytes:.1f} GB)"
        print(asyncio.run(rounds(big, small, sizes)))


if __name__ == "__main__":
    main()
