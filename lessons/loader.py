"""Makes a course from its folder."""

from __future__ import annotations

from pathlib import Path

from lessons import draft, pictures
from lessons.check import examine
from lessons.draft import Draft, LessonDraft
from lessons.forms import ExampleForm, LessonForm, ParameterForm, QuestionForm
from lessons.markdown import Part
from lessons.model import Choice, Course, Example, Kind, Lesson, Literal, Parameter, Question, Section
from lessons.problem import CourseError

COURSE = Path(__file__).parent / "course"
"""The course that comes with this package."""


def load(folder: Path | None = None) -> Course:
    """The course in this folder, or the one that comes with the package.

    Raises CourseError, holding every problem, if anything in it is wrong.
    """
    read = draft.read((folder or COURSE).resolve())
    if problems := examine(read):
        raise CourseError(problems)
    return readable(read)


def example_of(file: Path) -> Example | None:
    """The example that this file is, where it lies in a course's folder; None for any other file.

    Raises CourseError if that course is not right.
    """
    file = file.resolve()
    folder = file.parent.parent
    if file.parent.name != "examples" or not (folder.parent / "course.yaml").is_file():
        return None
    lesson = load(folder.parent).lesson(folder.name)
    return next((example for example in lesson.examples if example.file == file.name), None) if lesson else None


def readable(read: Draft) -> Course:
    """The usable part of a course: without front matter, questions and examples that are wrong."""
    lessons = tuple(_lesson(lesson, lesson.form or _UNREADABLE) for lesson in read.lessons)
    return Course(read.form.title, read.form.description, lessons) if read.form else Course("", "", lessons)


_UNREADABLE = LessonForm(title="?", minutes=1, summary="?")
"""Stands for front matter that is wrong, so that the text below it can be looked at all the same."""


def _lesson(read: LessonDraft, form: LessonForm) -> Lesson:
    return Lesson(
        id=read.id,
        title=form.title,
        minutes=form.minutes,
        summary=form.summary,
        sections=tuple(_section(read, part) for part in read.parts),
        questions=tuple(_question(form) for form in read.questions if _has_answer(form)),
        examples=tuple(
            _example(example, read.folder / "examples", read.sources[example.id])
            for example in form.examples
            if example.id in read.sources
        ),
    )


def _section(read: LessonDraft, part: Part) -> Section:
    return Section(part.id, part.title, part.body(read.sources), part.examples, pictures.of(read, part))


def _has_answer(form: QuestionForm) -> bool:
    """Whether answers to it can be judged."""
    return form.kind is not Kind.NUMERIC or form.number is not None


def _question(form: QuestionForm) -> Question:
    return Question(
        id=form.id,
        kind=form.kind,
        prompt=form.prompt,
        explanation=form.explanation,
        section=form.section,
        choices=tuple(Choice(choice.id, choice.text, choice.correct, choice.feedback) for choice in form.choices),
        answers=tuple(form.answers),
        number=form.number,
        tolerance=form.tolerance,
        hint=form.hint,
    )


def _example(form: ExampleForm, folder: Path, source: str) -> Example:
    return Example(
        id=form.id,
        title=form.title,
        role=form.role,
        source=source,
        file=f"{form.id}.py",
        parameters=tuple(_parameter(parameter) for parameter in form.parameters),
        data={name: folder / name for name in form.data},
        makes=tuple(form.makes),
        needs=form.needs,
        note=form.note,
        chance=form.chance,
    )


def _parameter(form: ParameterForm) -> Parameter:
    def alike(values: list[Literal]) -> tuple[Literal, ...]:
        """`1` in a list of fractions is one of them."""
        return tuple(float(value) if isinstance(form.default, float) else value for value in values)

    return Parameter(
        name=form.name,
        default=form.default,
        title=form.title,
        minimum=form.minimum,
        maximum=form.maximum,
        choices=alike(form.choices),
        presets=alike(form.presets),
        replaces=form.replaces,
        template=form.template,
    )
