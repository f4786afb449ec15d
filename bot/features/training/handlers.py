"""Training and evaluating: from a command or a button to a stored run."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.ids import RunId
from bot.domain.messages import Mode
from bot.domain.runs import Order, Run, Value
from bot.features.training import screens
from bot.features.training.buttons import RunTuned, Set
from bot.runs import screens as run_screens
from bot.runs.buttons import RunAgain, RunExample, Runs, ShowCode, StopRun, Tune
from bot.runs.control import busy, end, example_of, title_of
from bot.runs.effects import StartJob
from bot.runs.follower import post_of
from bot.turns.turn import Turn
from lessons.model import Course, Example, Lesson, Role
from lessons.parameters import BadParameters, parse, write

DASHED = re.compile(r"(?<!\S)[-‐‑‒–—−]+([^\W\d][\w-]*)(?:\s*[=:]\s*|\s+(?=[-+.\d])|(?=\s|$))")
"""A parameter as programs take it, with its value."""


def train(turn: Turn) -> None:
    """`/train [example] [name=value ...]`"""
    named, texts = _arguments(turn)
    if named:
        _run_named(turn, named, Role.TRAIN, texts)
    elif example := next(iter(turn.current_lesson().of_role(Role.TRAIN)), None):
        _run_with(turn, turn.current_lesson(), example, texts)
    else:
        turn.say(screens.no_example())


def evaluate(turn: Turn) -> None:
    """`/evaluate [example]`: judges what was trained last, or what the named example trained."""
    named, texts = _arguments(turn)
    if named:
        _run_named(turn, named, Role.EVALUATE, texts)
    elif turn.current_lesson().of_role(Role.EVALUATE):
        _evaluate(turn, turn.current_lesson(), None, texts)
    else:
        turn.say(screens.no_example())


def _run_named(turn: Turn, named: str, role: Role, texts: Mapping[str, str]) -> None:
    lesson = turn.current_lesson()
    found = _named(turn.course, lesson, named.casefold(), role)
    if found and role is Role.EVALUATE:
        _evaluate(turn, *found, texts)
    elif found:
        _run_with(turn, *found, texts)
    elif lesson.of_role(role):
        turn.say(screens.no_such_example(lesson, named, role))
    else:
        turn.say(screens.no_example())


def _named(course: Course, current: Lesson, named: str, role: Role) -> tuple[Lesson, Example] | None:
    """The example of this name in the current lesson, else in the only other lesson that has one. An evaluation is
    also named by the example whose model it judges."""
    found = {
        lesson.id: (lesson, example)
        for lesson in course.lessons
        for example in reversed(lesson.of_role(role))
        if named == example.id or (role is Role.EVALUATE and named == example.needs)
    }
    return found.get(current.id) or (next(iter(found.values())) if len(found) == 1 else None)


def _evaluate(turn: Turn, lesson: Lesson, judge: Example | None, texts: Mapping[str, str]) -> None:
    if judge is None:
        last = turn.tables.runs.last_trained(turn.learner.id, lesson.id)
        judge = lesson.judge_of(last.example) if last else None
        judge = judge or next((e for e in lesson.of_role(Role.EVALUATE) if not e.needs), None)
    if judge is None or (judge.needs and not turn.tables.runs.kept(turn.learner.id, lesson.id, judge.needs)):
        turn.say(screens.train_first(lesson, judge))
    else:
        _run_with(turn, lesson, judge, texts)


def _arguments(turn: Turn) -> tuple[str, dict[str, str]]:
    """The example's name ("" if none) and the values as written. The first word without "=" is the name; any other is
    taken for a parameter without a value, so that it is named and not passed over."""
    named, texts = "", {}
    spelled = re.sub(r",(?=\s|$)", " ", " ".join(turn.incoming.arguments))
    spelled = DASHED.sub(r"\1=", spelled)  # `--epochs 5`, `—epochs=5` where an app made one dash of two
    spelled = re.sub(r"\s*[=:]\s*", "=", spelled)
    for word in spelled.split():
        name, equals, value = word.partition("=")
        if equals or named:
            texts[name] = value
        else:
            named = word
    return named, texts


def _run_with(turn: Turn, lesson: Lesson, example: Example, texts: Mapping[str, str]) -> None:
    """Runs the example with values as a person wrote them. Names every value that is wrong."""
    try:
        values = parse(example, texts)
    except BadParameters as bad:
        turn.say(screens.refused(example, [str(problem) for problem in bad.problems]))
    else:
        _queue(turn, lesson, example, values)


def _queue(turn: Turn, lesson: Lesson, example: Example, values: Mapping[str, Value]) -> None:
    """Stores the run and shows it. It starts after the commit. A learner has one run at a time."""
    if busy(turn):
        return
    changed = {p.name: values[p.name] for p in example.parameters if values.get(p.name, p.default) != p.default}
    source = write(example, changed)
    order = Order(turn.learner.id, turn.chat, lesson.id, source, example.id, example.role, changed)
    run = turn.tables.runs.add(order, turn.now)
    turn.toast("Here we go!")
    turn.show(run_screens.queued(example, run), post_of(run.id), Mode.NEW)
    turn.after(StartJob(run))


def run_example(turn: Turn, pressed: RunExample) -> None:
    found = _find(turn, pressed.lesson, pressed.example)
    if found:
        lesson, example = found
        if example.role is Role.EVALUATE:
            _evaluate(turn, lesson, example, {})
        else:
            _queue(turn, lesson, example, {})


def press_evaluate(turn: Turn) -> None:
    _evaluate(turn, turn.current_lesson(), None, {})


def tune(turn: Turn, pressed: Tune) -> None:
    found = _find(turn, pressed.lesson, pressed.example)
    if found:
        _show_knobs(turn, *found, Mode.FOLLOW)


def _show_knobs(turn: Turn, lesson: Lesson, example: Example, mode: Mode) -> None:
    if example.parameters:
        turn.show(screens.tune(lesson, example, _draft(turn, lesson, example)), _knobs(lesson, example), mode)
    else:
        turn.toast("This example has no values to change.", alert=True)


def set_knob(turn: Turn, pressed: Set) -> None:
    found = _find(turn, pressed.lesson, pressed.example)
    if not found:
        return
    lesson, example = found
    try:
        parameter = example.parameters[pressed.parameter]
        preset = parameter.offered[pressed.preset]
    except IndexError:
        turn.toast("These values have changed. Here are the new ones.")
    else:
        values = _draft(turn, lesson, example) | {parameter.name: preset}
        turn.tables.runs.set_draft(turn.learner.id, lesson.id, example.id, values)
        turn.toast(f"{parameter.name} = {preset}")
    _show_knobs(turn, lesson, example, Mode.KEEP)


def run_tuned(turn: Turn, pressed: RunTuned) -> None:
    found = _find(turn, pressed.lesson, pressed.example)
    if found:
        lesson, example = found
        _run_with(turn, lesson, example, {name: str(v) for name, v in _draft(turn, lesson, example).items()})


def _draft(turn: Turn, lesson: Lesson, example: Example) -> dict[str, Value]:
    """Values chosen for the next run, without those of parameters that the example no longer has."""
    known = {p.name for p in example.parameters}
    draft = turn.tables.runs.draft(turn.learner.id, lesson.id, example.id)
    return {name: value for name, value in draft.items() if name in known}


def _knobs(lesson: Lesson, example: Example) -> str:
    """Key of the message with the example's parameters. An example's id is unique in its lesson only."""
    return f"knobs:{lesson.id}:{example.id}"


def stop(turn: Turn) -> None:
    """`/stop`"""
    going = turn.tables.runs.open_of(turn.learner.id)
    if going:
        end(turn, going)
        turn.say(screens.stopped(title_of(turn, going)))  # the run's own message may have scrolled away
    else:
        turn.say(screens.nothing_to_stop())


def stop_run(turn: Turn, pressed: StopRun) -> None:
    run = _own_run(turn, RunId(pressed.run))
    if run is None:
        return
    if run.state.over:
        turn.toast("It is over already.")
    else:
        end(turn, run)


def run_again(turn: Turn, pressed: RunAgain) -> None:
    run = _own_run(turn, RunId(pressed.run))
    found = _find(turn, run.lesson, run.example) if run else None
    if run and found:
        lesson, example = found
        texts = {name: str(value) for name, value in run.values.items()}
        if example.role is Role.EVALUATE:
            _evaluate(turn, lesson, example, texts)
        else:
            _run_with(turn, lesson, example, texts)


def show_code(turn: Turn, pressed: ShowCode) -> None:
    run = _own_run(turn, RunId(pressed.run))
    if run:
        turn.say(screens.source(example_of(turn, run), run))


def runs(turn: Turn) -> None:
    """`/runs`"""
    _past(turn, 0)


def show_runs(turn: Turn, pressed: Runs) -> None:
    _past(turn, min(pressed.page, 10_000))


def _past(turn: Turn, page: int) -> None:
    past = turn.tables.runs.past(turn.learner.id, page * screens.PAGE, screens.PAGE)
    titles = {(lesson.id, e.id): e.title for lesson in turn.course.lessons for e in lesson.examples}
    turn.show(screens.past(past, titles, page, turn.tables.runs.count(turn.learner.id)))


def _find(turn: Turn, lesson_id: str, example_id: str) -> tuple[Lesson, Example] | None:
    lesson = turn.course.lesson(lesson_id)
    example = turn.course.example(lesson_id, example_id)
    if lesson is None or example is None:
        turn.toast("This example is no longer in the course.", alert=True)
        return None
    return lesson, example


def _own_run(turn: Turn, id: RunId) -> Run | None:
    run = turn.tables.runs.get(id)
    if run is None or run.learner != turn.learner.id:
        turn.toast("This run is not yours.")
        return None
    return run
