"""Ids are permanent: unique where they count, never used again when withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lessons.draft import Draft
from lessons.problem import Problem


@dataclass(frozen=True, slots=True)
class Id:
    """An id in use. Sections and examples belong to a lesson; theirs read `lesson/id`."""

    kind: str
    name: str
    file: Path
    line: int


def problems(draft: Draft) -> Iterator[Problem]:
    withdrawn = {name: node.line for name, node in draft.head.texts("withdrawn")}
    seen: dict[tuple[str, str], Id] = {}
    for id in ids(draft):
        first = seen.setdefault((id.kind, id.name), id)
        if first is not id:
            found = f"{id.kind} `{id.name}` again, after {first.file.name}:{first.line}"
            yield Problem(id.file, id.line, found, f"an id that no other {id.kind} has")
        if id.name in withdrawn:
            found = f"{id.kind} `{id.name}`, an id withdrawn in course.yaml:{withdrawn[id.name]}"
            yield Problem(id.file, id.line, found, "a new id: answers and runs are kept under the old one")


def ids(draft: Draft) -> Iterator[Id]:
    """Every id in use, in the order of the files."""
    for name, node in draft.head.texts("lessons"):
        yield Id("lesson", name, node.file, node.line)
    for lesson in draft.lessons:
        for part in lesson.parts:
            if part.id:
                yield Id("section", f"{lesson.id}/{part.id}", lesson.file, part.line)
        for node in lesson.head.items("examples"):
            if node.text("id"):
                yield Id("example", f"{lesson.id}/{node.text('id')}", node.file, node.line)
        for node in lesson.quiz:
            if node.text("id"):
                yield Id("question", node.text("id"), node.file, node.line)
