"""Is an answer right? Is a quiz passed? Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lessons.model import Kind, Question

PASS_SHARE = 0.7
"""A quiz is passed with this share of questions right at the first try."""


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
    """Grade a written answer. Raises NotAnAnswer when a number was asked for and `given` is none."""
    given = given.strip()
    if question.kind is Kind.NUMERIC:
        assert question.number is not None
        return Grade((given,), abs(_number(given) - question.number) <= question.tolerance + 1e-9)
    return Grade((given,), _plain(given) in {_plain(answer) for answer in question.answers})


def _plain(words: str) -> str:
    """Without case, further spaces and closing marks."""
    return " ".join(words.casefold().split()).strip(" .!?")


def _number(given: str) -> float:
    """A number as people write it: 0.5, 0,5, 50 %, 1 000."""
    plain = given.replace(" ", "").replace("\u202f", "").removesuffix("%")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        raise NotAnAnswer(given) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise NotAnAnswer(given)
    return number / 100 if given.endswith("%") else number


def passed(first_answers: Mapping[str, bool], total: int) -> bool:
    return total > 0 and sum(first_answers.values()) >= PASS_SHARE * total
