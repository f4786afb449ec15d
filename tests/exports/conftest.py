"""A class of people with names that bite, on the small course."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain.classes import Cohort, Member
from bot.domain.grading import is_right
from bot.domain.learning import Passed
from bot.domain.traces import Answered, Ran, SectionRead, Traces
from bot.reports.scope import Scope
from lessons.loader import load
from lessons.model import Course

SMALL_COURSE = Path(__file__).parent.parent / "lessons" / "course"
NOW = 1_800_000_000.0
HOSTILE = (
    '=HYPERLINK("http://example.com","x")',
    "<img src=x onerror=alert(1)>",
    "+1",
    "-1",
    "@x",
    "  =1+1",
    "\t=1+1",
    "two\nlines",
    'a "quoted", name',
    "\u202eright to left\u200f",
    "\u200f=1+1",
    "",
    "bell\x07 and half a pair \ud83d",
)
ADA = Member(5_111_222_333, "Ada Lovelace", "countess", NOW - 9e5)


@pytest.fixture(scope="session")
def course() -> Course:
    return load(SMALL_COURSE)


@pytest.fixture
def scope(course: Course) -> Scope:
    return Scope(course.lessons, NOW)


@pytest.fixture
def cohort() -> Cohort:
    return Cohort(1, "Autumn", "CODE", "grain of salt", NOW - 1e6)


@pytest.fixture
def members() -> tuple[Member, ...]:
    """Ada, and a crowd whose names are attacks."""
    return (ADA, *(Member(5_000_000_001 + i, name, None, NOW - 9e5) for i, name in enumerate(HOSTILE)))


@pytest.fixture
def traces(course: Course, members: tuple[Member, ...]) -> Traces:
    """Everybody does the same: reads a section, answers each question, and runs code."""
    lesson = course.lessons[0]
    section = lesson.sections[0].id
    answers, sections, quizzes, runs = [], [], [], []
    for i, member in enumerate(members):
        at = NOW - 5000 + 100 * i
        sections.append(SectionRead(member.id, lesson.id, section, at))
        for n, question in enumerate(lesson.questions):
            given = [question.choices[0].id] if question.choices else [f"{member.name} = {member.id}"]
            row = (json.dumps(given), int(is_right(question, given)), 1, 0, 12.25, at + 10 + n)
            answers.append(Answered(member.id, lesson.id, question.id, *row))
        total = len(lesson.questions)
        quizzes.append(Passed(member.id, lesson.id, at + 5, at + 60, total - 1, total))
        example = lesson.examples[0].id if lesson.examples else "train"
        fixed = (lesson.id, example, "train", 1)
        values = json.dumps({"epochs": 20, "name": member.name})
        runs.append(
            Ran(2 * i, member.id, *fixed, "finished", None, at + 70, at + 71, at + 74.5, 3.2, "accuracy", 0.875, values)
        )
        own = (lesson.id, "own", "own", 0)
        runs.append(
            Ran(2 * i + 1, member.id, *own, "failed", "timeout", at + 80, at + 81, at + 141, 60.0, None, None, "{}")
        )
    return Traces(members, tuple(answers), tuple(sections), (), tuple(quizzes), tuple(runs))
