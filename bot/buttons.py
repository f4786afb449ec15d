"""Typed buttons and the `callback_data` they travel in.

Data is at most 64 bytes, begins with a version, and says all that is needed, so that a button works after a restart and
after months. It carries no authority: who may press it is checked again on the server.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Any, get_type_hints

VERSION = "1"
LIMIT = 64
"""Telegram: longest callback_data, in bytes."""


class UnknownButton(ValueError):
    """Callback data that no current button writes: from an older version, or made up."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a press means. Fields are str or int; a string holds no separator."""


@dataclass(frozen=True, slots=True)
class Lessons(Action):
    """Show the list of lessons."""


@dataclass(frozen=True, slots=True)
class Read(Action):
    """Show a page of a section. Without a section: go on where the learner left off."""

    lesson: str
    section: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class StartQuiz(Action):
    lesson: str


@dataclass(frozen=True, slots=True)
class Answer(Action):
    """Choose a choice of a single-choice question, by its place."""

    delivery: int
    choice: int


@dataclass(frozen=True, slots=True)
class Tick(Action):
    """Tick (`on` 1) or untick (0) a choice of a multiple-choice question, by its place. Twice is like once."""

    delivery: int
    choice: int
    on: int


@dataclass(frozen=True, slots=True)
class Submit(Action):
    """Hand in the ticked choices."""

    delivery: int


@dataclass(frozen=True, slots=True)
class Hint(Action):
    delivery: int


@dataclass(frozen=True, slots=True)
class Again(Action):
    """Answer the same question once more."""

    delivery: int


@dataclass(frozen=True, slots=True)
class NextQuestion(Action):
    delivery: int


@dataclass(frozen=True, slots=True)
class RunExample(Action):
    """Run an example with its own values."""

    lesson: str
    example: str


@dataclass(frozen=True, slots=True)
class Tune(Action):
    """Open the knobs of an example."""

    lesson: str
    example: str


@dataclass(frozen=True, slots=True)
class Set(Action):
    """Turn a knob: preset number `preset` of parameter number `parameter`."""

    lesson: str
    example: str
    parameter: int
    preset: int


@dataclass(frozen=True, slots=True)
class RunTuned(Action):
    """Run an example with the knobs as they stand."""

    lesson: str
    example: str


@dataclass(frozen=True, slots=True)
class Edit(Action):
    """Send the code of an example, to be changed and sent back."""

    lesson: str
    example: str


@dataclass(frozen=True, slots=True)
class Evaluate(Action):
    """Judge the model of the example trained last."""


@dataclass(frozen=True, slots=True)
class StopRun(Action):
    run: int


@dataclass(frozen=True, slots=True)
class RunAgain(Action):
    """The same example with the same values."""

    run: int


@dataclass(frozen=True, slots=True)
class ShowCode(Action):
    """The code exactly as it ran."""

    run: int


@dataclass(frozen=True, slots=True)
class Runs(Action):
    """Show a page of past runs."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class Progress(Action):
    """Show where the learner stands."""


@dataclass(frozen=True, slots=True)
class Still(Action):
    """A button that only shows something: an answered choice, a page number."""


CODES: dict[str, type[Action]] = {
    "l": Lessons,
    "r": Read,
    "q": StartQuiz,
    "a": Answer,
    "t": Tick,
    "s": Submit,
    "h": Hint,
    "g": Again,
    "n": NextQuestion,
    "x": RunExample,
    "k": Tune,
    "v": Set,
    "y": RunTuned,
    "d": Edit,
    "e": Evaluate,
    "z": StopRun,
    "w": RunAgain,
    "c": ShowCode,
    "u": Runs,
    "p": Progress,
    "0": Still,
}
"""One letter an action, for ever: a letter is never given to another action within a version."""
_LETTERS = {action: letter for letter, action in CODES.items()}


def encode(action: Action) -> str:
    """Raises ValueError when a field holds a separator or the data would be over 64 bytes: a mistake of ours, never
    of a person."""
    values = [str(value) for value in astuple(action)]
    data = ":".join([VERSION + _LETTERS[type(action)], *values])
    if any(":" in value for value in values) or len(data.encode()) > LIMIT:
        raise ValueError(f"{action} does not fit callback data: {data!r}")
    return data


def decode(data: str) -> Action:
    """Raises UnknownButton for anything that `encode` does not write."""
    head, *values = data.split(":")
    kind = CODES.get(head[1:]) if head[:1] == VERSION else None
    if kind is None or len(values) != len(fields(kind)):
        raise UnknownButton(data)
    hints = get_type_hints(kind)
    try:
        read: list[Any] = [hints[f.name](value) for f, value in zip(fields(kind), values, strict=True)]
    except ValueError:
        raise UnknownButton(data) from None
    if any(isinstance(value, int) and not 0 <= value < 2**63 for value in read):
        raise UnknownButton(data)
    if [str(value) for value in read] != values:  # int() reads " 7", "+7" and "1_0" too
        raise UnknownButton(data)
    return kind(*read)
