"""`tutor seed`: a class with four weeks behind it, so that every report has something to show.

Everything is drawn from one generator with a fixed seed and told from a given end backwards: the same arguments make
the same rows. Learners have a skill and a diligence; questions a difficulty and a sharpness (the two-parameter
logistic model of item response theory); a run's curve follows from its values. Rows are written by the store's own
functions, as the bot writes them.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from random import Random

from bot.domain import grading, versions
from bot.domain.classes import Assignment, Cohort
from bot.domain.grading import Grade
from bot.domain.rounds import Delivery, Round, RoundKind, counted
from bot.domain.runs import Epoch, Judgement, Order, Run, RunState, Value
from bot.domain.tokens import ALPHABET, CODE_LENGTH, shown_code
from bot.store import Store, Tables
from lessons.loader import load
from lessons.model import Course, Example, Kind, Lesson, Question, Role, Section
from lessons.parameters import write

FIRST_ID = 900_000_001
LEAST = 10
"""Learners: with fewer not every kind of them would be there."""
SEED = 1939
DAY, HOUR = 86400.0, 3600.0
SPAN = 28 * DAY
HOSTILE = ("<img src=x onerror=alert(1)>", '=HYPERLINK("http://example.com","x")')
NAMES = (
    "Amara Okafor", "Liam O’Connor", "Yuki Tanaka", "Sofía García", "Mehmet Yılmaz", "Priya Sharma", "Jonas Müller",
    "Chloé Dubois", "Nguyễn Minh Anh", "Fatima Zahra", "Oleksandr Kovalenko", "Ingrid Bjørnstad", "Mateo Rodríguez",
    "Zofia Kowalska", "Kwame Mensah", "Hana Nováková", "李伟", "Aisha Bello", "Luca Rossi", "Noor van den Berg",
    "Tomás Ferreira", "Eleni Papadopoulou", "Arjun Patel", "محمد الهاشمي", "Saoirse Byrne", "Ji-woo Kim",
    "Anneli Saarinen", "Diego Fernández", "Leila Haddad", "Björn Lindqvist", "Thandiwe Nkosi", "Marek Horváth",
    "Isabela Costa", "Dmitri Volkov", "Ayşe Demir", "Samuel Adeyemi", "Mei Lin Chen", "Rafael Silva", "נועה לוי",
    "Emma Johansson", "Ravi Krishnan", "Giulia Bianchi", "Omar Farouk", "Katarzyna Wiśniewska", "Hiroshi Sato",
    "Lucía Morales", "Pieter de Vries", "Nadia Petrova", "Tariq Aziz", "Camille Laurent", "Kofi Asante", "Elif Kaya",
    "Andrei Popescu", "Siti Rahayu", "Magnus Holm", "Valentina Cruz", "Ewa Zając", "Daniel Cohen",
)  # fmt: skip
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Lagos", "Asia/Tokyo")


class SeedRefused(Exception):
    """Nothing was made; the text says why."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made."""

    cohort: Cohort
    learners: int
    answers: int
    runs: int
    instructor: int
    end: float


class Way(Enum):
    """How a learner's four weeks went."""

    ORDINARY = auto()
    NEVER = auto()
    """Enrolled, and that was it."""
    AWAY = auto()
    """Began, and has not been seen for over a week."""
    STUCK = auto()
    """Answers one question wrong again and again."""
    FAILING = auto()
    """The last runs all failed."""
    HERE = auto()
    """Is at it this very minute."""


CROWD = (
    Way.HERE, Way.ORDINARY, Way.NEVER, Way.ORDINARY, Way.AWAY, Way.ORDINARY, Way.STUCK, Way.ORDINARY, Way.FAILING,
    Way.HERE, Way.ORDINARY, Way.ORDINARY, Way.AWAY, Way.ORDINARY, Way.ORDINARY,
)  # fmt: skip
"""Over and over."""


def seed(db: Path, learners: int, instructor: int, name: str, end: float, folder: Path | None = None) -> Seeded:
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
    """One piece of work of the store."""

    def __init__(self, course: Course, learners: int, instructor: int, name: str, end: float) -> None:
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
            life = _Life(tables, self._course, cohort, number, self._end, Random(f"{SEED}/{number}"))  # noqa: S311
            life.live()
            answers, runs = answers + life.answers, runs + life.runs
        return Seeded(cohort, self._learners, answers, runs, self._instructor, self._end)


def _refuse_twice(tables: Tables) -> None:
    if tables.learners.get(FIRST_ID) is None:
        return
    there = next(iter(tables.cohorts.of_learner(FIRST_ID)), None)
    which = f"the class “{there.name}” (code {there.code}) exists already" if there else "its learners exist already"
    raise SeedRefused(f"{which}; nothing was changed")


# People


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    username: str | None
    skill: float
    """0 is the middle, 1 a standard deviation."""
    diligence: float
    """0 to 1."""
    way: Way


def person_of(number: int, rng: Random) -> Person:
    """The learner with this place in the class."""
    name = HOSTILE[number - 4] if number in (4, 5) else _name(number if number < 4 else number - 2)
    plain = re.sub(r"[^a-z]+", "_", name.lower()).strip("_") if name.isascii() else ""
    username = f"{plain}_{number}" if plain and name not in HOSTILE and rng.random() < 0.8 else None
    way = CROWD[number % len(CROWD)]
    skill = rng.gauss(-0.8 if way in (Way.STUCK, Way.AWAY) else 0.5, 1.0)
    return Person(FIRST_ID + number, name, username, skill, rng.betavariate(3, 1.8), way)


def _name(number: int) -> str:
    """All of NAMES, then first names of some with last names of others."""
    again, place = divmod(number, len(NAMES))
    if not again:
        return NAMES[place]
    last = NAMES[(place + 7 * again) % len(NAMES)].split()[-1]
    return f"{NAMES[place].split()[0]} {last}"


# Questions


@dataclass(frozen=True, slots=True)
class Item:
    """How a question behaves: `difficulty` on the scale of skill; `sharpness` is the curve's slope there."""

    difficulty: float
    sharpness: float


ITEMS = (Item(-1.0, 2.0), Item(-0.2, 1.6), Item(-0.7, 1.9), Item(1.7, 1.7), Item(-0.2, 0.05), Item(0.3, 1.8))
"""In the order of the questions: easy, middling, easy, hard, one that tells nothing of skill, middling."""


def chance_of(question: Question, number: int, skill: float) -> float:
    """Chance of a right answer: from guessing upwards."""
    item = ITEMS[number % len(ITEMS)]
    guess = 1 / len(question.choices) if question.kind is Kind.SINGLE else 0.02
    return guess + (1 - guess) / (1 + math.exp(-item.sharpness * (skill - item.difficulty)))


def answer_of(question: Question, right: bool, rng: Random) -> Grade:
    """An answer as the bot grades it. Wrong ones are not all alike: most fall for the same thing."""
    if question.choices:
        return grading.grade_choices(question, _mask(question, right, rng))
    return grading.grade_text(question, _words(question, right, rng))


def _mask(question: Question, right: bool, rng: Random) -> int:
    places = range(len(question.choices))
    true = [i for i in places if question.choices[i].correct]
    false = [i for i in places if i not in true]
    if right:
        return sum(1 << i for i in true)
    if question.kind is Kind.SINGLE:
        # The last wrong choice fools hardly anybody.
        weights = [0.62, 0.33, 0.05][: len(false)] + [0.02] * (len(false) - 3)
        return 1 << rng.choices(false, weights)[0]
    common = [1 << true[0], sum(1 << i for i in (*true, *false[:1])), (1 << true[-1]) | sum(1 << i for i in false[-1:])]
    usual = rng.choices(common, [0.5, 0.35, 0.15])[0]
    return usual if usual != sum(1 << i for i in true) else (1 << len(places)) - 1


def _words(question: Question, right: bool, rng: Random) -> str:
    if question.kind is Kind.NUMERIC:
        number = question.number or 0.0
        wrong = (number - 1, number - 0.875, number * 8, number + 1, number * 25)
        return f"{number:g}" if right else f"{rng.choices(wrong, [0.45, 0.25, 0.15, 0.1, 0.05])[0]:g}"
    return rng.choice(question.answers) if right else rng.choice(("no idea", "gradient", "the loss", "?"))


# Runs


@dataclass(frozen=True, slots=True)
class Trouble:
    reason: str
    detail: str
    seconds: float
    own: bool
    """In code of the learner's own; else in the course's."""
    change: str = ""
    """Stands at the end of the learner's own code."""


_TRACE = 'Traceback (most recent call last):\n  File "your_code.py", line {line}\n    {code}\n{error}'
TROUBLES = (
    Trouble(
        "error",
        _TRACE.format(line=31, code="model.fit(x_trian)", error="NameError: name 'x_trian' is not defined"),
        1.4,
        True,
        "model.fit(x_trian)",
    ),
    Trouble("timeout", "The example took longer than the 60 seconds it may take.", 60.0, False),
    Trouble("memory", "The example used more memory than it may.", 4.2, True, "blocks = [bytearray(10**9)] * 9"),
    Trouble(
        "error",
        _TRACE.format(
            line=27, code="model.add(Dense('10'))", error="ValueError: units must be a positive integer, not '10'"
        ),
        1.1,
        True,
        "model.add(Dense('10'))",
    ),
    Trouble("output", "The example printed more than 4 MB.", 7.5, True, "while True: print(x_train)"),
    Trouble("lost", "The sandbox stopped working. This is no fault of the example; please run it again.", 3.0, False),
)
FREQUENT = (0.4, 0.2, 0.15, 0.15, 0.05, 0.05)


BREAKS = 0.03
"""Learning rate from which on the steps are too large to arrive anywhere."""


def values_of(example: Example, rng: Random) -> dict[str, Value]:
    """Values that a learner tries: mostly one knob at one of its presets, now and then two."""
    turned = rng.sample(example.parameters, min(len(example.parameters), rng.choices((0, 1, 2), (0.3, 0.5, 0.2))[0]))
    chosen = {p.name: rng.choice(p.offered or (p.default,)) for p in example.parameters if p in turned}
    return {p.name: chosen[p.name] for p in example.parameters if p.name in chosen and chosen[p.name] != p.default}


def history_of(example: Example, values: Mapping[str, Value], rng: Random) -> tuple[Epoch, ...]:
    """A curve that rises faster with larger steps, to a lower top with fewer neurons, and breaks with too large ones.

    A formula that looks right, made to be looked at; no measurement.
    """
    knobs = {p.name: p.default for p in example.parameters} | dict(values)
    epochs, batch = int(knobs.get("epochs", 10)), float(knobs.get("batch_size", 32))
    rate, units = float(knobs.get("learning_rate", 0.001)), float(knobs.get("hidden_units", 64))
    chance, validated = example.chance or 0.1, "validation_data" in example.source
    pace = (0.55 if validated else 0.03) * (rate / 0.001) ** 0.6 * (32 / batch) ** 0.5
    top = 0.985 - 0.9 / (units + 2) if rate < BREAKS else chance + 0.25 * rng.random()
    tick = 0.12 + 0.9 / batch
    history, worse = [], 0.004 + 0.02 * rng.random()
    for epoch in range(1, epochs + 1):
        learned = (1 - math.exp(-pace * epoch)) * (1 if rate < BREAKS else 0.4)
        accuracy = _share(chance + (top - chance) * learned + rng.gauss(0, 0.006))
        loss = max(0.004, 2.31 * (1 - learned) + 0.04 + abs(rng.gauss(0, 0.01)))
        metrics = {"accuracy": accuracy, "loss": round(loss, 4)}
        if validated:
            memorised = 0.0 if rate >= BREAKS else min(0.08, 0.0012 * max(0.0, pace * epoch - 6))
            metrics["val_accuracy"] = _share(accuracy - worse - memorised + rng.gauss(0, 0.004))
            metrics["val_loss"] = round(loss + 0.05 + 8 * memorised, 4)
        history.append(Epoch(epoch, epochs, metrics, round(0.9 + tick * epoch, 3)))
    return tuple(history)


def judgements_of(example: Example, learned: float, rng: Random) -> tuple[Judgement, ...]:
    """The untrained baseline, and the learner's model, which gets about `learned` right."""
    chance, examples = example.chance or 0.1, 360 if example.data else 20
    found = []
    for trained, expected in ((False, chance), (True, learned)):
        luck = rng.gauss(0, (expected * (1 - expected) / examples) ** 0.5)
        right = round(examples * _share(expected + luck)) / examples
        loss = round(2.4 * (1 - right) + 0.08, 4)
        precision, recall = _share(right + 0.004), _share(right - 0.006)
        f1 = round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0
        metrics = {"accuracy": right, "loss": loss}
        found.append(Judgement(trained, examples, metrics, right, precision, recall, f1))
    return tuple(found)


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 4)


# A life


Act = Callable[[float], None]
Step = tuple[float, Act]
"""Seconds that it takes, and what is written at its end."""


class _Life:
    """What one learner did, told as steps, then put into sessions whose last one ends where their way says."""

    def __init__(self, tables: Tables, course: Course, cohort: Cohort, number: int, end: float, rng: Random) -> None:
        self._tables = tables
        self._course = course
        self._cohort = cohort
        self._end = end
        self._rng = rng
        self._number = number
        self._who = person_of(number, rng)
        self._round: Round | None = None
        self._best = dict[str, float]()
        """Accuracy of the last training, by example."""
        self.answers = self.runs = 0

    def live(self) -> None:
        steps = list(self._steps())
        times = self._times([seconds for seconds, _ in steps])
        joined = self._end - SPAN + HOUR * self._rng.uniform(2, 90)
        if steps:
            joined = min(joined, times[0] - steps[0][0] - self._rng.uniform(60, 2 * HOUR))
        self._join(joined)
        for (_, act), at in zip(steps, times, strict=True):
            act(at)
        if self._who.way is Way.AWAY and self._number % 2:
            self._tables.learners.unreachable(self._who.id)

    def _join(self, at: float) -> None:
        who = self._who
        self._tables.learners.meet(who.id, who.name, who.username, "en", at)
        self._tables.cohorts.enrol(self._cohort.id, who.id, at + 20)
        if self._rng.random() < 0.3:
            self._tables.learners.set_zone(who.id, self._rng.choice(ZONES))

    def _times(self, durations: list[float]) -> list[float]:
        """When each step ends. Sessions lie apart, in the evenings, told backwards from the last one."""
        rng, n = self._rng, len(durations)
        if not n:
            return []
        last = self._last()
        count = max(1, min(n, round(1 + 4 * self._who.diligence + rng.uniform(-0.5, 1))))
        cuts = sorted({n, *(rng.randint(1, n) for _ in range(count - 1))})
        first = self._end - SPAN + rng.uniform(0.3, 6) * DAY
        times = [0.0] * n
        bound = last
        for place in range(len(cuts) - 1, -1, -1):
            begin, stop = (cuts[place - 1] if place else 0), cuts[place]
            at = bound if place == len(cuts) - 1 else min(bound, self._evening(first, last, place / len(cuts)))
            for step in range(stop - 1, begin - 1, -1):
                times[step] = at
                at -= durations[step]
            bound = at - rng.uniform(1, 5) * HOUR
        return times

    def _evening(self, first: float, last: float, share: float) -> float:
        about = first + (last - first) * share
        return about - about % DAY + HOUR * min(23.5, max(6.0, self._rng.gauss(18.5, 2.6)))

    def _last(self) -> float:
        """End of the last session."""
        rng = self._rng
        match self._who.way:
            case Way.HERE:
                return self._end - rng.uniform(5, 13 * 60)
            case Way.AWAY:
                return self._end - rng.uniform(8, 17) * DAY
            case Way.STUCK | Way.FAILING:
                return self._end - rng.uniform(0.2, 4) * DAY
            case _:
                return self._end - rng.uniform(0.1, 9) * DAY

    def _steps(self) -> Iterator[Step]:
        way = self._who.way
        for place, lesson in enumerate(self._course.lessons):
            final = place == len(self._course.lessons) - 1
            if way is Way.NEVER or (place and self._rng.random() > self._who.diligence):
                return
            match way:
                case Way.AWAY:
                    yield from self._part(lesson)
                    return
                case Way.HERE if final:
                    yield from self._underway(lesson)
                case Way.STUCK if final:
                    yield from self._reading(lesson, len(lesson.sections))
                    yield from self._stuck(lesson)
                case _:
                    yield from self._whole(lesson)
        if way is Way.FAILING:
            yield from self._failures(self._course.lessons[-1])

    # Ways through a lesson

    def _whole(self, lesson: Lesson) -> Iterator[Step]:
        who, rng = self._who, self._rng
        all_of_it = len(lesson.sections)
        far = all_of_it if rng.random() < 0.5 + who.diligence / 2 else rng.randint(min(2, all_of_it), all_of_it)
        yield from self._reading(lesson, far)
        if lesson.questions and far == len(lesson.sections):
            passes = 1
            yield from self._pass(lesson, who.skill)
            while passes < 4 and rng.random() < 0.55 * who.diligence:
                yield from self._training(lesson, rng.choice(lesson.examples) if lesson.examples else None)
                yield from self._pass(lesson, who.skill + 0.9 * passes)
                passes += 1

    def _part(self, lesson: Lesson) -> Iterator[Step]:
        """Some way, and some of those into the quiz; not to its end."""
        far = self._rng.randint(1, len(lesson.sections))
        yield from self._reading(lesson, far)
        if lesson.questions and far > len(lesson.sections) // 2:
            yield from self._pass(lesson, self._who.skill, upto=self._rng.randint(0, len(lesson.questions) - 1))

    def _underway(self, lesson: Lesson) -> Iterator[Step]:
        """Here at this moment: most before the same question, others reading or training."""
        kind = self._rng.randrange(5)
        if kind == 1 or not lesson.questions:
            yield from self._reading(lesson, self._rng.randint(1, len(lesson.sections)))
        elif kind == 2 and lesson.of_role(Role.TRAIN):
            yield from self._reading(lesson, len(lesson.sections))
            yield from self._training(lesson, lesson.of_role(Role.TRAIN)[-1])
        else:
            yield from self._reading(lesson, len(lesson.sections))
            upto = min(3, len(lesson.questions) - 1) + (self._rng.random() < 0.5)
            yield from self._pass(lesson, self._who.skill, upto=min(upto, len(lesson.questions) - 1), waiting=True)

    def _stuck(self, lesson: Lesson) -> Iterator[Step]:
        """Into the quiz as far as a hard question, which stays wrong; then they leave."""
        if not lesson.questions:
            return
        hard = max(range(len(lesson.questions)), key=lambda n: ITEMS[n % len(ITEMS)].difficulty)
        at = hard if self._rng.random() < 0.7 else self._rng.randrange(len(lesson.questions))
        yield from self._pass(lesson, self._who.skill, upto=at)
        for _ in range(self._rng.randint(3, 5)):
            yield self._answered(lesson.questions[at], False, hinted=True)

    def _failures(self, lesson: Lesson) -> Iterator[Step]:
        trains = lesson.of_role(Role.TRAIN)
        for _ in range(self._rng.randint(3, 5) if trains else 0):
            yield self._failing(lesson, self._rng.choice(trains), self._rng.choices(TROUBLES, FREQUENT)[0])

    # Reading

    def _reading(self, lesson: Lesson, far: int) -> Iterator[Step]:
        """So many sections, and most of the examples that they show."""
        for section in lesson.sections[:far]:
            yield self._read(lesson, section)
            for id in section.examples:
                if self._rng.random() < 0.35 + 0.6 * self._who.diligence:
                    yield from self._training(lesson, lesson.example(id))

    def _read(self, lesson: Lesson, section: Section) -> Step:
        def act(at: float) -> None:
            self._tables.reading.turn_to(self._who.id, lesson.id, section.id, 0, at)
            self._tables.reading.finish_section(self._who.id, lesson.id, section.id, at)

        words = len(section.body.split())
        return self._rng.lognormvariate(0, 0.4) * max(15.0, words / 3.5), act

    # Quizzes

    def _pass(self, lesson: Lesson, skill: float, upto: int | None = None, waiting: bool = False) -> Iterator[Step]:
        """A pass through the quiz, or its first `upto` questions; `waiting`: the next one has been sent as well."""
        asked = lesson.questions if upto is None else lesson.questions[:upto]
        yield self._rng.uniform(2, 20), lambda at: self._begin(lesson, at)
        for number, question in enumerate(asked):
            chance = chance_of(question, number, skill)
            right = self._rng.random() < chance
            hinted = bool(question.hint) and self._rng.random() < 0.45 * (1 - chance)
            yield self._answered(question, right, hinted)
            while not right and self._rng.random() < 0.55:
                chance += (1 - chance) / 2
                right = self._rng.random() < chance
                yield self._answered(question, right, hinted)
        if upto is None:
            yield self._rng.uniform(1, 6), lambda at: self._finish(lesson, at)
        elif waiting:
            open_ = lesson.questions[upto]
            yield self._rng.uniform(2, 40), lambda at: void(self._deliver(open_, at))

    def _deliver(self, question: Question, at: float) -> Delivery:
        return self._tables.rounds.deliver(self._going, question.id, at, versions.written(question))

    @property
    def _going(self) -> Round:
        assert self._round, "a pass is begun before anything in it happens"
        return self._round

    def _begin(self, lesson: Lesson, at: float) -> None:
        self._round = self._tables.rounds.start(self._who.id, RoundKind.QUIZ, lesson.id, at)

    def _finish(self, lesson: Lesson, at: float) -> None:
        answers = counted(lesson, self._tables.rounds.first_answers(self._going.id))
        self._tables.rounds.finish(self._going.id, sum(answers.values()), len(lesson.questions), at)

    def _answered(self, question: Question, right: bool, hinted: bool) -> Step:
        """The question is sent, and answered after a while."""
        grade = answer_of(question, right, self._rng)
        seconds = 6 + self._rng.lognormvariate(2.6, 0.6) + 15 * hinted

        def act(at: float) -> None:
            rounds = self._tables.rounds
            delivery = self._deliver(question, at - seconds)
            if hinted:
                rounds.hint(delivery.id)
                delivery = replace(delivery, hinted=True)
            rounds.answer(delivery, grade.answer, grade.correct, at)

        self.answers += 1
        return seconds + self._rng.uniform(2, 12), act

    # Runs

    def _training(self, lesson: Lesson, example: Example | None) -> Iterator[Step]:
        """Runs of an example, with one value after another; now and then one fails or is stopped."""
        if example is None or (example.needs and example.needs not in self._best):
            return
        for _ in range(1 if example.role is Role.EVALUATE else self._rng.choices((1, 2, 3, 4), (4, 3, 2, 1))[0]):
            luck = self._rng.random()
            if luck < 0.06 and example.role is Role.TRAIN:
                yield self._failing(lesson, example, self._rng.choices(TROUBLES, FREQUENT)[0])
            else:
                yield self._running(lesson, example, stopped=luck > 0.97)

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


def void(_: object) -> None:
    """An act gives nothing back."""
