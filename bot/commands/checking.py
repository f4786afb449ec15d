"""`tutor check`: a course's mistakes, and with `--run` its examples in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path

import click

from bot.commands import preview
from bot.domain.runs import ErrorHint
from bot.runs import hints
from lessons import draft
from lessons.check import examine
from lessons.loader import readable
from lessons.model import Course, Example, Lesson, Literal, Role
from lessons.parameters import extremes, shown, write
from runner import Failed, Finished, Job, Runner, open_runner

Files = dict[str, bytes]


async def check_course(folder: Path, run: bool) -> int:
    """Print every mistake; returns the exit status: 0 when there is none, else 1."""
    read = draft.read(folder)
    wrong = examine(read)
    places = {(problem.file, problem.line) for problem in wrong}
    # What a line shows is looked at when the line itself is right.
    unshown = [problem for problem in preview.problems(read) if (problem.file, problem.line) not in places]
    problems = sorted([*wrong, *unshown], key=lambda problem: (problem.file, problem.line))
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
    async with open_runner(slots=1) as runner:
        for lesson in course.lessons:
            made: dict[str, Files] = {}
            for example in (*lesson.of_role(Role.TRAIN), *lesson.of_role(Role.EVALUATE)):
                given = {name: path.read_bytes() for name, path in example.data.items()} | made.get(example.needs, {})
                for values in _variants(example):
                    files = await _run(runner, lesson, example, values, given)
                    failed += files is None
                    made.setdefault(example.id, files or {})
    return 1 if failed else 0


def _variants(example: Example) -> Iterator[dict[str, Literal]]:
    """The default values; then each parameter at the smallest and largest value a learner may choose, one at a time."""
    yield {}
    for parameter in example.parameters:
        yield from ({parameter.name: value} for value in extremes(parameter))


async def _run(
    runner: Runner, lesson: Lesson, example: Example, values: Mapping[str, Literal], given: Files
) -> Files | None:
    """Run the example with these values and say how it went; returns the files it made, None when it failed."""
    chosen = "".join(f" with {name}={shown(value)}" for name, value in values.items())
    job = Job(write(example, values), name=example.file, files=given, makes=example.makes)
    async with aclosing(runner.run(job)) as events:
        async for event in events:
            if isinstance(event, Finished):
                made = {artifact.name: artifact.data for artifact in event.artifacts}
                missing = [name for name in example.makes if name not in made]
                what = f"did not make {', '.join(missing)}" if missing else f"finished in {event.seconds:.1f} s"
                click.echo(f"{lesson.id}/{example.id}{chosen}: {what}")
                return None if missing else made
            if isinstance(event, Failed):
                helps = hints.words(ErrorHint(**asdict(event.hint))) if event.hint else ""
                told = "\n".join(part for part in (event.detail, helps) if part)
                click.echo(f"{lesson.id}/{example.id}{chosen}: failed ({event.reason})\n{told}")
    return None
