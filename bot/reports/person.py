"""One learner: their progress, compared with the class, and what they did."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from heapq import nlargest

from bot.domain import mastery, wording
from bot.domain.classes import Member
from bot.domain.ids import LearnerId
from bot.domain.learning import Passed
from bot.domain.traces import Answered, Ran, SectionRead, Traces
from bot.reports import measures
from bot.reports.running import FAILURES, OUTCOMES, outcome, title_of
from bot.reports.scope import Scope
from bot.reports.values import Against, LessonStanding, Moment, MomentKind, PersonFigures
from bot.reports.wordings import Wordings
from lessons.model import Lesson, Question

MOST_MOMENTS = 200
LONGEST_ANSWER = 40
"""Characters of a written answer that are shown."""


def person(traces: Traces, scope: Scope, learner: LearnerId) -> PersonFigures | None:
    """None when the class has no such member. `traces` are the whole class', for the medians."""
    member = next((member for member in traces.members if member.id == learner), None)
    if member is None:
        return None
    traces = measures.in_view(traces, scope)
    seen = measures.last_seen(traces)
    best = mastery.of_each(traces.quizzes, mastery.best)
    moments = _Moments(scope, Wordings(traces, scope))
    return PersonFigures(
        member=member,
        last_seen=seen.get(learner),
        standings=tuple(_standings(traces, scope, learner, best)),
        against=tuple(_against(traces, learner, list(seen), best)),
        timeline=tuple(nlargest(MOST_MOMENTS, moments.of(traces, member), key=lambda moment: moment.at)),
    )


def _standings(
    traces: Traces, scope: Scope, learner: LearnerId, best: dict[tuple[LearnerId, str], Passed]
) -> Iterator[LessonStanding]:
    read = Counter(row.lesson for row in traces.sections if row.learner == learner)
    runs = Counter(run.lesson for run in traces.runs if run.learner == learner)
    handed_in = mastery.of_each((quiz for quiz in traces.quizzes if quiz.learner == learner), mastery.handed_in)
    due = {assignment.lesson: assignment.due_at for assignment in traces.assignments}
    for lesson in scope.lessons:
        quiz, first = best.get((learner, lesson.id)), handed_in.get((learner, lesson.id))
        yield LessonStanding(
            lesson=lesson.title,
            sections_read=read[lesson.id],
            sections=len(lesson.sections),
            best_right=quiz.right if quiz else None,
            best_total=quiz.total if quiz else None,
            passed=mastery.is_passed(quiz),
            runs=runs[lesson.id],
            handed_in_at=first.finished_at if first else None,
            due_at=due.get(lesson.id),
            in_time=measures.in_time(first, due.get(lesson.id), scope),
        )


def _against(
    traces: Traces, learner: LearnerId, started: Sequence[LearnerId], best: dict[tuple[LearnerId, str], Passed]
) -> Iterator[Against]:
    """Medians are over learners who started. Learners without a figure are left out, not counted as 0."""
    firsts: defaultdict[LearnerId, list[Answered]] = defaultdict(list)
    for answers in measures.first_answers(traces.answers).values():
        for id, answer in answers.items():
            firsts[id].append(answer)
    read = Counter(row.learner for row in traces.sections)
    given = Counter(answer.learner for answer in traces.answers)
    runs = Counter(run.learner for run in traces.runs)
    over = Counter(run.learner for run in traces.runs if outcome(run) != "open")
    finished = Counter(run.learner for run in traces.runs if outcome(run) == "finished")
    scores = measures.scores(best)

    def seconds(id: LearnerId) -> float | None:
        return measures.median([answer.seconds for answer in firsts[id] if answer.seconds is not None])

    def right_at_first(id: LearnerId) -> float | None:
        return _share(sum(answer.correct for answer in firsts[id]), len(firsts[id]))

    figures: tuple[tuple[str, str, Callable[[LearnerId], float | None]], ...] = (
        ("Sections read", "count", lambda id: float(read[id])),
        ("Right at the first try", "share", right_at_first),
        ("Best score", "share", lambda id: float(scores[id]) if id in scores else None),
        ("Answers given", "count", lambda id: float(given[id])),
        ("Median time for a question", "seconds", seconds),
        ("Runs", "count", lambda id: float(runs[id])),
        ("Runs finished", "share", lambda id: _share(finished[id], over[id])),
    )
    for label, unit, figure in figures:
        values = [value for value in map(figure, started) if value is not None]
        yield Against(label, unit, figure(learner), measures.median(values))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


class _Moments:
    """Rows as moments, in the words of the course."""

    def __init__(self, scope: Scope, wordings: Wordings) -> None:
        self._scope = scope
        self._wordings = wordings
        self._lessons = {lesson.id: lesson for lesson in scope.lessons}
        self._numbers = {
            question.id: number for lesson in scope.lessons for number, question in enumerate(lesson.questions, 1)
        }

    def of(self, traces: Traces, member: Member) -> Iterator[Moment]:
        """In no order."""
        if self._scope.holds(member.enrolled_at):
            yield Moment(member.enrolled_at, MomentKind.JOINED, "Joined the class", "", None)
        yield from (self._section(row) for row in traces.sections if row.learner == member.id)
        yield from (self._answer(row) for row in traces.answers if row.learner == member.id)
        yield from (self._quiz(row) for row in traces.quizzes if row.learner == member.id)
        yield from (self._run(row) for row in traces.runs if row.learner == member.id)

    def _moment(
        self, at: float, kind: MomentKind, lesson: Lesson, title: str, detail: str, good: bool | None
    ) -> Moment:
        """Names the lesson only if there are several."""
        parts = [detail, lesson.title if len(self._lessons) > 1 else ""]
        return Moment(at, kind, title, " · ".join(filter(None, parts)), good)

    def _section(self, row: SectionRead) -> Moment:
        lesson = self._lessons[row.lesson]
        section = lesson.section(row.section)
        title = f"Read “{section.title if section else row.section}”"
        return self._moment(row.at, MomentKind.SECTION, lesson, title, "", None)

    def _answer(self, row: Answered) -> Moment:
        verdict = "right" if row.correct else "wrong"
        given = _given(self._wordings.of(row), row.answer)
        detail = f"{verdict}: {given}" + (", after the hint" if row.hinted else "")
        title = f"Question {self._numbers[row.question]}"
        return self._moment(row.at, MomentKind.ANSWER, self._lessons[row.lesson], title, detail, bool(row.correct))

    def _quiz(self, row: Passed) -> Moment:
        lesson = self._lessons[row.lesson]
        if row.finished_at is None:
            return self._moment(row.started_at, MomentKind.QUIZ, lesson, "Began the quiz", "", None)
        passed = mastery.is_passed(row)
        detail = f"{row.right} of {row.total} right at first, {'passed' if passed else 'not passed'}"
        return self._moment(row.finished_at, MomentKind.QUIZ, lesson, "Finished the quiz", detail, passed)

    def _run(self, row: Ran) -> Moment:
        lesson, kind = self._lessons[row.lesson], outcome(row)
        figure = (
            ""
            if row.metric is None or row.figure is None
            else f"{wording.metric_name(row.metric)} {wording.figure(row.figure)}"
        )
        good = True if kind == "finished" else False if kind in FAILURES else None
        detail = " · ".join(filter(None, [OUTCOMES[kind], figure]))
        return self._moment(row.queued_at, MomentKind.RUN, lesson, title_of(row, lesson), detail, good)


def _given(question: Question | None, answer: str) -> str:
    """Letters of the choices as the learner saw them, or what they wrote."""
    held = measures.held(answer)
    if question and question.choices:
        letters = [wording.letter(place) for place, choice in enumerate(question.choices) if choice.id in held]
        return ", ".join(letters) or wording.UNKNOWN
    return f"“{wording.shortened(' '.join(held), LONGEST_ANSWER)}”"
