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
class LessonsPage(Action):
    """Show a page of the list of lessons, from 0."""

    page: int


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
class RunCode(Action):
    """Run code that was sent in a message, by its row."""

    snippet: int


@dataclass(frozen=True, slots=True)
class DropCode(Action):
    """Do not run it."""

    snippet: int


@dataclass(frozen=True, slots=True)
class Files(Action):
    """Show the files that the learner sent."""


@dataclass(frozen=True, slots=True)
class DeleteFile(Action):
    file: int


@dataclass(frozen=True, slots=True)
class Runs(Action):
    """Show a page of past runs."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class Progress(Action):
    """Show where the learner stands."""


@dataclass(frozen=True, slots=True)
class ProgressPage(Action):
    """Show a page of where the learner stands, from 0."""

    page: int


@dataclass(frozen=True, slots=True)
class Still(Action):
    """A button that only shows something: an answered choice, a page number."""


@dataclass(frozen=True, slots=True)
class Join(Action):
    """Join the class with this code."""

    code: str


@dataclass(frozen=True, slots=True)
class NotNow(Action):
    """Do not join, for now."""

    code: str


@dataclass(frozen=True, slots=True)
class MyClasses(Action):
    """Show the classes that the learner is in."""


@dataclass(frozen=True, slots=True)
class Leave(Action):
    """Ask whether the learner means to leave."""

    cohort: int


@dataclass(frozen=True, slots=True)
class LeaveNow(Action):
    cohort: int


@dataclass(frozen=True, slots=True)
class BecomeInstructor(Action):
    """Take up an invitation."""

    secret: str


# Of instructors


@dataclass(frozen=True, slots=True)
class TeachAlong(Action):
    """Take up a co-instructor's invitation to a class."""

    secret: str


@dataclass(frozen=True, slots=True)
class Classes(Action):
    """Show the classes that the instructor teaches."""


@dataclass(frozen=True, slots=True)
class NewClass(Action):
    """Ask for a new class' name."""


@dataclass(frozen=True, slots=True)
class Card(Action):
    """Show a class and what can be done with it."""

    cohort: int


@dataclass(frozen=True, slots=True)
class Report(Action):
    cohort: int


@dataclass(frozen=True, slots=True)
class WatchPulse(Action):
    """Show the class live, for a while."""

    cohort: int


@dataclass(frozen=True, slots=True)
class StopPulse(Action):
    cohort: int


@dataclass(frozen=True, slots=True)
class Announce(Action):
    """Choose the class that an announcement is for."""

    cohort: int


@dataclass(frozen=True, slots=True)
class SendDraft(Action):
    announcement: int


@dataclass(frozen=True, slots=True)
class DropDraft(Action):
    announcement: int


@dataclass(frozen=True, slots=True)
class Assign(Action):
    """Choose the class that an assignment is for."""

    cohort: int


@dataclass(frozen=True, slots=True)
class AssignNow(Action):
    """Have the class pass the lesson's quiz by a time, in minutes since 1970."""

    cohort: int
    lesson: str
    minute: int


@dataclass(frozen=True, slots=True)
class Unassign(Action):
    cohort: int
    lesson: str


@dataclass(frozen=True, slots=True)
class NewCode(Action):
    """Ask whether the class shall have another code."""

    cohort: int


@dataclass(frozen=True, slots=True)
class NewCodeNow(Action):
    """Another code in place of this one. Twice is like once."""

    cohort: int
    code: str


@dataclass(frozen=True, slots=True)
class SetOpen(Action):
    """Let people join (`on` 1), or no more (0)."""

    cohort: int
    on: int


@dataclass(frozen=True, slots=True)
class Invite(Action):
    """Make a link for a co-instructor."""

    cohort: int


@dataclass(frozen=True, slots=True)
class Rename(Action):
    """Ask for the class' new name."""

    cohort: int


@dataclass(frozen=True, slots=True)
class End(Action):
    """Ask whether the class shall end."""

    cohort: int


@dataclass(frozen=True, slots=True)
class EndNow(Action):
    cohort: int


@dataclass(frozen=True, slots=True)
class Appointed(Action):
    """Show who was appointed."""


@dataclass(frozen=True, slots=True)
class AppointNow(Action):
    """Make somebody an instructor who was asked about."""

    person: int


@dataclass(frozen=True, slots=True)
class InviteInstructor(Action):
    """Make a link that makes who opens it an instructor."""


@dataclass(frozen=True, slots=True)
class Dismiss(Action):
    """Ask whether somebody shall be an instructor no more."""

    person: int


@dataclass(frozen=True, slots=True)
class DismissNow(Action):
    person: int


CODES: dict[str, type[Action]] = {
    "l": Lessons,
    "lp": LessonsPage,
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
    "o": RunCode,
    "on": DropCode,
    "f": Files,
    "fx": DeleteFile,
    "u": Runs,
    "p": Progress,
    "pp": ProgressPage,
    "0": Still,
    "j": Join,
    "jn": NotNow,
    "m": MyClasses,
    "b": Leave,
    "bb": LeaveNow,
    "ib": BecomeInstructor,
    "it": TeachAlong,
    "tl": Classes,
    "tn": NewClass,
    "tc": Card,
    "tr": Report,
    "tp": WatchPulse,
    "tq": StopPulse,
    "ta": Announce,
    "ts": SendDraft,
    "tx": DropDraft,
    "tg": Assign,
    "th": AssignNow,
    "tu": Unassign,
    "tk": NewCode,
    "tw": NewCodeNow,
    "to": SetOpen,
    "ti": Invite,
    "tm": Rename,
    "te": End,
    "tz": EndNow,
    "ia": Appointed,
    "iy": AppointNow,
    "ii": InviteInstructor,
    "id": Dismiss,
    "ix": DismissNow,
}
"""A letter or two an action, for ever: they are never given to another action within a version."""
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
