"""How each question works: how hard it is, what learners answer, and whether it tells strong learners from weak
ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.domain import wording
from bot.domain.ids import LearnerId
from bot.domain.traces import Answered, Traces
from bot.reports import measures
from bot.reports.scope import Scope
from bot.reports.values import ChoiceCount, Flag, FlagKind, QuestionFigures, WrittenAnswer
from bot.reports.wordings import Wordings
from lessons.model import Kind, Lesson, Question

HARD = 0.30
EASY = 0.70
BLUNT = 0.25
KELLEY = 0.27
"""Kelley (1939): groups of 27 % at both ends tell most reliably which questions discriminate."""
FACILITY_FROM = 5
"""Fewest learners for a flag about facility: with fewer, one answer changes it by more than a fifth."""
DISCRIMINATION_FROM = 30
"""Fewest learners with a score for a discrimination: with fewer, a group of 27 % has at most eight."""
MOST_WRITTEN = 8


def questions(traces: Traces, scope: Scope) -> tuple[QuestionFigures, ...]:
    """Every question in view, in the course's order, as the course asks it now: an answer that was graded by another
    key, or chosen among other choices, is only numbered."""
    traces = measures.in_view(traces, scope)
    wordings = Wordings(traces, scope)
    every_first = measures.first_answers(traces.answers)
    firsts, lasts = _counted(every_first, wordings), _counted(measures.last_answers(traces.answers), wordings)
    hinted: defaultdict[str, set[LearnerId]] = defaultdict(set)
    for answer in traces.answers:
        if answer.hinted and wordings.counts(answer):
            hinted[answer.question].add(answer.learner)
    return tuple(
        replace(
            _figures(lesson, number, firsts, lasts[id].values(), hinted), earlier=len(every_first[id]) - len(firsts[id])
        )
        for lesson in scope.lessons
        for number, id in enumerate((question.id for question in lesson.questions), 1)
    )


def _counted(answers: measures.Answers, wordings: Wordings) -> measures.Answers:
    found: measures.Answers = defaultdict(dict)
    for question, given in answers.items():
        found[question] = {learner: answer for learner, answer in given.items() if wordings.counts(answer)}
    return found


def _figures(
    lesson: Lesson,
    number: int,
    all_firsts: measures.Answers,
    lasts: Collection[Answered],
    hinted: Mapping[str, Collection[int]],
) -> QuestionFigures:
    question = lesson.questions[number - 1]
    firsts = all_firsts[question.id].values()
    n = len(firsts)
    facility = sum(answer.correct for answer in firsts) / n if n else None
    choices = measures.choice_counts(question, firsts, lasts)
    discrimination = _discrimination(_rest_scores(lesson, question, all_firsts))
    return QuestionFigures(
        lesson=lesson.id,
        question=question.id,
        number=number,
        prompt=measures.plain(question.prompt),
        n=n,
        facility=facility,
        choices=choices,
        written=() if question.choices else _written(firsts),
        hinted=len(hinted.get(question.id, ())),
        median_seconds=measures.median([answer.seconds for answer in firsts if answer.seconds is not None]),
        discrimination=discrimination,
        flags=tuple(_flags(question, n, facility, choices, discrimination)),
    )


def _written(firsts: Iterable[Answered]) -> tuple[WrittenAnswer, ...]:
    """The most frequent, in the spelling that most learners used; case and spaces aside they are one answer."""
    spellings: defaultdict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    for answer in firsts:
        text = " ".join(measures.held(answer.answer))
        spellings[" ".join(text.casefold().split()), bool(answer.correct)][text] += 1
    found = [WrittenAnswer(_usual(counts), correct, counts.total()) for (_, correct), counts in spellings.items()]
    return tuple(sorted(found, key=lambda answer: (-answer.learners, answer.text, not answer.correct))[:MOST_WRITTEN])


def _usual(spellings: Counter[str]) -> str:
    """The most frequent; of equals the first in the alphabet."""
    return min(spellings, key=lambda text: (-spellings[text], text))


def _rest_scores(lesson: Lesson, question: Question, firsts: measures.Answers) -> list[tuple[int, int]]:
    """Of each learner who answered every question of the lesson: first answers right among the other questions, and
    whether this one was (1 or 0)."""
    others = [firsts[other.id] for other in lesson.questions if other is not question]
    return [
        (sum(answers[learner].correct for answers in others), answer.correct)
        for learner, answer in firsts[question.id].items()
        if others and all(learner in answers for answers in others)
    ]


def _discrimination(scored: Sequence[tuple[int, int]]) -> float | None:
    """Share right among the best 27 % less that among the weakest 27 %; None where all score the same, or there are too
    few."""
    by_score: defaultdict[int, list[int]] = defaultdict(list)
    for score, right in scored:
        by_score[score].append(right)
    if len(scored) < DISCRIMINATION_FROM or len(by_score) < 2:
        return None
    groups = [by_score[score] for score in sorted(by_score)]
    size = KELLEY * len(scored)
    return _share_right(reversed(groups), size) - _share_right(groups, size)


def _share_right(groups: Iterable[list[int]], size: float) -> float:
    """Among the first `size` learners. Where the limit falls among learners with equal scores, each of them counts
    in part."""
    right, room = 0.0, size
    for group in groups:
        taken = min(room, len(group))
        right += sum(group) * taken / len(group)
        room -= taken
        if room <= 0:
            break
    return right / size


def _flags(
    question: Question, n: int, facility: float | None, choices: Sequence[ChoiceCount], discrimination: float | None
) -> Iterator[Flag]:
    if facility is None or n < FACILITY_FROM:
        return
    if facility < HARD:
        yield Flag(FlagKind.HARD, f"Only {wording.share(facility)} get it right at first{_lure(question, n, choices)}")
    elif facility > EASY:
        yield Flag(
            FlagKind.EASY,
            f"{wording.share(facility)} get it right at first: good to warm up, but it does not show who has"
            " understood.",
        )
    # A question that nearly all get right, or wrong, cannot tell learners apart: its other flag says what matters.
    if discrimination is not None and discrimination < BLUNT <= min(facility, 1 - facility) / KELLEY:
        yield Flag(FlagKind.BLUNT, _bluntness(discrimination))


def _lure(question: Question, n: int, choices: Sequence[ChoiceCount]) -> str:
    """What draws learners away, if one wrong choice takes at least as many as are right."""
    wrong = max((choice for choice in choices if not choice.correct), key=lambda choice: choice.first, default=None)
    right = max((choice.first for choice in choices if choice.correct), default=0)
    if question.kind is Kind.SINGLE and wrong and wrong.first and wrong.first >= right:
        return (
            f", and {wording.share(wrong.first / n)} choose {wrong.label}: see what speaks for {wrong.label}, and"
            " whether the section speaks against it."
        )
    return ": see whether its section prepares for it, and whether the wording can be misread."


def _bluntness(discrimination: float) -> str:
    if discrimination < 0:
        return (
            "Learners who do well in the other questions get this one wrong more often than the rest: check the"
            " wording, and what counts as right."
        )
    return (
        "Learners who do well in the other questions get this one right hardly more often than the rest: see whether it"
        " can be guessed or misread."
    )
