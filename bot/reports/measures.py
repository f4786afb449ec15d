"""What several reports count in the same way: rows in view, first answers, best passes, medians and quantiles."""

from __future__ import annotations

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from bot.domain import mastery, wording
from bot.domain.ids import LearnerId
from bot.domain.learning import Passed
from bot.domain.traces import Answered, PageOpened, Ran, SectionRead, Traces
from bot.reports.scope import Scope
from bot.reports.values import ChoiceCount
from bot.telegram.markdown import inline
from lessons.model import Lesson, Question

Answers = dict[str, dict[LearnerId, Answered]]
"""One answer by question and learner. Ids of questions are unique in a course."""


class Acts(NamedTuple):
    """Who did something, in which lesson, and when: three columns of the same length."""

    learners: list[LearnerId]
    lessons: list[str]
    times: list[float]


@dataclass(frozen=True, slots=True)
class InView(Traces):
    """Traces that hold nothing out of view."""

    lessons: tuple[Lesson, ...] = ()


def in_view(traces: Traces, scope: Scope) -> InView:
    """The rows of members about what the lessons in view still have. Rows about withdrawn lessons, sections,
    questions and examples are left out. A learner's own code belongs to its lesson.

    Callers that make several reports of the same traces call this once and pass on the result.
    """
    if isinstance(traces, InView) and traces.lessons is scope.lessons:
        return traces
    members = {member.id for member in traces.members}
    lessons = {lesson.id for lesson in scope.lessons}
    sections = {(lesson.id, section.id) for lesson in scope.lessons for section in lesson.sections}
    home = {question.id: lesson.id for lesson in scope.lessons for question in lesson.questions}
    examples = {(lesson.id, example.id) for lesson in scope.lessons for example in lesson.examples}
    return InView(
        members=traces.members,
        answers=tuple(a for a in traces.answers if home.get(a.question) == a.lesson and a.learner in members),
        sections=tuple(s for s in traces.sections if (s.lesson, s.section) in sections and s.learner in members),
        places=tuple(p for p in traces.places if (p.lesson, p.section) in sections and p.learner in members),
        quizzes=tuple(q for q in traces.quizzes if q.lesson in lessons and q.learner in members),
        runs=tuple(
            r
            for r in traces.runs
            if r.lesson in lessons and r.learner in members and (not r.verified or (r.lesson, r.example) in examples)
        ),
        versions=traces.versions,
        assignments=tuple(a for a in traces.assignments if a.lesson in lessons),
        lessons=scope.lessons,
    )


def acts(traces: Traces) -> Acts:
    """Everything that learners did themselves. The end of a run is not included: the learner may have been away."""
    found = Acts([], [], [])
    for rows, who, when in _kinds(traces):
        found.learners.extend(map(itemgetter(who), rows))
        found.lessons.extend(map(itemgetter(who + 1), rows))
        found.times.extend(map(itemgetter(when), rows))
    return found


def last_seen(traces: Traces) -> dict[LearnerId, float]:
    """The time of each learner's last act. Learners who never started are missing."""
    seen: dict[LearnerId, float] = {}
    for rows, who, when in _kinds(traces):
        # Rows are in order of time for each learner, so the last of a kind stays.
        for learner, at in dict(zip(map(itemgetter(who), rows), map(itemgetter(when), rows), strict=True)).items():
            seen[learner] = max(at, seen.get(learner, at))
    return seen


def _kinds(traces: Traces) -> Iterator[tuple[Sequence[tuple[Any, ...]], int, int]]:
    """Each kind of row, in order of time for each learner, with the places of learner (lesson is the next) and time.
    By place, since names would cost more than all the rest."""
    yield traces.answers, Answered._fields.index("learner"), Answered._fields.index("at")
    yield traces.sections, SectionRead._fields.index("learner"), SectionRead._fields.index("at")
    yield traces.places, PageOpened._fields.index("learner"), PageOpened._fields.index("at")
    yield traces.quizzes, Passed._fields.index("learner"), Passed._fields.index("started_at")
    finished = sorted((q for q in traces.quizzes if q.finished_at is not None), key=lambda q: q.finished_at or 0.0)
    yield finished, Passed._fields.index("learner"), Passed._fields.index("finished_at")
    yield traces.runs, Ran._fields.index("learner"), Ran._fields.index("queued_at")


def first_answers(answers: Iterable[Answered]) -> Answers:
    """Of each learner to each question; `answers` are in order of time for each learner, as Traces has them."""
    found: Answers = defaultdict(dict)
    for answer in answers:
        found[answer.question].setdefault(answer.learner, answer)
    return found


def last_answers(answers: Iterable[Answered]) -> Answers:
    """As `first_answers`, the last ones."""
    found: Answers = defaultdict(dict)
    for answer in answers:
        found[answer.question][answer.learner] = answer
    return found


@lru_cache(maxsize=4096)
def held(answer: str) -> tuple[str, ...]:
    """What an answer's JSON holds. Cached: a class gives the same few answers over and over."""
    return tuple(json.loads(answer))


def choice_counts(question: Question, firsts: Iterable[Answered], lasts: Iterable[Answered]) -> tuple[ChoiceCount, ...]:
    """How many of these answers hold each choice; one first and one last answer a learner."""
    first = Counter(id for answer in firsts for id in held(answer.answer))
    last = Counter(id for answer in lasts for id in held(answer.answer))
    return tuple(
        ChoiceCount(wording.letter(i), plain(choice.text), choice.correct, first[choice.id], last[choice.id])
        for i, choice in enumerate(question.choices)
    )


def in_time(handed_in: Passed | None, due_at: float | None, scope: Scope) -> bool | None:
    """Whether a quiz was passed before it was due. None where nothing is due, while there is time left, and for a
    span with a beginning: the pass may be earlier than the span."""
    if due_at is None or scope.since is not None:
        return None
    if handed_in is not None and mastery.is_passed(handed_in):
        return (handed_in.finished_at or 0.0) <= due_at
    return None if scope.now <= due_at else False


def scores(best: dict[tuple[LearnerId, str], Passed]) -> dict[LearnerId, Fraction]:
    """The mean of each learner's best passes, over the lessons whose quiz they finished."""
    shares: dict[LearnerId, list[Fraction]] = defaultdict(list)
    for (learner, _), quiz in best.items():
        shares[learner].append(mastery.share(quiz))
    return {learner: sum(found, Fraction()) / len(found) for learner, found in shares.items()}


def passed_all(best: dict[tuple[LearnerId, str], Passed], scope: Scope, learner: LearnerId) -> bool:
    """Whether they passed the quiz of every lesson in view that has one."""
    quizzed = [lesson.id for lesson in scope.lessons if lesson.questions]
    return bool(quizzed) and all(mastery.is_passed(best.get((learner, lesson))) for lesson in quizzed)


def median(values: Sequence[float]) -> float | None:
    """The middle value, or the mean of the two in the middle."""
    return float(statistics.median(values)) if values else None


def quantile(ordered: Sequence[float], part: float) -> float:
    """By linear interpolation between the two nearest values (type 7 of Hyndman & Fan, 1996, what spreadsheets and
    NumPy do); `ordered` is sorted and not empty.

    `statistics.quantiles` rounds differently in the last bit, and takes no single value."""
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def nearest_rank(values: Iterable[float], percent: int) -> float | None:
    """The smallest value with at least `percent` of all values at or below it (the nearest-rank method): a wait that
    somebody really had."""
    ordered = sorted(values)
    # The rank is rounded up in whole numbers, where 95 % of 20 is 19 and nothing more.
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else None


@lru_cache(maxsize=1024)
def plain(source: str) -> str:
    """Markdown of a course without its marks."""
    return inline(source).plain
