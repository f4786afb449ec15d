"""`tutor check`: a course's mistakes, and with `--run` its examples in the sandbox."""

from __future__ import annotations

from pathlib import Path

import click

from bot import preview
from lessons import draft
from lessons.check import examine
from lessons.loader import COURSE, readable
from lessons.model import Course, Example, Lesson, Role
from runner import Failed, Finished, Job, LocalRunner, open_runner


async def check_course(folder: Path | None, run: bool) -> int:
    """Print every mistake; returns the exit status: 0 when there is none, else 1."""
    read = draft.read(folder or COURSE)
    wrong = examine(read)
    places = {(problem.file, problem.line) for problem in wrong}
    # What a line shows is looked at when the line itself is right.
    shown = [problem for problem in preview.problems(read) if (problem.file, problem.line) not in places]
    problems = sorted([*wrong, *shown], key=lambda problem: (problem.file, problem.line))
    for problem in problems:
        click.echo(str(problem))
    if problems:
        click.echo(f"{len(problems)} mistake{'s' if len(problems) > 1 else ''}.")
        return 1
    course = readable(read)
    click.echo(f"{course.title}: {len(course.lessons)} lesson{'s' if len(course.lessons) > 1 else ''}, no mistakes.")
    return await _run_all(course) if run else 0


async def _run_all(course: Course) -> int:
    """Run every example: those that train first, since the others judge what they made."""
    failed = 0
    async with open_runner("local", slots=1) as runner:
        for lesson in course.lessons:
            made: dict[str, dict[str, bytes]] = {}
            for example in (*lesson.of_role(Role.TRAIN), *lesson.of_role(Role.EVALUATE)):
                failed += not await _run(runner, lesson, example, made)
    return 1 if failed else 0


async def _run(runner: LocalRunner, lesson: Lesson, example: Example, made: dict[str, dict[str, bytes]]) -> bool:
    files = {name: path.read_bytes() for name, path in example.data.items()} | made.get(example.needs, {})
    async for event in runner.run(Job(example.source, name=example.file, files=files, makes=example.makes)):
        if isinstance(event, Finished):
            made[example.id] = {artifact.name: artifact.data for artifact in event.artifacts}
            missing = [name for name in example.makes if name not in made[example.id]]
            what = f"did not make {', '.join(missing)}" if missing else f"finished in {event.seconds:.1f} s"
            click.echo(f"{lesson.id}/{example.id}: {what}")
            return not missing
        if isinstance(event, Failed):
            click.echo(f"{lesson.id}/{example.id}: failed ({event.reason})\n{event.detail}")
    return False
