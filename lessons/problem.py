"""What is wrong with a course: where, what was found there, and what was expected. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a course. `str` gives it as one line: `file:line: what was found; expected what`."""

    file: Path
    line: int
    """Counted from 1."""
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.found}; expected {self.expected}"


class CourseError(Exception):
    """The course cannot be loaded. Holds every problem, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
