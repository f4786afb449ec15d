"""A small class by hand: who did what, in the words of the small course."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from bot.domain.classes import Assignment, Member
from bot.domain.learning import Passed
from bot.domain.traces import Answered, Asked, PageOpened, Ran, SectionRead, Traces
from bot.reports.scope import DAY, Scope
from lessons.model import Course

NOW = 1_800_000_000.0
"""2027-01-15 08:00:00 UTC."""
MINUTE = 60.0
HOUR = 3600.0
ENROLLED = NOW - 30 * DAY


@dataclass
class Room:
    """Learners are known by their names; what they do is appended, and `traces` puts it in the store's order."""

    course: Course
    names: tuple[str, ...] = ()
    answers: list[Answered] = field(default_factory=list)
    sections: list[SectionRead] = field(default_factory=list)
    places: list[PageOpened] = field(default_factory=list)
    quizzes: list[Passed] = field(default_factory=list)
    runs: list[Ran] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    _ids: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.home = {q.id: lesson.id for lesson in self.course.lessons for q in lesson.questions}

    def id(self, name: str) -> int:
        """Somebody who is no member gets an id of their own."""
        return self.names.index(name) + 1 if name in self.names else 900 + len(name)

    def member(self, name: str) -> Member:
        return next(member for member in self.traces.members if member.name == name)

    def answer(self, name: str, question: str, *given: str, right: bool, at: float = NOW - HOUR, **more: Any) -> None:
        facts: dict[str, Any] = {"first": 1, "hinted": 0, "seconds": 10.0, "lesson": self.home.get(question, "first")}
        row = facts | more
        self.answers.append(
            Answered(
                self.id(name),
                row["lesson"],
                question,
                json.dumps(given or (("a",) if right else ("b",))),
                int(right),
                row["first"],
                row["hinted"],
                row["seconds"],
                at,
            )
        )

    def read(self, name: str, section: str, at: float = NOW - HOUR, lesson: str = "first") -> None:
        self.sections.append(SectionRead(self.id(name), lesson, section, at))

    def opens(self, name: str, section: str, at: float = NOW - HOUR, lesson: str = "first") -> None:
        self.places.append(PageOpened(self.id(name), lesson, section, 0, at))

    def quiz(
        self, name: str, right: int | None, total: int | None, at: float = NOW - HOUR, lesson: str = "first"
    ) -> None:
        """Finished at `at`, begun a minute before; `right` None: not finished."""
        finished = None if right is None else at
        self.quizzes.append(Passed(self.id(name), lesson, at - MINUTE, finished, right, total))

    def run(
        self, name: str, state: str = "finished", reason: str | None = None, at: float = NOW - HOUR, **more: Any
    ) -> None:
        """Queued at `at`, started after 2 seconds, ended after 10 more."""
        over = state not in ("queued", "running")
        row = Ran(
            id=next(self._ids),
            learner=self.id(name),
            lesson="first",
            example="train",
            role="train",
            verified=1,
            state=state,
            reason=reason,
            queued_at=at,
            started_at=None if state == "queued" else at + 2,
            ended_at=at + 12 if over else None,
            seconds=10.0 if over else None,
            metric="val_accuracy" if state == "finished" else None,
            figure=0.9 if state == "finished" else None,
            parameters="{}",
        )
        self.runs.append(row._replace(**more))

    def own_code(self, name: str, state: str = "finished", at: float = NOW - HOUR, **more: Any) -> None:
        self.run(name, state, at=at, example="own", role="own", verified=0, **more)

    def sent(self, name: str, question: str, at: float, answered: bool = False, lesson: str | None = None) -> None:
        self.asked.append(Asked(self.id(name), lesson or self.home[question], question, at, int(answered)))

    def due(self, lesson: str, at: float) -> None:
        self.assignments.append(Assignment(1, lesson, at, 7, ENROLLED))

    @property
    def traces(self) -> Traces:
        by_learner = {"key": lambda row: (row.learner, row.at)}
        return Traces(
            tuple(Member(i, name, None, ENROLLED) for i, name in enumerate(self.names, 1)),
            tuple(sorted(self.answers, **by_learner)),  # type: ignore[arg-type]
            tuple(sorted(self.sections, **by_learner)),  # type: ignore[arg-type]
            tuple(sorted(self.places, **by_learner)),  # type: ignore[arg-type]
            tuple(sorted(self.quizzes, key=lambda row: (row.learner, row.started_at))),
            tuple(sorted(self.runs, key=lambda row: (row.learner, row.queued_at, row.id))),
            assignments=tuple(self.assignments),
        )

    def scope(self, *lessons: str, **more: Any) -> Scope:
        """All lessons unless some are named."""
        chosen = tuple(lesson for lesson in self.course.lessons if not lessons or lesson.id in lessons)
        return Scope(chosen, **({"now": NOW} | more))


def enrolled_at(traces: Traces, at: dict[str, float]) -> Traces:
    """The same class, some of them enrolled at another time."""
    members = tuple(replace(m, enrolled_at=at.get(m.name, m.enrolled_at)) for m in traces.members)
    return replace(traces, members=members)
