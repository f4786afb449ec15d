"""What the store says of a class: who has not passed yet, and who an announcement is for."""

from __future__ import annotations

import pytest

from bot.domain.classes import Cohort
from bot.domain.rounds import RoundKind
from bot.store import CodeTaken, Store, Tables
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
            tables.rounds.finish(tables.rounds.start(learner, RoundKind.QUIZ, lesson, NOW).id, right, 10, NOW)
        tables.rounds.start(JUNO, RoundKind.QUIZ, "one", NOW)
        return [member.id for member in tables.cohorts.not_passed(cohort.id, "one")]

    assert await store.transact(work) == [GRACE, JUNO]


async def test_one_pass_of_several_is_enough(store: Store) -> None:
    def work(tables: Tables) -> list[int]:
        cohort = a_class(tables)
        for right in (3, 10, 3):
            tables.rounds.finish(tables.rounds.start(ADA, RoundKind.QUIZ, "one", NOW).id, right, 10, NOW)
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


async def test_a_code_belongs_to_one_class(store: Store) -> None:
    first = await store.transact(lambda t: t.cohorts.create("Autumn", "AAAAAAAA", "salt", IRIS, NOW))
    other = await store.transact(lambda t: t.cohorts.create("Spring", "BBBBBBBB", "salt", IRIS, NOW))
    with pytest.raises(CodeTaken):
        await store.transact(lambda t: t.cohorts.create("Summer", first.code, "salt", IRIS, NOW))
    with pytest.raises(CodeTaken):
        await store.transact(lambda t: t.cohorts.recode(other.id, first.code))
    assert await store.read(lambda t: [cohort.name for cohort in t.cohorts.taught_by(IRIS)]) == ["Spring", "Autumn"]
