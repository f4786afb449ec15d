"""A class right now: who is here, where they are, and the question that most of them are at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from bot.domain.ids import LearnerId
from bot.domain.runs import RunState
from bot.domain.traces import Asked, Traces
from bot.reports import measures
from bot.reports.running import FAILURES, outcome
from bot.reports.scope import ACTIVE_SECONDS, Scope
from bot.reports.values import LiveQuestion, PulseFigures, Whereabouts
from bot.reports.wordings import Wordings
from lessons.model import Lesson, Question

HOUR = 3600.0

_Spot = tuple[str, str, str]
"""Lesson, and `training`, `question` or `section` with its id."""


def pulse(traces: Traces, asked: Sequence[Asked], scope: Scope, question: str = "") -> PulseFigures:
    """`asked` is each learner's last question. `question` picks the one shown, if it is in view."""
    traces = measures.in_view(traces, scope)
    asked = _in_view(asked, traces, scope)
    here = _here(traces, asked, scope)
    ended = [run for run in traces.runs if run.ended_at is not None and scope.now - run.ended_at < HOUR]
    return PulseFigures(
        enrolled=len(traces.members),
        here=len(here),
        places=tuple(_places(traces, asked, scope, here)),
        queued=sum(run.state == RunState.QUEUED for run in traces.runs),
        running=sum(run.state == RunState.RUNNING for run in traces.runs),
        done=len(ended),
        failed=sum(outcome(run) in FAILURES for run in ended),
        question=_live_question(traces, asked, scope, question),
    )


def _in_view(asked: Sequence[Asked], traces: Traces, scope: Scope) -> list[Asked]:
    members = {member.id for member in traces.members}
    home = {question.id: lesson.id for lesson in scope.lessons for question in lesson.questions}
    return [row for row in asked if row.learner in members and home.get(row.question) == row.lesson]


def _is_now(at: float, scope: Scope) -> bool:
    return scope.now - at < ACTIVE_SECONDS


def _here(traces: Traces, asked: Sequence[Asked], scope: Scope) -> set[LearnerId]:
    """Learners with a trace in the last 15 minutes. A question is sent when a learner asks for it: that is one too."""
    here = {learner for learner, at in measures.last_seen(traces).items() if _is_now(at, scope)}
    return here | {row.learner for row in asked if _is_now(row.sent_at, scope)}


def _places(traces: Traces, asked: Sequence[Asked], scope: Scope, here: set[LearnerId]) -> Iterator[Whereabouts]:
    spots = _spots(traces, asked, scope)
    at_spot = defaultdict(list)
    for member in traces.members:
        if member.id in here and member.id in spots:
            at_spot[spots[member.id]].append(member)
    for spot, lesson, label in _all_spots(scope):
        if at_spot[spot]:
            yield Whereabouts(lesson.title, label, tuple(at_spot[spot]))


def _all_spots(scope: Scope) -> Iterator[tuple[_Spot, Lesson, str]]:
    """In the course's order: sections, questions and training, lesson by lesson."""
    for lesson in scope.lessons:
        for section in lesson.sections:
            yield (lesson.id, "section", section.id), lesson, section.title
        for number, question in enumerate(lesson.questions, 1):
            yield (lesson.id, "question", question.id), lesson, f"Question {number}"
        yield (lesson.id, "training", ""), lesson, "Training"


def _spots(traces: Traces, asked: Sequence[Asked], scope: Scope) -> dict[LearnerId, _Spot]:
    """Where each learner is: at what they began last, and in training while a run of theirs goes on."""
    newest: dict[LearnerId, tuple[float, _Spot]] = {}
    pages = ((page.at, page.learner, (page.lesson, "section", page.section)) for page in traces.places)
    questions = ((row.sent_at, row.learner, (row.lesson, "question", row.question)) for row in asked)
    runs = ((run.queued_at, run.learner, (run.lesson, "training", "")) for run in traces.runs)
    for at, learner, spot in chain(pages, questions, runs):
        if _is_now(at, scope) and (learner not in newest or at >= newest[learner][0]):
            newest[learner] = at, spot
    going_on = {run.learner: (run.lesson, "training", "") for run in traces.runs if outcome(run) == "open"}
    return {learner: spot for learner, (_, spot) in newest.items()} | going_on


def _live_question(traces: Traces, asked: Sequence[Asked], scope: Scope, picked: str) -> LiveQuestion | None:
    now = [row for row in asked if _is_now(row.sent_at, scope)]
    found = _find(scope, picked) or _find(scope, _most_asked(now))
    if found is None:
        return None
    lesson, number, question = found
    # The first and the last answer of each learner, within these 15 minutes, to the question as it is now.
    wordings = Wordings(traces, scope)
    rows = [row for row in traces.answers if row.question == question.id and _is_now(row.at, scope)]
    answers = list(filter(wordings.counts, rows))
    firsts, lasts = measures.first_answers(answers)[question.id], measures.last_answers(answers)[question.id]
    thinking = {row.learner for row in now if row.question == question.id and not row.answered} - set(lasts)
    return LiveQuestion(
        lesson=lesson.id,
        question=question.id,
        number=number,
        prompt=measures.plain(question.prompt),
        answered=len(lasts),
        thinking=len(thinking),
        right=sum(answer.correct for answer in lasts.values()),
        choices=measures.choice_counts(question, firsts.values(), lasts.values()),
    )


def _most_asked(asked: Sequence[Asked]) -> str:
    """The question that most learners were sent last, of equals the one sent latest; empty when there is none."""
    learners = Counter(row.question for row in asked)
    latest: dict[str, float] = {}
    for row in asked:
        latest[row.question] = max(row.sent_at, latest.get(row.question, row.sent_at))
    return max(learners, key=lambda id: (learners[id], latest[id]), default="")


def _find(scope: Scope, id: str) -> tuple[Lesson, int, Question] | None:
    for lesson in scope.lessons:
        for number, question in enumerate(lesson.questions, 1):
            if question.id == id:
                return lesson, number, question
    return None
