"""Whether an answer is right. Pure rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from bot.domain import spelling
from lessons import numbers
from lessons.model import Kind, Question

ROUNDING = Fraction(1, 10**9)
"""How much a computed number may differ from the right one, as a part of it: at most this much in total, or the
precision of a float."""
POWERS = (-3, -2, -1, 1, 2, 3)
"""Powers of ten: slips of the decimal point, and percent for a share."""


class NotAnAnswer(ValueError):
    """The text is no answer of the question's kind, e.g. a word for a number. It is not held against the learner."""


@dataclass(frozen=True, slots=True)
class Grade:
    answer: tuple[str, ...]
    """Ids of the chosen choices in their order, or the text as given."""
    correct: bool


def grade_choices(question: Question, chosen: int) -> Grade:
    """Grade a bit mask of choices by their place. A multiple choice is right when exactly the right ones are ticked."""
    taken = [c for i, c in enumerate(question.choices) if chosen >> i & 1]
    right = [c for c in question.choices if c.correct]
    return Grade(tuple(c.id for c in taken), taken == right)


def grade_text(question: Question, given: str) -> Grade:
    """Grade a written answer. Raises NotAnAnswer when a number was asked for and `given` is not a number.

    A number is right when one of the ways to read it is.
    """
    given = given.strip()
    if question.kind is Kind.NUMERIC:
        values = numbers.readings(given)
        if not values:
            raise NotAnAnswer(given)
        return Grade((given,), any(_meets(question, value) for value in values))
    return Grade((given,), any(spelling.same(given, answer) for answer in question.answers))


def is_right(question: Question, answer: Sequence[str]) -> bool:
    """Whether a stored answer is right: ids of choices, or one text."""
    if question.choices:
        return set(answer) == {choice.id for choice in question.choices if choice.correct}
    try:
        return grade_text(question, " ".join(answer)).correct
    except NotAnAnswer:
        return False


def _meets(question: Question, value: Fraction) -> bool:
    """Whether the number is the right one, or as near to it as the question allows: the last places of a computed
    float do not matter, however small the right number is."""
    assert question.number is not None
    right = Fraction(repr(question.number))
    rounding = max(ROUNDING * min(Fraction(1), abs(right)), Fraction(math.ulp(question.number)))
    return abs(value - right) <= Fraction(repr(question.tolerance)) + rounding


class Miss(StrEnum):
    """What is wrong with a number."""

    SIGN = "sign"
    POINT = "point"
    """The digits are right: it is a power of ten too large or too small, or percent is taken for a share."""
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """How a number was read, in plain digits, each reading once; and what is wrong with it, if that is clear."""

    shown: tuple[str, ...]
    miss: Miss | None


def read_number(question: Question, given: str) -> ReadNumber:
    """How an answer to a numeric question is understood; nothing is wrong with a right one."""
    values = numbers.readings(given)
    misses = {_miss(question, value) for value in values}
    right = not values or None in misses
    likely = misses & {Miss.SIGN, Miss.POINT} or misses
    miss = None if right or len(likely) > 1 else likely.pop()
    return ReadNumber(tuple(numbers.shown(value) for value in values), miss)


def _miss(question: Question, value: Fraction) -> Miss | None:
    assert question.number is not None
    if _meets(question, value):
        return None
    if question.number and _meets(question, -value):
        return Miss.SIGN
    if question.number and value and any(_meets(question, value * Fraction(10) ** n) for n in POWERS):
        return Miss.POINT
    return Miss.LOW if value < Fraction(repr(question.number)) else Miss.HIGH
