"""One learner of `tutor seed`, from joining the class to the last session."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from bot.commands.seeding.answers import ITEMS
from bot.commands.seeding.people import ZONES, Way, person_of
from bot.commands.seeding.quizzes import QuizSteps
from bot.commands.seeding.runs import RunSteps
from bot.commands.seeding.schedule import HOUR, SPAN, Step, times
from bot.domain.classes import Cohort
from bot.store import Tables
from lessons.model import Course, Lesson, Role, Section


class Life:
    """Simulates one learner: builds their steps, groups them into sessions, and writes them with their times. The
    learner's `Way` decides what they do, and when the last session ends."""

    def __init__(self, tables: Tables, course: Course, cohort: Cohort, number: int, end: float, rng: Random) -> None:
        self._tables = tables
        self._course = course
        self._cohort = cohort
        self._end = end
        self._rng = rng
        self._number = number
        self._who = person_of(number, rng)
        self._quizzes = QuizSteps(tables, self._who, rng)
        self._runs = RunSteps(tables, self._who, rng)

    @property
    def answers(self) -> int:
        return self._quizzes.answers

    @property
    def runs(self) -> int:
        return self._runs.runs

    def live(self) -> None:
        """Write all that the learner did."""
        steps = list(self._steps())
        ends = times([seconds for seconds, _ in steps], self._who, self._end, self._rng)
        joined = self._end - SPAN + HOUR * self._rng.uniform(2, 90)
        if steps:
            joined = min(joined, ends[0] - steps[0][0] - self._rng.uniform(60, 2 * HOUR))
        self._join(joined)
        for (_, act), at in zip(steps, ends, strict=True):
            act(at)
        if self._who.way is Way.AWAY and self._number % 2:
            self._tables.learners.unreachable(self._who.id)

    def _join(self, at: float) -> None:
        who = self._who
        self._tables.learners.meet(who.id, who.name, who.username, "en", at)
        self._tables.cohorts.enrol(self._cohort.id, who.id, at + 20)
        if self._rng.random() < 0.3:
            self._tables.learners.set_zone(who.id, self._rng.choice(ZONES))

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
            yield from self._runs.failures(self._course.lessons[-1])

    # Ways through a lesson

    def _whole(self, lesson: Lesson) -> Iterator[Step]:
        """The lesson, as far as the learner goes, and passes through its quiz."""
        who, rng = self._who, self._rng
        all_of_it = len(lesson.sections)
        far = all_of_it if rng.random() < 0.5 + who.diligence / 2 else rng.randint(min(2, all_of_it), all_of_it)
        yield from self._reading(lesson, far)
        if lesson.questions and far == len(lesson.sections):
            passes = 1
            yield from self._quizzes.passes(lesson, who.skill)
            while passes < 4 and rng.random() < 0.55 * who.diligence:
                yield from self._runs.training(lesson, rng.choice(lesson.examples) if lesson.examples else None)
                yield from self._quizzes.passes(lesson, who.skill + 0.9 * passes)
                passes += 1

    def _part(self, lesson: Lesson) -> Iterator[Step]:
        """Some way, and some of those into the quiz; not to its end."""
        far = self._rng.randint(1, len(lesson.sections))
        yield from self._reading(lesson, far)
        if lesson.questions and far > len(lesson.sections) // 2:
            yield from self._quizzes.passes(
                lesson, self._who.skill, upto=self._rng.randint(0, len(lesson.questions) - 1)
            )

    def _underway(self, lesson: Lesson) -> Iterator[Step]:
        """Here at this moment: most before the same question, others reading or training."""
        kind = self._rng.randrange(5)
        if kind == 1 or not lesson.questions:
            yield from self._reading(lesson, self._rng.randint(1, len(lesson.sections)))
        elif kind == 2 and lesson.of_role(Role.TRAIN):
            yield from self._reading(lesson, len(lesson.sections))
            yield from self._runs.training(lesson, lesson.of_role(Role.TRAIN)[-1])
        else:
            yield from self._reading(lesson, len(lesson.sections))
            upto = min(3, len(lesson.questions) - 1) + (self._rng.random() < 0.5)
            yield from self._quizzes.passes(
                lesson, self._who.skill, upto=min(upto, len(lesson.questions) - 1), waiting=True
            )

    def _stuck(self, lesson: Lesson) -> Iterator[Step]:
        """Into the quiz as far as a hard question, which stays wrong; then they leave."""
        if not lesson.questions:
            return
        hard = max(range(len(lesson.questions)), key=lambda n: ITEMS[n % len(ITEMS)].difficulty)
        at = hard if self._rng.random() < 0.7 else self._rng.randrange(len(lesson.questions))
        yield from self._quizzes.passes(lesson, self._who.skill, upto=at)
        for _ in range(self._rng.randint(3, 5)):
            yield self._quizzes.answered(lesson.questions[at], False, hinted=True)

    # Reading

    def _reading(self, lesson: Lesson, far: int) -> Iterator[Step]:
        """So many sections, and most of the examples that they show."""
        for section in lesson.sections[:far]:
            yield self._read(lesson, section)
            for id in section.examples:
                if self._rng.random() < 0.35 + 0.6 * self._who.diligence:
                    yield from self._runs.training(lesson, lesson.example(id))

    def _read(self, lesson: Lesson, section: Section) -> Step:
        def act(at: float) -> None:
            self._tables.reading.turn_to(self._who.id, lesson.id, section.id, 0, at)
            self._tables.reading.finish_section(self._who.id, lesson.id, section.id, at)

        words = len(section.body.split())
        return self._rng.lognormvariate(0, 0.4) * max(15.0, words / 3.5), act
