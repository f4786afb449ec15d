"""A question as it read when it was asked: the course may change while it is open, and afterwards. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from pydantic import TypeAdapter

from lessons.model import Kind, Question

_QUESTION = TypeAdapter(Question)


def written(question: Question) -> str:
    """The whole question as JSON, to be kept."""
    return _QUESTION.dump_json(question).decode()


def read(text: str) -> Question:
    """Reads what `written` wrote, also in an earlier release: missing fields get their defaults, unknown ones are
    left out."""
    return _QUESTION.validate_json(text)


def graded_by(shown: Question, now: Question | None) -> Question:
    """The question that grades an answer to `shown`: as it was shown. While it still reads the same, what the author
    corrected since (the key, the feedback) holds at once; the order of choices is that of the buttons in any case.

    `now` is the question in the course; None when it was withdrawn.
    """
    if now is None or _text(now) != _text(shown):
        return shown
    places = {choice.id: place for place, choice in enumerate(shown.choices)}
    return replace(now, choices=tuple(sorted(now.choices, key=lambda choice: places[choice.id])))


def _text(question: Question) -> tuple[Kind, str, Counter[tuple[str, str]]]:
    """What a learner reads before they answer, but for the order of choices."""
    return question.kind, question.prompt, Counter((choice.id, choice.text) for choice in question.choices)


def same_key(one: Question, other: Question) -> bool:
    """Whether both are answered in the same way, among the same choices, and the same answers are right."""
    return _key(one) == _key(other)


def _key(question: Question) -> tuple[object, ...]:
    choices = frozenset((choice.id, choice.correct) for choice in question.choices)
    return question.kind, choices, question.number, question.tolerance, frozenset(question.answers)
