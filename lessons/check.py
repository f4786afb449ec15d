"""Finds everything that is wrong with a course, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lessons import draft
from lessons.draft import Draft
from lessons.problem import Problem
from lessons.rules import examples, folders, ids, questions, sections

RULES: tuple[Callable[[Draft], Iterator[Problem]], ...] = (
    folders.problems,
    ids.problems,
    sections.problems,
    examples.problems,
    questions.problems,
)
"""What has to hold beyond the shape of each file."""


def check(folder: Path) -> list[Problem]:
    """What is wrong with the course in this folder, in the order of files and lines; an empty list if nothing is."""
    return examine(draft.read(folder))


def examine(course: Draft) -> list[Problem]:
    """The same for a course that was read already."""
    found = {*course.problems, *(problem for rule in RULES for problem in rule(course))}
    return sorted(found, key=lambda problem: (problem.file, problem.line, problem.found))
