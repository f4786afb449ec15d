"""The shape of a course's YAML: its keys, their types and limits. What the values mean together is for `check`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeAlias, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from lessons.document import Key, Node
from lessons.model import Kind, Literal, Role
from lessons.problem import Problem

# Ids stand in callback data (64 bytes) and in deep links, and are permanent: short and plain.
ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LESSON_ID = 32
SECTION_ID = 24
QUESTION_ID = 24
EXAMPLE_ID = 24
CHOICE_ID = 8

# Lengths in characters.
BUTTON = 60
"""What a phone shows of a title, on a button or a line of its own."""
PROMPT = 300
CHOICE = 100
CHOICES = 10
"""What Telegram takes as a poll's question, as one of its options, and how many of these."""
HINT = 200
"""What Telegram takes as the answer to a button press."""
FEEDBACK = 400
EXPLANATION = 800
"""Question, verdict and explanation together stay well below one message (4096)."""
NOTE = 300
PRESETS = 6
PARAMETERS = 10
"""A button carries a parameter's number, and Telegram takes 64 bytes of what it carries."""
BLOCK = 3500
"""A code block or a sentence in UTF-16 units: pages are not cut within them, and one has to fit a message (4096)."""

NUMERIC = frozenset({"number", "tolerance", "default", "minimum", "maximum", "choices", "presets", "chance"})
"""Keys whose values are numbers, or lists of them. (The choices of a question are mappings.)"""

_WITHDRAWN_PATTERN = r"^[a-z0-9-]+(/[a-z0-9-]+)?$"
_NAME_PATTERN = r"^[a-z_][a-z0-9_]*$"
_FILE_PATTERN = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$"


def _scalar(value: object) -> Literal:
    if isinstance(value, int | float | str):  # bool is an int
        return value
    raise PydanticCustomError("scalar", "a number, a text, true or false")


LessonId: TypeAlias = Annotated[str, Field(max_length=LESSON_ID, pattern=ID_PATTERN)]
QuestionId: TypeAlias = Annotated[str, Field(max_length=QUESTION_ID, pattern=ID_PATTERN)]
ExampleId: TypeAlias = Annotated[str, Field(max_length=EXAMPLE_ID, pattern=ID_PATTERN)]
ChoiceId: TypeAlias = Annotated[str, Field(max_length=CHOICE_ID, pattern=ID_PATTERN)]
WithdrawnId: TypeAlias = Annotated[str, Field(pattern=_WITHDRAWN_PATTERN)]
Name: TypeAlias = Annotated[str, Field(max_length=EXAMPLE_ID, pattern=_NAME_PATTERN)]
FileName: TypeAlias = Annotated[str, Field(max_length=BUTTON, pattern=_FILE_PATTERN)]
Title: TypeAlias = Annotated[str, Field(min_length=1, max_length=BUTTON)]
Note: TypeAlias = Annotated[str, Field(min_length=1, max_length=NOTE)]
Scalar: TypeAlias = Annotated[Literal, PlainValidator(_scalar)]


class Form(BaseModel):
    """A mapping with these keys and no others. Values are taken as they are, never converted."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True, allow_inf_nan=False, frozen=True)


class CourseForm(Form):
    """course.yaml"""

    title: Title
    description: Note
    lessons: Annotated[list[LessonId], Field(min_length=1)]
    withdrawn: list[WithdrawnId] = []


class ParameterForm(Form):
    """A parameter of an example, in the front matter of lesson.md"""

    name: Name
    title: Title
    default: Scalar
    minimum: float | None = None
    maximum: float | None = None
    choices: list[Scalar] = []
    presets: Annotated[list[Scalar], Field(max_length=PRESETS)] = []
    replaces: str = ""
    template: str = ""


class ExampleForm(Form):
    """An example, in the front matter of lesson.md"""

    id: ExampleId
    title: Title
    role: Annotated[Role, Field(strict=False)]
    parameters: Annotated[list[ParameterForm], Field(max_length=PARAMETERS)] = []
    data: list[FileName] = []
    makes: list[FileName] = []
    needs: str = ""
    note: Annotated[str, Field(max_length=NOTE)] = ""
    chance: Annotated[float, Field(ge=0, le=1)] | None = None


class LessonForm(Form):
    """The front matter of lesson.md"""

    title: Title
    minutes: Annotated[int, Field(ge=1, le=240)]
    summary: Note
    examples: list[ExampleForm] = []


class ChoiceForm(Form):
    """A choice of a question"""

    id: ChoiceId
    text: Annotated[str, Field(min_length=1, max_length=CHOICE)]
    feedback: Annotated[str, Field(min_length=1, max_length=FEEDBACK)]
    correct: bool = False


class QuestionForm(Form):
    """A question, in questions.yaml"""

    id: QuestionId
    kind: Annotated[Kind, Field(strict=False)]
    section: str
    prompt: Annotated[str, Field(min_length=1, max_length=PROMPT)]
    explanation: Annotated[str, Field(min_length=1, max_length=EXPLANATION)]
    hint: Annotated[str, Field(max_length=HINT)] = ""
    choices: Annotated[list[ChoiceForm], Field(max_length=CHOICES)] = []
    answers: list[Annotated[str, Field(min_length=1, max_length=CHOICE)]] = []
    number: float | None = None
    tolerance: Annotated[float, Field(ge=0)] = 0.0


_EXPECTED = {
    "string_type": "a text, in quotes if it looks like a number or like yes or no",
    "string_too_short": "some text",
    "string_too_long": "at most {max_length} characters",
    "int_type": "a whole number",
    "float_type": "a number, such as 0.5, without quotes",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "list_type": "a list",
    "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
    "enum": "{expected}",
    "greater_than_equal": "at least {ge:g}",
    "less_than_equal": "at most {le:g}",
    "model_type": "keys with values",
}
_PATTERNS = {
    ID_PATTERN: "small letters, digits and single hyphens between them, such as `my-id`",
    _WITHDRAWN_PATTERN: "the id of a lesson or question, or `lesson/id` of one of its sections or examples",
    _NAME_PATTERN: "a Python name in small letters, such as `batch_size`",
    _FILE_PATTERN: "a plain file name",
}

F = TypeVar("F", bound=Form)


def read(form: type[F], node: Node) -> tuple[F | None, list[Problem]]:
    """The node's value in this form, or None and every way in which it does not fit."""
    try:
        return form.model_validate(node.value), []
    except ValidationError as error:
        return None, [_problem(form, node, details) for details in error.errors()]


def shown(value: object) -> str:
    """A value as its author wrote it, more or less, on one short line."""
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return f"a list of {len(value)}" if isinstance(value, list) else "a mapping"
    line = " ".join(f"{value}".split())
    if len(line) > BUTTON:
        return f'"{line[:BUTTON]}…" ({len(line)} characters)'
    return f'"{line}"' if isinstance(value, str) else line


def _problem(form: type[Form], root: Node, details: ErrorDetails) -> Problem:
    path = details["loc"]
    node = root.at(*path)
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if details["type"] == "missing":
        return node.problem(f"no `{key}`", "it: this key is required")
    if details["type"] == "extra_forbidden":
        return node.problem(f"unknown key `{key}`", _known_keys(form, path))
    return node.problem(f"`{key}` is {shown(node.value)}" if key else shown(node.value), _expectation(details))


def _expectation(details: ErrorDetails) -> str:
    context: Mapping[str, Any] = details.get("ctx", {})
    if details["type"] == "string_pattern_mismatch":
        return _PATTERNS[context["pattern"]]
    return _EXPECTED.get(details["type"], details["msg"]).format(**context)


def _known_keys(form: type[Form], path: Iterable[Key]) -> str:
    """The keys of the form in which the end of `path`, an unknown key, was found."""
    *parents, unknown = path
    for name in parents:
        if isinstance(name, str):
            form = get_args(form.model_fields[name].annotation)[0]
    close = difflib.get_close_matches(f"{unknown}", form.model_fields, n=1)
    return f"`{close[0]}`?" if close else "one of " + ", ".join(form.model_fields)
