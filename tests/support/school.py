"""Classes with their instructors and learners, made by what people say and press."""

from __future__ import annotations

from bot.domain.classes import Cohort
from bot.domain.rounds import RoundKind
from bot.store import Tables
from tests.support.desk import IRIS, JUNO, Desk

LESSON = "model-training-and-evaluation"


async def make(desk: Desk, name: str = "Autumn", instructor: int = IRIS) -> Cohort:
    """A class, by its instructor's command."""
    await desk.says(f"/newclass {name}", learner=instructor)
    return (await desk.store.read(lambda t: t.cohorts.taught_by(instructor)))[0]


async def join(desk: Desk, cohort: Cohort, *learners: int) -> None:
    for learner in learners:
        offered = await desk.says(f"/start j{cohort.code}", learner=learner)
        await desk.presses(offered.key("Join"), learner=learner)


async def members(desk: Desk, cohort: Cohort) -> list[int]:
    return [m.id for m in await desk.store.read(lambda t: t.cohorts.members(cohort.id))]


async def appoint(desk: Desk, person: int = JUNO) -> None:
    await desk.says("/start", learner=person)
    await desk.says(f"/appoint {person}", learner=IRIS)
    await desk.ticks()


async def pass_quiz(desk: Desk, learner: int, right: int = 5, lesson: str = LESSON) -> None:
    def passes(tables: Tables) -> None:
        tables.rounds.finish(tables.rounds.start(learner, RoundKind.QUIZ, lesson, desk.now).id, right, 6, desk.now)

    await desk.store.transact(passes)
