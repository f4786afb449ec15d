"""How far a class has come, and on which days it worked."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import partial
from itertools import compress

from bot.domain import mastery
from bot.domain.ids import LearnerId
from bot.domain.learning import Passed
from bot.domain.traces import Traces
from bot.reports import measures
from bot.reports.scope import AWAY_SECONDS, Scope
from bot.reports.values import Bin, Day, Overview, Stage

BINS = 10
MOST_DAYS = 92
"""About a quarter of a year: more do not fit a chart."""


def overview(traces: Traces, scope: Scope) -> Overview:
    """Counts of learners, their scores, the funnel through the lessons, and the days."""
    traces = measures.in_view(traces, scope)
    acts = measures.acts(traces)
    seen = measures.last_seen(traces)
    best = mastery.of_each(traces.quizzes, mastery.best)
    quizzed = [lesson.id for lesson in scope.lessons if lesson.questions]
    passed = {learner for learner in seen if measures.passed_all(best, scope, learner)}
    scores = list(measures.scores(best).values())
    return Overview(
        enrolled=len(traces.members),
        started=len(seen),
        finished=sum(all((learner, lesson) in best for lesson in quizzed) for learner in seen) if quizzed else 0,
        passed=len(passed),
        never_started=len(traces.members) - len(seen),
        inactive=sum(learner not in passed and scope.now - at > AWAY_SECONDS for learner, at in seen.items()),
        median_score=measures.median([float(score) for score in scores]),
        scores=_bins(scores),
        funnel=tuple(_funnel(traces, acts, scope, best)),
        days=_days(traces, acts, scope),
    )


def _bins(scores: list[Fraction]) -> tuple[Bin, ...]:
    counts = Counter(min(int(score * BINS), BINS - 1) for score in scores)
    return tuple(Bin(i / BINS, (i + 1) / BINS, counts[i]) for i in range(BINS))


def _funnel(
    traces: Traces, acts: measures.Acts, scope: Scope, best: dict[tuple[LearnerId, str], Passed]
) -> Iterator[Stage]:
    started = Counter(lesson_id for _, lesson_id in set(zip(acts.learners, acts.lessons, strict=True)))
    read = Counter((row.lesson, row.section) for row in traces.sections)  # a learner has one row a section
    finished = Counter(lesson_id for _, lesson_id in best)
    passed = Counter(lesson_id for (_, lesson_id), quiz in best.items() if mastery.is_passed(quiz))
    for lesson in scope.lessons:
        yield Stage(lesson.title, "Started" if scope.whole else "Active", started[lesson.id])
        for section in lesson.sections:
            yield Stage(lesson.title, section.title, read[lesson.id, section.id])
        if lesson.questions:
            yield Stage(lesson.title, "Quiz finished", finished[lesson.id])
            yield Stage(lesson.title, "Quiz passed", passed[lesson.id])


def _days(traces: Traces, acts: measures.Acts, scope: Scope) -> tuple[Day, ...]:
    # A pass may have been started before the span.
    kept = [True] * len(acts.times) if scope.since is None else [at >= scope.since for at in acts.times]
    times = list(compress(acts.times, kept))
    days = _axis(times, scope)
    # Where each day begins: a search among these is faster than the calendar, thousands of times. Place 0 is for what
    # lies before the first.
    place = partial(bisect_right, [datetime.combine(day, time(), scope.zone).timestamp() for day in days])
    places = list(map(place, times))
    learners = Counter(at for at, _ in set(zip(places, compress(acts.learners, kept), strict=True)))
    answers = Counter(places[: len(traces.answers)])  # acts begin with them, and the span holds them all
    runs = Counter(map(place, (run.queued_at for run in traces.runs)))
    return tuple(Day(day, learners[i], answers[i], runs[i]) for i, day in enumerate(days, 1))


def _axis(times: list[float], scope: Scope) -> list[date]:
    """Every day from the first to the last, at most the last 92. No day lies in the future."""
    start = scope.since if scope.since is not None else min(times, default=None)
    end = _before(scope.until) if scope.until is not None else max(times, default=None)
    if start is None or end is None:
        return []
    first, last = (datetime.fromtimestamp(at, scope.zone).date() for at in (start, min(end, max([scope.now, *times]))))
    length = min((last - first).days + 1, MOST_DAYS)
    return [last - timedelta(days=back) for back in reversed(range(length))]


def _before(until: float) -> float:
    """The last moment before: a span that ends at midnight does not reach into the day that begins."""
    return (datetime.fromtimestamp(until, UTC) - timedelta(microseconds=1)).timestamp()
