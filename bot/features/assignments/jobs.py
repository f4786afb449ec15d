"""What a class has to do by when: set, told to those who have not done it, and reminded of once. And the end of a
class, which takes all of that along.

The chat and the web pages do it in the same way, in a transaction.
"""

from __future__ import annotations

from datetime import tzinfo

from bot.domain.classes import Assignment, Cohort
from bot.domain.ids import CohortId, LearnerId
from bot.domain.messages import Mode
from bot.domain.zones import zone
from bot.features.assignments import screens
from bot.store import Tables
from bot.telegram.screen import Screen
from bot.turns.jobs import Occasion
from lessons.model import Lesson

REMIND = "remind"
"""Kind of the timer that reminds; there is one an assignment."""
DAY = 86400.0


def assign(tables: Tables, cohort: Cohort, lesson: Lesson, due_at: float, by: LearnerId, now: float) -> bool:
    """Have the class pass a lesson's quiz by `due_at`; another date moves it. False when that is so already."""
    before = tables.cohorts.assignment(cohort.id, lesson.id)
    if before and before.due_at == due_at:
        return False
    tables.cohorts.assign(Assignment(cohort.id, lesson.id, due_at, by, now))
    tables.timers.set(REMIND, reminded_at(due_at, now), _payload(cohort.id, lesson.id))
    for member in tables.cohorts.not_passed(cohort.id, lesson.id):
        if member.reachable:
            told = screens.assigned(cohort.name, lesson, due_at, _zone(tables, member.id))
            _tell(tables, member.id, told, now)
    return True


def reminded_at(due_at: float, now: float) -> float:
    """A day before, or in the middle of what is left when that is less than two days."""
    return max(due_at - DAY, (now + due_at) / 2)


def unassign(tables: Tables, cohort: CohortId, lesson: str) -> bool:
    """False when it was not assigned."""
    tables.timers.unset(REMIND, _payload(cohort, lesson))
    return tables.cohorts.unassign(cohort, lesson)


def end_class(tables: Tables, cohort: CohortId, now: float) -> None:
    """End the class. Its assignments end with it."""
    for assignment in tables.cohorts.assignments(cohort):
        unassign(tables, cohort, assignment.lesson)
    tables.cohorts.end(cohort, now)


def remind(due: Occasion) -> None:
    """The timer's work: a word to those who have not passed the quiz; nobody after it was due."""
    tables, payload, now = due.tables, due.payload, due.now
    cohort, lesson = tables.cohorts.get(CohortId(payload["cohort"])), due.course.lesson(payload["lesson"])
    assignment = tables.cohorts.assignment(cohort.id, payload["lesson"]) if cohort else None
    if cohort is None or lesson is None or assignment is None or now >= assignment.due_at:
        return
    for member in tables.cohorts.not_passed(cohort.id, lesson.id):
        if member.reachable:
            screen = screens.reminder(cohort.name, lesson, assignment.due_at, _zone(tables, member.id))
            _tell(tables, member.id, screen, now)


def _tell(tables: Tables, learner: LearnerId, screen: Screen, now: float) -> None:
    tables.outbox.add(screen.outgoing(learner, "", Mode.NEW), now)


def _zone(tables: Tables, learner: LearnerId) -> tzinfo:
    known = tables.learners.get(learner)
    return zone(known.zone if known else None)


def _payload(cohort: CohortId, lesson: str) -> dict[str, object]:
    return {"cohort": cohort, "lesson": lesson}
