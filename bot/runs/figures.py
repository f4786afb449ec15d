"""A run's figures as tables for a phone, its models told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from bot.domain import wording
from bot.domain.headline import counted, last_epochs, of_last_model, standing, untrained
from bot.domain.runs import Epoch, Judgement

OWN = (("accuracy", "accuracy"), ("precision", "precision"), ("recall", "recall"), ("F1", "f1"))
"""What the runner works out itself: how it is called, and where it stands in a judgement."""
SAME = 0.0005
"""Figures that differ by less look the same."""
NAME = 20
"""Characters of a metric's name: a script may call it anything."""
MODELS = 6
"""Most models that have a line each."""
COLUMNS = 32
"""Characters that fit into a line of a phone."""
LONGEST = 7
"""Characters of the longest figure."""
NO_NUMBER = "NaN"
MODEL, EXAMPLES = "model", "examples"


class FigureRow(NamedTuple):
    """The figures of one model, or of one evaluation."""

    label: str
    figures: Mapping[str, float | None]
    """By name; None for one that was no number."""
    compares: bool = True
    """Whether it counts for mean and range."""


def table(history: Sequence[Epoch], judgements: Sequence[Judgement]) -> str:
    """The evaluations of a run. Without one of a trained model, the end of its training stands before them. Empty where
    there are neither."""
    judged, by_model = _judged(judgements), standing(judgements)
    trained = of_training(history) if history and not by_model else ""
    is_pair = len(judged) <= 2 and len(by_model) <= 1
    evaluated = (_side_by_side(judged) if is_pair else _compared(judged)) if judged else ""
    return "\n\n".join(filter(None, [trained, evaluated]))


def of_training(history: Sequence[Epoch]) -> str:
    """Each metric with its course so far, or of several models where each has ended."""
    last = last_epochs(history)
    if len(last) > 1:
        return _compared([FigureRow(f"{MODEL} {model}", _of_epoch(epoch)) for model, epoch in last.items()])
    return course(history)


def course(history: Sequence[Epoch]) -> str:
    """Each metric of the model fitted last, and how it went."""
    history, rows = of_last_model(history), []
    for name in _in_order(history[-1].metrics, history[-1].diverged):
        values = [epoch.metrics[name] for epoch in history if name in epoch.metrics]
        now = wording.figure(values[-1]) if name in history[-1].metrics else NO_NUMBER
        rows.append((_clipped(wording.metric_name(name)), now, wording.sparkline(values)))
    widths = [max(len(row[i]) for row in rows) for i in range(2)] if rows else [0, 0]
    return "\n".join(f"{a.ljust(widths[0])}  {b.rjust(widths[1])}  {c}".rstrip() for a, b, c in rows)


def _judged(judgements: Sequence[Judgement]) -> list[FigureRow]:
    """The trained models' evaluations, then that of the untrained one."""
    by_model, fresh = standing(judgements), untrained(judgements)
    if len(by_model) > 1:
        shown = [(f"{MODEL} {model}", one) for model, one in counted(judgements).items()]
    else:
        shown = _by_data(next(iter(by_model.values()), []))
    found = [FigureRow(label, _of_judgement(one)) for label, one in shown]
    return [*found, FigureRow("untrained", _of_judgement(fresh), compares=False)] if fresh else found


def _by_data(judgements: Sequence[Judgement]) -> list[tuple[str, Judgement]]:
    """One model's evaluations by what they were made on."""
    if len(judgements) == 1:
        return [("trained", judgements[0])]
    names = ["data" if one.data == "unknown" else one.data for one in judgements]
    numbered = [f"{name} {names[: n + 1].count(name)}" for n, name in enumerate(names)]
    return [
        (one if names.count(name) > 1 else name, j) for one, name, j in zip(numbered, names, judgements, strict=True)
    ]


def _of_judgement(judgement: Judgement) -> dict[str, float | None]:
    """The runner's own figures, then every metric that Keras gave, then the number of examples."""
    own = {label: getattr(judgement, field) for label, field in OWN}
    figures: dict[str, float | None] = {label: value for label, value in own.items() if value is not None}
    for name in _in_order(judgement.metrics, judgement.diverged):
        label, value = _clipped(wording.metric_name(name)), judgement.metrics.get(name)
        ours = figures.get(label)
        if label not in figures:
            figures[label] = value
        elif value is None or ours is None or abs(value - ours) >= SAME:
            figures[f"{label} (Keras)"] = value
    return figures | ({} if judgement.examples is None else {EXAMPLES: judgement.examples})


def _of_epoch(epoch: Epoch) -> dict[str, float | None]:
    names = _in_order(epoch.metrics, epoch.diverged)
    return {_clipped(wording.metric_name(name)): epoch.metrics.get(name) for name in names}


def _in_order(metrics: Mapping[str, float], diverged: Sequence[str]) -> list[str]:
    return wording.in_order({**metrics, **dict.fromkeys(diverged, 0.0)})


def _clipped(name: str, room: int = NAME) -> str:
    return wording.shortened(name, room)


def _side_by_side(lines: Sequence[FigureRow]) -> str:
    """A row a metric, a column an evaluation."""
    names = list(dict.fromkeys(name for line in lines for name in line.figures))
    names.sort(key=lambda name: name == EXAMPLES)
    room = COLUMNS - sum(2 + max(len(line.label), LONGEST) for line in lines)
    rows = [["", *(line.label for line in lines)]]
    return wording.columns(
        rows + [[_clipped(name, room), *(_cell(line.figures, name) for line in lines)] for name in names]
    )


def _compared(lines: Sequence[FigureRow]) -> str:
    """A row an evaluation; of several models what they come to, and only that for metrics that do not fit."""
    several = [line for line in lines if line.compares]
    are_models = several[0].label.startswith(MODEL)
    names = sorted(dict.fromkeys(name for line in lines for name in line.figures), key=_importance)
    if not are_models:
        rows = [_row(line, names) for line in lines]
        return "\n\n".join(wording.columns(block) for block in _blocks([["", *names], *rows]))
    names = [name for name in names if name != EXAMPLES]
    room = MODELS if len(several) <= MODELS else MODELS - 1
    rows = [_row(line, names) for line in (*several[:room], *(line for line in lines if not line.compares))]
    if len(several) > room:
        rows.insert(room, [f"… {len(several) - room} more", *("" for _ in names)])
    sums = _sums(several, names)
    first = _blocks([["", *names], *rows, *sums])[0]
    rest = slice(len(first[0]) - 1, None)
    summed = [["", *names[rest]], *([row[0], *row[1:][rest]] for row in sums)]
    further = _blocks(summed) if names[rest] else []
    return "\n\n".join(wording.columns(block) for block in (first, *further))


def _importance(name: str) -> int:
    """What is read first; the others keep their order."""
    first = ("accuracy", "loss")
    last = ("precision", "recall", "F1", EXAMPLES)
    return first.index(name) - 2 if name in first else 1 + last.index(name) if name in last else 0


def _row(line: FigureRow, names: Sequence[str]) -> list[str]:
    return [line.label, *(_cell(line.figures, name) for name in names)]


def _cell(figures: Mapping[str, float | None], name: str) -> str:
    if name not in figures:
        return wording.UNKNOWN
    value = figures[name]
    if value is None:
        return NO_NUMBER
    if name == EXAMPLES:
        return f"{value:.0f}"
    return f"{value:.3f}" if name in dict(OWN) else wording.figure(value)


def _sums(lines: Sequence[FigureRow], names: Sequence[str]) -> list[list[str]]:
    """Mean and range of each metric that every model has."""
    rows = []
    for label, of in (("mean", fmean), ("low", min), ("high", max)):
        cells = [label]
        for name in names:
            values = [value for line in lines if (value := line.figures.get(name)) is not None]
            whole = len(values) == len(lines)
            cells.append(_cell({name: of(values)}, name) if whole else "")
        rows.append(cells)
    return rows


def _blocks(rows: Sequence[Sequence[str]]) -> list[list[list[str]]]:
    """The same rows, cut at columns so that each part fits a phone; the first column stands in each."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    parts: list[list[int]] = [[]]
    for n in range(1, len(widths)):
        taken = widths[0] + sum(widths[m] + 2 for m in (*parts[-1], n))
        if parts[-1] and taken > COLUMNS:
            parts.append([])
        parts[-1].append(n)
    return [[[row[0], *(row[n] for n in part)] for row in rows] for part in parts]
