"""Knobs, past runs, and refusals of a training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain import wording
from bot.domain.headline import headline, means_something
from bot.domain.messages import Attachment
from bot.domain.runs import Run, RunState, Value
from bot.features.progress.buttons import Progress
from bot.features.training.buttons import RunTuned, Set
from bot.runs.buttons import RunExample, Runs, ShowCode
from bot.runs.screens import SORRY, with_values
from bot.telegram.richtext import MESSAGE_UNITS, Text, bold, code, italic, join, lines, paragraphs, pre, text
from bot.telegram.screen import Button, Row, Screen
from bot.turns.buttons import Lessons
from lessons.model import Example, Lesson, Parameter, Role


def no_example() -> Screen:
    return Screen(
        text("This lesson has no example for that. Another one may: /lessons shows them all."),
        ((Button("☰ Lessons", Lessons()), Button("My progress", Progress())),),
    )


PAGE = 8
"""Past runs on one page."""


def tune(lesson: Lesson, example: Example, values: Mapping[str, Value]) -> Screen:
    """The parameters of an example. `values` are those chosen so far."""
    knobs = [
        lines(text(bold(p.name), " = ", code(wording.value(values.get(p.name, p.default)))), p.title)
        for p in example.parameters
    ]
    how = text("Or write them: ", code(_typed(lesson, example)))
    rows = [_knob_row(lesson, example, i, p, values) for i, p in enumerate(example.parameters)]
    run = Button("▶ Run with these values", RunTuned(lesson.id, example.id), style="success")
    return Screen(paragraphs(bold(example.title), *knobs, how), (*rows, (run,)))


def _typed(lesson: Lesson, example: Example) -> str:
    first = example.parameters[0]
    value = first.offered[-1] if first.offered else first.default
    named = "" if example is lesson.of_role(example.role)[0] else f"{example.id} "
    return f"/{example.role} {named}{first.name}={wording.value(value)}"


def _knob_row(lesson: Lesson, example: Example, number: int, parameter: Parameter, values: Mapping[str, Value]) -> Row:
    now = values.get(parameter.name, parameter.default)
    return tuple(
        Button(
            f"✓\u202f{wording.value(preset)}" if preset == now else wording.value(preset),
            Set(lesson.id, example.id, number, i),
            style="primary" if preset == now else None,
        )
        for i, preset in enumerate(parameter.offered)
    )


def refused(example: Example, problems: Sequence[str]) -> Screen:
    """Values that are not allowed, each with what is."""
    listed = lines(*(f"• {problem}." for problem in problems))
    return Screen(paragraphs(text(bold(example.title), " did not start:"), listed))


def no_such_example(lesson: Lesson, named: str, role: Role) -> Screen:
    known = lesson.of_role(role)
    listed = lines(*(text(code(f"/{role} {e.id}"), f" – {e.title}") for e in known))
    rows = tuple((Button(f"▶ {e.title}", RunExample(lesson.id, e.id)),) for e in known)
    return Screen(paragraphs(text("There is no example ", bold(named[:32]), " here. There is:"), listed), rows)


def train_first(lesson: Lesson, judge: Example | None = None) -> Screen:
    """Nothing to evaluate yet."""
    known = [e for e in lesson.of_role(Role.TRAIN) if lesson.judge_of(e.id)]
    if judge:
        known = [e for e in known if e.id == judge.needs]
    rows = tuple((Button(f"▶ {e.title}", RunExample(lesson.id, e.id), style="primary"),) for e in known)
    return Screen(text("There is no model of yours to evaluate yet. Train one first; it takes seconds:"), rows)


def stopped(title: str) -> Screen:
    """Below a typed /stop."""
    return Screen(text("Stopped: ", bold(title), "."))


def nothing_to_stop() -> Screen:
    return Screen(text("Nothing is running. /train starts something."))


def source(example: Example | None, run: Run) -> Screen:
    """The code exactly as it ran."""
    title = example.title if example else run.example
    head = join(" ", [text("Run ", str(run.id), ": ", bold(title)), with_values(run)])
    listing = pre(run.source, "python")
    if head.units + listing.units < MESSAGE_UNITS - 10:
        return Screen(paragraphs(head, listing))
    return Screen(head, attachment=Attachment(f"run-{run.id}.py", run.source.encode(), picture=False))


MARKS = {
    RunState.QUEUED: "⏳",
    RunState.RUNNING: "🏃",
    RunState.FINISHED: "✅",
    RunState.FAILED: "❌",
    RunState.CANCELLED: "⏹",
}


def past(runs: Sequence[Run], titles: Mapping[tuple[str, str], str], page: int, total: int) -> Screen:
    """One page of past runs, newest first."""
    if not total:
        return Screen(text("No runs yet. /train starts the first one."))
    listed = [_past_line(run, titles.get((run.lesson, run.example), run.example)) for run in runs]
    codes = tuple(Button(f"‹› {run.id}", ShowCode(run.id)) for run in runs)
    halves = (codes[: PAGE // 2], codes[PAGE // 2 :])
    way: list[Button] = []
    if page > 0:
        way.append(Button("‹ Newer", Runs(page - 1)))
    if (page + 1) * PAGE < total:
        way.append(Button("Older ›", Runs(page + 1)))
    how = italic("‹› shows the code of a run.")
    return Screen(paragraphs(bold(f"Your runs ({total})"), *listed, how), (*halves, tuple(way)))


def _past_line(run: Run, title: str) -> Text:
    shown: Text | str = ""
    if run.state is RunState.FINISHED:
        shown = _figures_of(run)
    elif run.state is RunState.FAILED:
        shown = SORRY.get(run.reason or "", SORRY["lost"])
    head = text(f"{MARKS[run.state]} {run.id}  ", bold(title if run.verified else wording.YOUR_CODE))
    return lines(join(" ", [head, with_values(run)]), shown)


def _figures_of(run: Run) -> str:
    best = headline(run.history, run.judgements)
    if best and (best.models > 1 or best.evaluated):
        where = f" on {best.examples} examples" if best.examples is not None else ""
        where += " that it learned from" if best.of_training_data and where else ""
        mean = f", the mean of {best.models} models" if best.models > 1 else ""
        return f"{wording.metric_name(best.metric)} {wording.figure(best.figure)}{where}{mean}"
    if run.history:
        epoch = run.history[-1]
        last = {name: value for name, value in epoch.metrics.items() if means_something(epoch, name)}
        shown = [f"{wording.metric_name(n)} {wording.figure(last[n])}" for n in wording.in_order(last)]
        return " · ".join(shown)
    return wording.duration(run.seconds or 0)
