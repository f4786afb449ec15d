"""What passing a quiz means, which of several passes is the best, and which one's time counts.

The rules stand here and nowhere else: the chat, reminders, reports and exports ask them. The store selects rows and
leaves the decision to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction

from bot.domain.classes import Assignment, Due
from bot.domain.ids import LearnerId
from bot.domain.learning import Passed, Standing

PASS_SHARE = 0.7
"""A quiz is passed with this share of its questions right at the first try."""


def enough(right: int | None, total: int | None) -> bool:
    """Whether this many right of `total` pass a quiz. A quiz that is not finished has neither, and is not passed."""
    return bool(total) and (right or 0) >= PASS_SHARE * (total or 0)


def is_passed(quiz: Passed | None) -> bool:
    return quiz is not None and enough(quiz.right, quiz.total)


def share(quiz: Passed) -> Fraction:
    """The share right of a finished pass, exactly, so that a mean of shares lies on the right side of a limit."""
    return Fraction(quiz.right or 0, quiz.total or 1)


def best(passes: Iterable[Passed]) -> Passed | None:
    """The finished pass with the highest share right; of equals the one finished first."""
    return max(_finished(passes), key=_rank, default=None)


def handed_in(passes: Iterable[Passed]) -> Passed | None:
    """The pass whose time counts, among one learner's passes through a quiz: the first that reached enough, or if none
    did, the first that was finished. A better result later does not make the learner late."""
    return min(_finished(passes), key=lambda quiz: (not is_passed(quiz), quiz.finished_at or 0.0), default=None)


def of_each(
    passes: Iterable[Passed], choose: Callable[[Iterable[Passed]], Passed | None]
) -> dict[tuple[LearnerId, str], Passed]:
    """By learner and lesson: the pass that `choose` takes, which is `best` or `handed_in`. Learners without a finished
    pass are left out."""
    found: defaultdict[tuple[LearnerId, str], list[Passed]] = defaultdict(list)
    for quiz in passes:
        found[quiz.learner, quiz.lesson].append(quiz)
    return {key: chosen for key, mine in found.items() if (chosen := choose(mine))}


def due_of(title: str, assignment: Assignment, standing: Standing | None) -> Due:
    """An assignment as it concerns a learner with this standing."""
    quiz = handed_in(standing.finished) if standing else None
    passed = is_passed(quiz)
    late = passed and quiz is not None and (quiz.finished_at or 0.0) > assignment.due_at
    return Due(title, assignment.due_at, passed, late)


def _finished(passes: Iterable[Passed]) -> list[Passed]:
    return [quiz for quiz in passes if quiz.finished_at is not None and quiz.total]


def _rank(quiz: Passed) -> tuple[float, float]:
    """Equal shares make equal floats: a division is rounded to the nearest."""
    return (quiz.right or 0) / (quiz.total or 1), -(quiz.finished_at or 0.0)
