"""Learners who need an instructor, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from bot.domain import mastery, wording
from bot.domain.classes import Member
from bot.domain.ids import LearnerId
from bot.domain.traces import Answered, Ran, Traces
from bot.reports import measures
from bot.reports.running import FAILURES, OUTCOMES, outcome
from bot.reports.scope import AWAY_SECONDS, Scope
from bot.reports.values import Concern, ConcernGroup, ConcernKind

WRONG = 3
"""A learner with this many wrong answers to one question is stuck."""
FAILED = 3
"""Failed runs in a row that need an instructor."""

_WORDS = {
    ConcernKind.NEVER_STARTED: (
        "Never started",
        "Write to them: a link to the first lesson and a word on what to expect is often all it takes.",
    ),
    ConcernKind.AWAY: (
        "Away for over a week",
        "Ask what keeps them, and name the section they are at as the next small goal.",
    ),
    ConcernKind.STUCK: (
        "Stuck at a question",
        "Talk the question through with them; if many are stuck at the same one, look at its wording.",
    ),
    ConcernKind.FAILING_RUNS: (
        "Runs keep failing",
        "Look at their last error together: as a rule it is one value or one line.",
    ),
}
"""Title and advice."""


def attention(traces: Traces, scope: Scope) -> tuple[ConcernGroup, ...]:
    """All four groups, in the order of ConcernKind, those without anybody too."""
    traces = measures.in_view(traces, scope)
    members = {member.id: member for member in traces.members}
    seen = measures.last_seen(traces)
    found = {
        ConcernKind.NEVER_STARTED: _never_started(traces, seen, scope),
        ConcernKind.AWAY: _away(traces, seen, scope),
        ConcernKind.STUCK: _stuck(traces.answers, members, scope),
        ConcernKind.FAILING_RUNS: _failing(traces.runs, members),
    }
    return tuple(ConcernGroup(kind, *_WORDS[kind], tuple(sorted(found[kind], key=_begin))) for kind in ConcernKind)


def _begin(concern: Concern) -> float:
    return concern.member.enrolled_at if concern.since is None else concern.since


def _never_started(traces: Traces, seen: dict[LearnerId, float], scope: Scope) -> Iterator[Concern]:
    for member in traces.members:
        if member.id not in seen:
            yield Concern(member, f"enrolled {wording.ago(member.enrolled_at, scope.now)}", None)


def _away(traces: Traces, seen: dict[LearnerId, float], scope: Scope) -> Iterator[Concern]:
    best = mastery.of_each(traces.quizzes, mastery.best)
    for member in traces.members:
        at = seen.get(member.id)
        if at is not None and scope.now - at > AWAY_SECONDS and not measures.passed_all(best, scope, member.id):
            yield Concern(member, f"last seen {wording.ago(at, scope.now)}", at)


def _stuck(answers: Iterable[Answered], members: dict[LearnerId, Member], scope: Scope) -> Iterator[Concern]:
    """One concern a learner: the question they have been at longest."""
    names = {
        question.id: f"question {number} of “{lesson.title}”"
        for lesson in scope.lessons
        for number, question in enumerate(lesson.questions, 1)
    }
    for learner, given in groupby(answers, attrgetter("learner")):
        wrong = _wrong_since_right(given)
        stuck = sorted((n[1], n[0], question) for question, n in wrong.items() if n[0] >= WRONG)
        if stuck:
            since, times, question = stuck[0]
            more = f", and {wording.count(len(stuck) - 1, 'question')} more" if len(stuck) > 1 else ""
            yield Concern(members[learner], f"{times} wrong answers to {names[question]}{more}", since)


def _wrong_since_right(answers: Iterable[Answered]) -> dict[str, tuple[int, float]]:
    """By question: how many wrong answers since the last right one, and when the first of them was given."""
    wrong: dict[str, tuple[int, float]] = {}
    for answer in answers:
        if answer.correct:
            wrong.pop(answer.question, None)
        else:
            times, since = wrong.get(answer.question, (0, answer.at))
            wrong[answer.question] = times + 1, since
    return wrong


def _failing(runs: Iterable[Ran], members: dict[LearnerId, Member]) -> Iterator[Concern]:
    for learner, made in groupby(runs, attrgetter("learner")):
        row: list[Ran] = []
        for run in made:
            if outcome(run) in FAILURES:
                row.append(run)
            elif outcome(run) == "finished":
                row.clear()
        if len(row) >= FAILED:
            begin = row[0].queued_at if row[0].ended_at is None else row[0].ended_at
            why = f"{len(row)} runs failed in a row, the last one: {OUTCOMES[outcome(row[-1])]}"
            yield Concern(members[learner], why, begin)
