"""A course folder as it was read: forms where its files fit, problems where they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lessons import document, forms, markdown
from lessons.document import Node
from lessons.forms import CourseForm, F, LessonForm, QuestionForm
from lessons.markdown import Part
from lessons.problem import Problem

_FRONT_MATTER = re.compile(r"\s*^---[ \t]*\n(?P<head>.*?)^---[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class LessonDraft:
    """A lesson's folder: lesson.md, questions.yaml, examples/."""

    folder: Path
    head: Node
    """The front matter of lesson.md."""
    form: LessonForm | None
    """The same in its form, if it fits."""
    parts: tuple[Part, ...]
    quiz: tuple[Node, ...]
    """The questions in questions.yaml."""
    questions: tuple[QuestionForm, ...]
    """Those of them that fit their form."""
    sources: Mapping[str, str]
    """Text of examples/<id>.py by id, of all that could be read."""
    problems: tuple[Problem, ...]

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def file(self) -> Path:
        return self.head.file


@dataclass(frozen=True, slots=True)
class Draft:
    """A course's folder: course.yaml and the lessons that it lists."""

    folder: Path
    head: Node
    form: CourseForm | None
    lessons: tuple[LessonDraft, ...]
    problems: tuple[Problem, ...]
    """What kept files from being read, and where they do not fit their forms."""


def read(folder: Path) -> Draft:
    """Read a course folder. Never raises for what is in it: what is wrong stands in `problems`."""
    head, problems = _yaml(folder / "course.yaml")
    form = _form(CourseForm, head, problems)
    for name, node in head.texts("lessons"):
        if not (folder / name).is_dir():
            problems.append(node.problem(f"`{name}` in `lessons`, but no such folder", f"{folder / name}/lesson.md"))
    listed = [name for name, _ in head.texts("lessons")] if head.has("lessons") else _folders(folder)
    names = dict.fromkeys(listed)
    lessons = tuple(_lesson(folder / name) for name in names if (folder / name).is_dir())
    below = [problem for lesson in lessons for problem in lesson.problems]
    return Draft(folder, head, form, lessons, (*problems, *below))


def _folders(folder: Path) -> list[str]:
    """The lessons' folders where course.yaml does not say which they are: its mistake hides none of theirs."""
    return sorted(file.parent.name for file in folder.glob("*/lesson.md"))


def _lesson(folder: Path) -> LessonDraft:
    file = folder / "lesson.md"
    head, parts, problems = _markdown(file)
    form = _form(LessonForm, head, problems)
    quiz, questions = _quiz(folder / "questions.yaml", problems)
    sources = dict(_sources(folder / "examples", head, problems))
    return LessonDraft(folder, head, form, parts, quiz, questions, sources, tuple(problems))


def _form(form: type[F], node: Node, problems: list[Problem]) -> F | None:
    """The node in this form, if it fits; else what is wrong is added to `problems`."""
    if node.value is None and problems:  # it could not be read at all, which was said already
        return None
    made, misfits = forms.read(form, node)
    problems += misfits
    return made


def _markdown(file: Path) -> tuple[Node, tuple[Part, ...], list[Problem]]:
    """Front matter and sections of a lesson.md."""
    text, problems = _text(file)
    if problems:
        return Node(file, 1, None), (), problems
    matter = _FRONT_MATTER.match(text)
    if not matter or not matter["head"].strip():
        problem = Problem(file, 1, "no front matter", "lines of YAML between two lines `---`")
        return Node(file, 1, None), markdown.parts(text[matter.end() :] if matter else text, 1), [problem]
    node, problems = document.read(matter["head"], file, 1 + text.count("\n", 0, matter.start("head")), forms.NUMERIC)
    return node, markdown.parts(text[matter.end() :], 1 + text.count("\n", 0, matter.end())), problems


def _quiz(file: Path, problems: list[Problem]) -> tuple[tuple[Node, ...], tuple[QuestionForm, ...]]:
    """The questions of a questions.yaml; what is wrong is added to `problems`."""
    root, faults = _yaml(file)
    problems += faults
    if not isinstance(root.value, list) or not root.value:
        if not faults:
            problems.append(root.problem("no questions", "a list of them, each beginning with `- id: ...`"))
        return (), ()
    nodes = tuple(root.children.values())
    fitting = [_form(QuestionForm, node, problems) for node in nodes]
    return nodes, tuple(form for form in fitting if form)


def _sources(folder: Path, head: Node, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """The text of each example that the front matter names, by id."""
    for example in head.items("examples"):
        id = example.text("id")
        file = folder / f"{id}.py"
        if id and not file.is_file():
            problems.append(example.problem(f"example `{id}` without a file", f"{file}"))
        elif id:
            source, faults = _text(file)
            problems += faults
            if not faults:
                yield id, source


def _yaml(file: Path) -> tuple[Node, list[Problem]]:
    text, problems = _text(file)
    return (Node(file, 1, None), problems) if problems else document.read(text, file, numeric=forms.NUMERIC)


def _text(file: Path) -> tuple[str, list[Problem]]:
    try:
        return file.read_text(encoding="utf-8-sig"), []
    except FileNotFoundError:
        return "", [Problem(file, 1, "no such file", "a file of this name")]
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        return "", [Problem(file, line, "bytes that are not UTF-8", "a text in UTF-8")]
    except OSError as error:
        return "", [Problem(file, 1, f"{error.strerror}", "a file that can be read")]
