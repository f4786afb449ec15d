from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from bot.domain import mastery
from bot.domain.classes import Assignment, Cohort, Member
from bot.domain.ids import CohortId, LearnerId
from bot.store import people
from bot.store.unique import unique_or

_COHORT = "select c.id, c.name, c.code, c.salt, c.created_at, c.open, c.ended_at from cohorts c "
_MEMBER = (
    "select l.id, l.name, l.username, e.at as enrolled_at, l.reachable"
    " from enrolments e join learners l on l.id = e.learner "
)


class CodeTaken(Exception):
    """Another class has this code."""


class CohortsTable:
    """Classes: who teaches them, who is enrolled, what is due."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def create(self, name: str, code: str, salt: str, instructor: LearnerId, at: float) -> Cohort:
        """A class with its first instructor. Raises CodeTaken."""
        with unique_or(CodeTaken(code)):
            rows = self._db.query(
                "insert into cohorts(name, code, salt, created_at) values(?, ?, ?, ?) returning id",
                [name, code, salt, at],
            )
        cohort = Cohort(CohortId(next(iter(rows))["id"]), name, code, salt, at)
        self.add_instructor(cohort.id, instructor, at)
        return cohort

    def get(self, id: CohortId) -> Cohort | None:
        return self._one(_COHORT + "where c.id = ?", [id])

    def by_code(self, code: str) -> Cohort | None:
        """A class that has not ended, whether or not its code still lets people in."""
        return self._one(_COHORT + "where c.code = ? and c.ended_at is null", [code])

    def set_open(self, id: CohortId, open: bool) -> None:
        self._db.execute("update cohorts set open = ? where id = ?", [open, id])

    def recode(self, id: CohortId, code: str) -> None:
        """Give the class another code. Links with the old one stop working. Raises CodeTaken."""
        with unique_or(CodeTaken(code)):
            self._db.execute("update cohorts set code = ? where id = ?", [code, id])

    def rename(self, id: CohortId, name: str) -> None:
        self._db.execute("update cohorts set name = ? where id = ?", [name, id])

    def end(self, id: CohortId, at: float) -> None:
        """Ends the class. Its enrolments and assignments are deleted, and no instructor can open it."""
        self._db.execute("update cohorts set ended_at = ?, open = 0 where id = ?", [at, id])
        self._db.execute("delete from enrolments where cohort = ?", [id])
        self._db.execute("delete from assignments where cohort = ?", [id])

    # Instructors

    def add_instructor(self, cohort: CohortId, instructor: LearnerId, at: float) -> bool:
        """Returns False when the person teaches the class already."""
        return self._changes("insert or ignore into teaching values(?, ?, ?)", [cohort, instructor, at])

    def instructors(self, cohort: CohortId) -> list[LearnerId]:
        """Ids of the instructors, the one who joined first first."""
        rows = self._db.execute("select instructor from teaching where cohort = ? order by at, instructor", [cohort])
        return [LearnerId(row[0]) for row in rows]

    def taught_by(self, instructor: LearnerId) -> list[Cohort]:
        """The instructor's classes that have not ended, newest first."""
        rows = self._db.query(
            _COHORT + "join teaching t on t.cohort = c.id where t.instructor = ? and c.ended_at is null"
            " order by c.created_at desc, c.id desc",
            [instructor],
        )
        return [_cohort(row) for row in rows]

    def taught(self, id: CohortId, instructor: LearnerId) -> Cohort | None:
        """The class, if this instructor teaches it and it has not ended. Every access to a class is checked here."""
        return self._one(
            _COHORT + "join teaching t on t.cohort = c.id where c.id = ? and t.instructor = ? and c.ended_at is null",
            [id, instructor],
        )

    # Learners

    def enrol(self, cohort: CohortId, learner: LearnerId, at: float) -> bool:
        """Returns False when the learner is in the class already."""
        return self._changes("insert or ignore into enrolments values(?, ?, ?)", [cohort, learner, at])

    def leave(self, cohort: CohortId, learner: LearnerId) -> bool:
        """Returns False when the learner was not in the class."""
        return self._changes("delete from enrolments where cohort = ? and learner = ?", [cohort, learner])

    def of_learner(self, learner: LearnerId) -> list[Cohort]:
        """Classes that the learner is in, the one joined last first."""
        rows = self._db.query(
            _COHORT + "join enrolments e on e.cohort = c.id where e.learner = ? order by e.at desc, c.id desc",
            [learner],
        )
        return [_cohort(row) for row in rows]

    def members(self, cohort: CohortId) -> list[Member]:
        """The learners in the class, by name."""
        rows = self._db.query(_MEMBER + "where e.cohort = ? order by l.id", [cohort])
        return people.by_name(people.member(row) for row in rows)

    def member(self, cohort: CohortId, learner: LearnerId) -> Member | None:
        rows = self._db.query(_MEMBER + "where e.cohort = ? and e.learner = ?", [cohort, learner])
        return next((people.member(row) for row in rows), None)

    def not_passed(self, cohort: CohortId, lesson: str) -> list[Member]:
        """Members who have not passed the lesson's quiz, by name."""
        rows = self._db.execute(
            "select q.learner, q.correct, q.total from enrolments e cross join quizzes q on q.learner = e.learner"
            " where e.cohort = ? and q.lesson = ? and q.finished_at is not null",
            [cohort, lesson],
        )
        passed = {learner for learner, right, total in rows if mastery.enough(right, total)}
        return [member for member in self.members(cohort) if member.id not in passed]

    def size(self, cohort: CohortId) -> int:
        return int(self._db.execute("select count(*) from enrolments where cohort = ?", [cohort]).fetchone()[0])

    # Assignments

    def assign(self, assignment: Assignment) -> None:
        """Assigns a lesson. One that was assigned before gets the new date."""
        self._db.execute(
            "insert into assignments(cohort, lesson, due_at, set_by, set_at) values(?, ?, ?, ?, ?)"
            " on conflict do update set due_at = excluded.due_at, set_by = excluded.set_by, set_at = excluded.set_at",
            [assignment.cohort, assignment.lesson, assignment.due_at, assignment.set_by, assignment.set_at],
        )

    def unassign(self, cohort: CohortId, lesson: str) -> bool:
        return self._changes("delete from assignments where cohort = ? and lesson = ?", [cohort, lesson])

    def assignment(self, cohort: CohortId, lesson: str) -> Assignment | None:
        rows = self._db.query("select * from assignments where cohort = ? and lesson = ?", [cohort, lesson])
        return next((Assignment(**row) for row in rows), None)

    def assignments(self, cohort: CohortId) -> list[Assignment]:
        """Assignments of the class, the one due soonest first."""
        rows = self._db.query("select * from assignments where cohort = ? order by due_at, lesson", [cohort])
        return [Assignment(**row) for row in rows]

    def _one(self, sql: str, parameters: list[Any]) -> Cohort | None:
        return next((_cohort(row) for row in self._db.query(sql, parameters)), None)

    def _changes(self, sql: str, parameters: list[Any]) -> bool:
        return self._db.execute(sql, parameters).rowcount == 1


def _cohort(row: dict[str, Any]) -> Cohort:
    return Cohort(**{**row, "open": bool(row["open"])})
