"""How likely a right answer is, and which wrong one is given."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from bot.domain import grading
from bot.domain.grading import Grade
from lessons.model import Kind, Question


@dataclass(frozen=True, slots=True)
class Item:
    """How a question behaves: `difficulty` on the scale of skill; `sharpness` is the curve's slope there."""

    difficulty: float
    sharpness: float


ITEMS = (Item(-1.0, 2.0), Item(-0.2, 1.6), Item(-0.7, 1.9), Item(1.7, 1.7), Item(-0.2, 0.05), Item(0.3, 1.8))
"""In the order of the questions: easy, middling, easy, hard, one that tells nothing of skill, middling."""


def chance_of(question: Question, number: int, skill: float) -> float:
    """Chance of a right answer: from guessing upwards."""
    item = ITEMS[number % len(ITEMS)]
    guess = 1 / len(question.choices) if question.kind is Kind.SINGLE else 0.02
    return guess + (1 - guess) / (1 + math.exp(-item.sharpness * (skill - item.difficulty)))


def answer_of(question: Question, right: bool, rng: Random) -> Grade:
    """An answer as the bot grades it. Wrong ones are not all alike: most fall for the same thing."""
    if question.choices:
        return grading.grade_choices(question, _mask(question, right, rng))
    return grading.grade_text(question, _words(question, right, rng))


def _mask(question: Question, right: bool, rng: Random) -> int:
    places = range(len(question.choices))
    true = [i for i in places if question.choices[i].correct]
    false = [i for i in places if i not in true]
    if right:
        return sum(1 << i for i in true)
    if question.kind is Kind.SINGLE:
        # The last wrong choice fools hardly anybody.
        weights = [0.62, 0.33, 0.05][: len(false)] + [0.02] * (len(false) - 3)
        return 1 << rng.choices(false, weights)[0]
    common = [1 << true[0], sum(1 << i for i in (*true, *false[:1])), (1 << true[-1]) | sum(1 << i for i in false[-1:])]
    usual = rng.choices(common, [0.5, 0.35, 0.15])[0]
    return usual if usual != sum(1 << i for i in true) else (1 << len(places)) - 1


def _words(question: Question, right: bool, rng: Random) -> str:
    if question.kind is Kind.NUMERIC:
        number = question.number or 0.0
        wrong = (number - 1, number - 0.875, number * 8, number + 1, number * 25)
        return f"{number:g}" if right else f"{rng.choices(wrong, [0.45, 0.25, 0.15, 0.1, 0.05])[0]:g}"
    return rng.choice(question.answers) if right else rng.choice(("no idea", "gradient", "the loss", "?"))
