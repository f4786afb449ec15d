"""Chat, reminders, reports and exports use one rule for passed, for best, and for the time that counts."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from bot.domain import mastery
from bot.domain.classes import Assignment
from bot.domain.learning import Passed, Standing
from bot.domain.mastery import enough
from bot.domain.rounds import RoundKind
from bot.reports import measures
from bot.reports.gradebook import gradebook
from bot.reports.scope import Scope
from bot.store import Store, Tables
from lessons.model import Course
from tests.support.desk import ADA, IRIS, NOW


def taken(right: int | None, total: int | None, finished_at: float | None = 100.0) -> Passed:
    return Passed(ADA, "first", 0.0, finished_at, right, total)


@pytest.mark.parametrize(
    ("right", "total", "outcome"), [(7, 10, True), (6, 10, False), (1, 1, True), (0, 1, False), (0, 0, False)]
)
def test_seventy_of_a_hundred_pass(right: int, total: int, outcome: bool) -> None:
    assert enough(right, total) is outcome
    assert mastery.is_passed(taken(right, total)) is outcome


def test_no_rounding_moves_the_limit() -> None:
    for total in range(1, 1000):
        least = next(right for right in range(total + 1) if enough(right, total))
        assert 10 * least >= 7 * total > 10 * (least - 1)


def test_what_is_not_finished_is_not_passed() -> None:
    assert not mastery.is_passed(taken(None, None, None))
    assert not mastery.is_passed(None)
    assert mastery.best([taken(None, None, None)]) is None
    assert mastery.handed_in([taken(None, None, None)]) is None


def test_the_best_has_the_highest_share_and_of_equals_was_finished_first() -> None:
    passes = [taken(5, 10, 1.0), taken(8, 10, 3.0), taken(4, 5, 2.0), taken(16, 20, 4.0)]
    assert mastery.best(passes) == taken(4, 5, 2.0)
    assert mastery.share(taken(4, 5)) == Fraction(4, 5)


def test_the_time_that_counts_is_that_of_the_first_pass_that_was_enough() -> None:
    passes = [taken(5, 10, 1.0), taken(7, 10, 2.0), taken(10, 10, 3.0)]
    assert mastery.handed_in(passes) == taken(7, 10, 2.0)
    assert mastery.handed_in(passes[:1]) == taken(5, 10, 1.0)


def test_passed_after_the_time_is_late() -> None:
    standing = Standing("first", finished=(taken(9, 10, 50.0),))
    states = [
        mastery.due_of("First", Assignment(1, "first", due_at, IRIS, 0.0), standing).state for due_at in (40.0, 50.0)
    ]
    assert states == ["passed after that", "passed in time"]
    assert not mastery.due_of("First", Assignment(1, "first", 40.0, IRIS, 0.0), None).passed


async def test_chat_reminders_and_reports_agree_about_any_passes(store: Store, small_course: Course) -> None:
    """Sixty learners with random passes: the chat's standing, the list of those to remind, and the class' gradebook."""
    rng, lesson = random.Random(9), small_course.lessons[0]
    learners = range(1, 61)

    def fill(tables: Tables) -> int:
        tables.learners.meet(IRIS, "Iris", None, None, NOW)
        cohort = tables.cohorts.create("Autumn", "AAAAAAAA", "salt", IRIS, NOW)
        for learner in learners:
            tables.learners.meet(learner, f"Learner {learner}", None, None, NOW)
            tables.cohorts.enrol(cohort.id, learner, NOW)
            for n in range(rng.randrange(5)):
                going, total = tables.rounds.start(learner, RoundKind.QUIZ, lesson.id, NOW + n), rng.randrange(31)
                if rng.random() < 0.8:
                    tables.rounds.finish(going.id, rng.randint(0, total), total, NOW + n + rng.random())
        return cohort.id

    cohort = await store.transact(fill)
    to_remind = await store.read(lambda tables: {member.id for member in tables.cohorts.not_passed(cohort, lesson.id)})
    traces = await store.read(lambda tables: tables.traces.of_class(cohort))
    grades = {row.member.id: row for row in gradebook(traces, Scope((lesson,), NOW + 100))}
    for learner in learners:
        standings = await store.read(lambda tables, one=learner: tables.reading.standings(one))  # type: ignore[misc]
        best = mastery.best(standings[lesson.id].finished) if lesson.id in standings else None
        row = grades[learner]
        known = (best.right, best.total, best.finished_at) if best else (None, None, None)
        assert (row.right, row.total, row.best_at) == known
        assert row.passed is mastery.is_passed(best) is (learner not in to_remind)
    assert 0 < len(to_remind) < len(learners)
    assert {row.passed for row in grades.values()} == {True, False}
    best_of_each = mastery.of_each(traces.quizzes, mastery.best)
    passed = {learner for learner in learners if measures.passed_all(best_of_each, Scope((lesson,), NOW), learner)}
    assert passed == set(learners) - to_remind
