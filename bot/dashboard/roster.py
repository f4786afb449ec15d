"""The class as a list: a row for each learner, with their progress at a glance. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain import mastery
from bot.domain.classes import Member
from bot.domain.traces import Traces
from bot.reports import measures
from bot.reports.scope import AWAY_SECONDS, Scope

SORTS = ("name", "seen", "score")
"""What the list can be sorted by; a minus before it turns it round."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    member: Member
    last_seen: float | None
    away: bool
    """Was here once, has not passed, and left no trace for over 7 days."""
    sections: int
    score: float | None
    finished: int
    """Lessons whose quiz they finished."""
    passed: int
    """Lessons whose quiz they passed."""
    quizzes: int
    """Lessons in view that have a quiz."""
    begun: bool
    runs: int

    @property
    def state(self) -> str:
        """Of their quizzes, in a word or two."""
        if not self.quizzes:
            return "no quiz"
        if self.passed == self.quizzes:
            return "passed"
        if self.quizzes > 1 and self.finished:
            return f"{self.passed} of {self.quizzes} passed"
        return "not passed" if self.finished else "begun" if self.begun else "not begun"


def roster(traces: Traces, scope: Scope) -> tuple[RosterRow, ...]:
    """Members in their given order, which is that of their names."""
    traces = measures.in_view(traces, scope)
    seen, best = measures.last_seen(traces), mastery.of_each(traces.quizzes, mastery.best)
    scores = measures.scores(best)
    sections = Counter(read.learner for read in traces.sections)
    runs = Counter(run.learner for run in traces.runs)
    begun = {quiz.learner for quiz in traces.quizzes}
    quizzed = [lesson.id for lesson in scope.lessons if lesson.questions]

    def row(member: Member) -> RosterRow:
        id, at = member.id, seen.get(member.id)
        quizzes = [best[id, lesson] for lesson in quizzed if (id, lesson) in best]
        passed = sum(map(mastery.is_passed, quizzes))
        return RosterRow(
            member=member,
            last_seen=at,
            away=at is not None and scope.now - at > AWAY_SECONDS and passed < len(quizzed),
            sections=sections[id],
            score=float(scores[id]) if id in scores else None,
            finished=len(quizzes),
            passed=passed,
            quizzes=len(quizzed),
            begun=id in begun,
            runs=runs[id],
        )

    return tuple(map(row, traces.members))


def ordered(rows: Sequence[RosterRow], sort: str) -> tuple[RosterRow, ...]:
    """By `name`, `seen` (the latest first) or `score` (the best first); what is not known comes last, unless turned
    round by a minus."""
    keys: dict[str, Callable[[RosterRow], float]] = {
        "seen": lambda row: float("-inf") if row.last_seen is None else row.last_seen,
        "score": lambda row: -1.0 if row.score is None else row.score,
    }
    name = sort.removeprefix("-")
    found = sorted(rows, key=keys[name], reverse=True) if name in keys else list(rows)
    return tuple(reversed(found) if sort.startswith("-") else found)
