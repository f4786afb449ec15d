"""What the store says of a class: who has yet to pass, and whom an announcement is for."""

from __future__ import annotations

from bot.domain.classes import Cohort
from bot.store import Store, Tables
from tests.support.desk import ADA, GRACE, IRIS, JUNO, NOW


def a_class(tables: Tables) -> Cohort:
    for learner in (ADA, GRACE, JUNO):
        tables.learners.meet(learner, f"Learner {learner}", None, None, NOW)
    cohort = tables.cohorts.create("Autumn", "AAAAAAAA", "salt", IRIS, NOW)
    for learner in (ADA, GRACE, JUNO):
        tables.cohorts.enrol(cohort.id, learner, NOW)
    return cohort


async def test_who_has_not_passed(store: Store) -> None:
    def work(tables: Tables) -> list[int]:
        cohort = a_class(tables)
        for learner, lesson, right in ((ADA, "one", 7), (GRACE, "one", 6), (GRACE, "two", 10)):
            tables.quizzes.finish(tables.quizzes.start(learner, lesson, NOW).id, right, 10, NOW)
        tables.quizzes.start(JUNO, "one", NOW)
        return [member.id for member in tables.cohorts.not_passed(cohort.id, "one")]

    assert await store.transact(work) == [GRACE, JUNO]


async def test_one_pass_of_several_is_enough(store: Store) -> None:
    def work(tables: Tables) -> list[int]:
        cohort = a_class(tables)
        for right in (3, 10, 3):
            tables.quizzes.finish(tables.quizzes.start(ADA, "one", NOW).id, right, 10, NOW)
        return [member.id for member in tables.cohorts.not_passed(cohort.id, "one")]

    assert await store.transact(work) == [GRACE, JUNO]


async def test_who_left_before_it_was_sent_is_no_recipient(store: Store) -> None:
    def work(tables: Tables) -> tuple[list[int], int]:
        cohort = a_class(tables)
        drafts = [tables.announcements.draft(cohort.id, IRIS, "Hello", [ADA, GRACE], NOW) for _ in range(2)]
        tables.cohorts.leave(cohort.id, GRACE)
        assert tables.announcements.send(drafts[0].id, NOW)
        assert not tables.announcements.send(drafts[0].id, NOW)
        tables.cohorts.enrol(cohort.id, GRACE, NOW)
        return tables.announcements.recipients(drafts[0].id), len(tables.announcements.recipients(drafts[1].id))

    assert await store.transact(work) == ([ADA], 2)
