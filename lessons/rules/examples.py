"""Examples: scripts that parse, are shown, and find the files they need."""

from __future__ import annotations

from collections.abc import Iterator

from lessons.document import Node
from lessons.draft import Draft, LessonDraft
from lessons.model import Role
from lessons.problem import Problem
from lessons.rules import parameters
from lessons.script import Script


def problems(draft: Draft) -> Iterator[Problem]:
    for lesson in draft.lessons:
        shown = {id for part in lesson.parts for id in part.examples}
        for example in lesson.head.items("examples"):
            id = example.text("id")
            if id and id not in shown:
                expected = f"a code fence ```python example={id}"
                yield example.problem(f"example `{id}` is shown in no section", expected)
            yield from _files(lesson, example)
            yield from _needs(lesson, example)
            script, mistake = _script(lesson, id)
            yield from mistake
            yield from parameters.problems(example, script)


def _files(lesson: LessonDraft, example: Node) -> Iterator[Problem]:
    for name, node in example.texts("data"):
        file = lesson.folder / "examples" / name
        if not file.is_file():
            yield node.problem(f"data file `{name}`, but no such file", f"{file}")


def _needs(lesson: LessonDraft, example: Node) -> Iterator[Problem]:
    needs, node = example.text("needs"), example.at("needs")
    if not needs:
        return
    if example.text("role") != Role.EVALUATE:
        yield node.problem(f"`needs` in an example of role {example.text('role')}", "it only where role is evaluate")
    makers = [
        other.text("id")
        for other in lesson.head.items("examples")
        if other.text("role") == Role.TRAIN and other.items("makes")
    ]
    if needs not in makers:
        expected = f"a train example of this lesson that makes a file ({', '.join(makers) or 'there is none'})"
        yield node.problem(f"`needs` is `{needs}`", expected)


def _script(lesson: LessonDraft, id: str) -> tuple[Script | None, list[Problem]]:
    """The example's script, or why there is none. (A file that cannot be read at all was reported when it was.)"""
    file = lesson.folder / "examples" / f"{id}.py"
    try:
        return (Script(lesson.sources[id]) if id in lesson.sources else None), []
    except SyntaxError as error:
        return None, [Problem(file, error.lineno or 1, f"{error.msg}", "Python that parses")]
    except ValueError as error:  # a null character
        return None, [Problem(file, 1, f"{error}", "Python that parses")]
