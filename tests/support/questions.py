"""Questions made for tests, and what an author does to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lessons.model import Choice, Course, Kind, Question

RED, GREEN, BLUE = (
    Choice("red", "Red", False, "Red is too long a wave."),
    Choice("green", "Green", True, "Green it is."),
    Choice("blue", "Blue", False, "Blue is too short a wave."),
)

COLOUR = Question("colour", Kind.SINGLE, "Which colour?", "Leaves are green.", "", (RED, GREEN, BLUE), hint="Leaves.")

BOTH = Question("both", Kind.MULTIPLE, "Which two?", "Not red.", "", (RED, GREEN, replace(BLUE, correct=True)))

BATCHES = Question("batches", Kind.NUMERIC, "How many batches?", "100 in batches of 25.", "", number=4)

WORD = Question("word", Kind.TEXT, "What is one pass called?", "An epoch.", "", answers=("epoch",))

Change = Callable[[Question], Question]


def with_questions(course: Course, *questions: Question) -> Course:
    """The first lesson has these questions alone."""
    first = course.lessons[0]
    placed = tuple(replace(question, section=first.sections[0].id) for question in questions)
    return replace(course, lessons=(replace(first, questions=placed), *course.lessons[1:]))


def moved(question: Question) -> Question:
    return replace(question, choices=question.choices[::-1])


def without(id: str) -> Change:
    return lambda question: replace(question, choices=tuple(c for c in question.choices if c.id != id))
