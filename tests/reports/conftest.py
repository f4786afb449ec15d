from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.loader import load
from lessons.model import Course
from tests.reports.room import Room

SMALL_COURSE = Path(__file__).parent.parent / "lessons" / "course"


@pytest.fixture(scope="session")
def small_course() -> Course:
    """`first` has the questions one (single), some (multiple), number, word and the examples train and judge; `second`
    has the question last."""
    return load(SMALL_COURSE)


@pytest.fixture
def room(small_course: Course) -> Callable[..., Room]:
    """`room("Ada", "Grace")`: a class of these two, who did nothing yet."""
    return lambda *names: Room(small_course, names)
