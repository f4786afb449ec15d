"""A course as values: what the loader makes from files and everybody else reads. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

Literal: TypeAlias = int | float | str | bool
"""A parameter's value: what can stand as a literal in an example."""


OFFERED = 10
"""Buttons for a parameter's values at most: what a button carries has room for one digit of their number."""


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMERIC = "numeric"
    TEXT = "text"


class Role(StrEnum):
    """Which command runs an example."""

    TRAIN = "train"
    EVALUATE = "evaluate"


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    text: str
    correct: bool
    feedback: str
    """Said when this choice was taken: why it is right, or what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    """Unique in the course and permanent."""
    kind: Kind
    prompt: str
    explanation: str
    section: str
    """Id of the section that the question is about."""
    choices: tuple[Choice, ...] = ()
    """Single and multiple choice; shown in this order."""
    answers: tuple[str, ...] = ()
    """Short text: every accepted spelling, compared without case and surrounding space."""
    number: float | None = None
    """Numeric: the right value ..."""
    tolerance: float = 0.0
    """... and how far from it is still right (absolute)."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A knob of an example: one literal in its source."""

    name: str
    default: Literal
    """The literal as it stands in the source."""
    title: str
    """One short line for a person: what turning it does."""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Literal, ...] = ()
    """If not empty, the only values allowed."""
    presets: tuple[Literal, ...] = ()
    """Values offered as buttons, the default among them."""
    replaces: str = ""
    """If set: the keyword argument whose literal is replaced (e.g. `optimizer`) ..."""
    template: str = ""
    """... by this expression, with {value} filled in; at its default the source stays as it is."""

    @property
    def offered(self) -> tuple[Literal, ...]:
        """Values to choose from with a button: the presets, or the few values that there are."""
        both = (False, True) if isinstance(self.default, bool) else ()
        return (self.presets or self.choices or both)[:OFFERED]


@dataclass(frozen=True, slots=True)
class Example:
    """A Keras script that runs alone, shown and run as it stands."""

    id: str
    """Unique in the lesson and permanent: `train`, `evaluate`, `digits`, `digits-evaluate`."""
    title: str
    role: Role
    source: str
    file: str
    """File name, for tracebacks and for those who want the file."""
    parameters: tuple[Parameter, ...] = ()
    data: Mapping[str, Path] = field(default_factory=dict)
    """Data files that lie beside the script, by name."""
    makes: tuple[str, ...] = ()
    """Files kept from a run, e.g. `model.keras`."""
    needs: str = ""
    """For an evaluate example: the train example of this lesson whose last run's files it gets."""
    note: str = ""
    """A sentence about the result, e.g. that the labels are random and there is nothing to learn."""
    chance: float | None = None
    """Accuracy of guessing, where that is known: what a result is compared with."""


@dataclass(frozen=True, slots=True)
class Section:
    """One screenful or a few pages of a lesson."""

    id: str
    title: str
    body: str
    """Markdown. A fence that names an example holds the example's text."""
    examples: tuple[str, ...] = ()
    """Ids of the examples shown in the body, in order."""
    pictures: Mapping[str, bytes] = field(default_factory=dict, hash=False)
    """The pictures shown in the body, by the names it has for them; those that cannot be shown are left out."""


@dataclass(frozen=True, slots=True)
class Lesson:
    id: str
    """The folder's name (slug)."""
    title: str
    minutes: int
    summary: str
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    examples: tuple[Example, ...]

    def section(self, id: str) -> Section | None:
        return next((s for s in self.sections if s.id == id), None)

    def question(self, id: str) -> Question | None:
        return next((q for q in self.questions if q.id == id), None)

    def example(self, id: str) -> Example | None:
        return next((e for e in self.examples if e.id == id), None)

    def of_role(self, role: Role) -> tuple[Example, ...]:
        """Examples of this role; the first is the lesson's main one."""
        return tuple(e for e in self.examples if e.role is role)

    def judge_of(self, train: str) -> Example | None:
        """The evaluate example that judges what the train example with this id made."""
        return next((e for e in self.examples if e.needs == train), None)


@dataclass(frozen=True, slots=True)
class Course:
    title: str
    description: str
    lessons: tuple[Lesson, ...]

    def lesson(self, id: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.id == id), None)

    def example(self, lesson_id: str, id: str) -> Example | None:
        """An example's id is unique in its lesson only. None when the lesson or the example is not in the course."""
        lesson = self.lesson(lesson_id)
        return lesson.example(id) if lesson else None

    def after(self, lesson: Lesson) -> Lesson | None:
        """The lesson that comes next in the course; None after the last."""
        at = self.lessons.index(lesson) + 1
        return self.lessons[at] if at < len(self.lessons) else None
