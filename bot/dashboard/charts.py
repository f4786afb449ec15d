"""Geometry of charts, from the figures they show. Pure.

Horizontal measures are percentages of the chart's width, so that a chart fills its place while its text keeps its
size. Vertical measures are pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from bot.domain import wording
from bot.domain.mastery import PASS_SHARE
from bot.reports.values import Against, Bin, ChoiceCount, Day, Outcome, Setting, Stage

HEAD = 20.0
"""Pixels over the highest column, for its count."""
MARK_HEAD = 22.0
"""Pixels over that, for the name of a limit."""
FOOT = 24.0
"""Pixels under the columns, for the axis."""
SCORES_HEIGHT = 200.0
TREND_HEIGHT = 56.0
GAP = 0.12
"""Of a column's place, on each side."""
FEWEST_DAYS = 14
"""So many places a trend has at least: the columns of two days would be two blocks."""
MOST_TICKS = 5
MARGIN = 4.0
"""Percent on both sides of box plots: whiskers at the very edge could not be seen."""


@dataclass(frozen=True, slots=True)
class Column:
    x: float
    width: float
    y: float
    height: float
    count: int
    shown: str
    """The count, over the column; empty where it would be too much."""
    title: str
    below: bool = False
    """Whether the column is below the limit."""


@dataclass(frozen=True, slots=True)
class AxisTick:
    x: float
    label: str
    anchor: str
    """`start`, `middle` or `end`: labels at the edges must not stick out."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of upright columns; `height` is its whole height, `base` where the columns stand."""

    title: str
    description: str
    """All figures in words, for people who cannot see the chart."""
    height: float
    base: float
    columns: tuple[Column, ...]
    ticks: tuple[AxisTick, ...]
    mark: AxisTick | None = None
    """A limit, as an upright line."""


def histogram(bins: Sequence[Bin]) -> Columns:
    """A histogram of scores, with the limit for passing a quiz."""
    plot = _Plot(max((bin.learners for bin in bins), default=0), SCORES_HEIGHT, HEAD + MARK_HEAD)

    def column(bin: Bin) -> Column:
        made = plot.column(100 * bin.low, 100 * (bin.high - bin.low), bin.learners, _binned(bin))
        return replace(made, below=bin.low < PASS_SHARE)

    ticks = tuple(_tick(20.0 * i, wording.share(i / 5)) for i in range(6))
    told = "; ".join(f"{_range(bin)}: {bin.learners}" for bin in bins)
    return Columns(
        "Learners by their best score",
        f"Number of learners by score. {told}.",
        plot.base + FOOT,
        plot.base,
        tuple(map(column, bins)),
        ticks,
        _tick(100 * PASS_SHARE, f"pass: {wording.share(PASS_SHARE)}"),
    )


def trend(days: Sequence[Day]) -> tuple[Columns, ...]:
    """Learners, answers and runs by day: three charts, one under the other, each with a scale of its own."""
    places = max(len(days), FEWEST_DAYS)
    ticks = _day_ticks(days, places)
    kinds = (
        ("Active learners", "learner", [day.learners for day in days]),
        ("Answers", "answer", [day.answers for day in days]),
        ("Runs", "run", [day.runs for day in days]),
    )
    strips = [_strip(title, noun, days, counts, places) for title, noun, counts in kinds] if days else []
    # Under the last one the days are named for all.
    return tuple(
        replace(strip, height=strip.height + FOOT, ticks=ticks) if strip is strips[-1] else strip for strip in strips
    )


def _strip(title: str, noun: str, days: Sequence[Day], counts: Sequence[int], places: int) -> Columns:
    plot, place = _Plot(max(counts), TREND_HEIGHT, HEAD), 100 / places
    best = counts.index(plot.peak)
    told = [f"{wording.day(day.day)}: {wording.count(n, noun)}" for day, n in zip(days, counts, strict=True)]
    columns = tuple(plot.column(i * place, place, n, told[i], counted=i == best) for i, n in enumerate(counts))
    active = "; ".join(text for text, n in zip(told, counts, strict=True) if n) or "nothing yet"
    return Columns(f"{title} by day", f"{active}.", plot.base + 1, plot.base, columns, ())


class _Plot(NamedTuple):
    """The area in which columns stand: the highest count, and the area's height and top in pixels."""

    peak: int
    height: float
    top: float

    @property
    def base(self) -> float:
        return self.top + self.height

    def column(self, x: float, width: float, count: int, title: str, counted: bool = True) -> Column:
        """A column in a place of this width; `counted` shows its count over it, unless that is 0."""
        tall = max(2.0, self.height * count / self.peak) if count else 0.0
        return Column(
            _round(x + width * GAP),
            _round(width * (1 - 2 * GAP)),
            _round(self.base - tall),
            _round(tall),
            count,
            str(count) if counted and count else "",
            title,
        )


def _day_ticks(days: Sequence[Day], places: int) -> tuple[AxisTick, ...]:
    if not days:
        return ()
    step = max(1, math.ceil((len(days) - 1) / (MOST_TICKS - 1))) if len(days) > 1 else 1
    if places > len(days):  # beside each other they need as much room as among many days
        step = max(step, math.ceil(places / (MOST_TICKS - 1)))
    return tuple(_tick((i + 0.5) * 100 / places, wording.day(days[i].day)) for i in range(0, len(days), step))


def _tick(x: float, label: str) -> AxisTick:
    return AxisTick(_round(min(max(x, 0.0), 100.0)), label, "start" if x < 5 else "end" if x > 95 else "middle")


def _range(bin: Bin) -> str:
    return f"{100 * bin.low:.0f} to {wording.share(bin.high)}"


def _binned(bin: Bin) -> str:
    return f"{_range(bin)}: {wording.count(bin.learners, 'learner')}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar: a count as part of a whole."""

    label: str
    count: int
    share: float
    width: float
    kind: str = ""


def bar(label: str, count: int, whole: int, kind: str = "") -> Bar:
    part = count / whole if whole else 0.0
    return Bar(label, count, part, _width(part), kind)


@dataclass(frozen=True, slots=True)
class LessonFunnel:
    lesson: str
    stages: tuple[Bar, ...]


def funnel(stages: Iterable[Stage], enrolled: int) -> tuple[LessonFunnel, ...]:
    """Lesson by lesson, each step as part of the class."""
    return tuple(
        LessonFunnel(lesson, tuple(bar(stage.label, stage.learners, enrolled) for stage in found))
        for lesson, found in groupby(stages, attrgetter("lesson"))
    )


def outcomes(found: Sequence[Outcome]) -> tuple[Bar, ...]:
    whole = sum(outcome.runs for outcome in found)
    return tuple(bar(outcome.label, outcome.runs, whole, outcome.kind) for outcome in found)


@dataclass(frozen=True, slots=True)
class ChoiceBars:
    """One choice of a question: who took it at first, and who at last."""

    label: str
    text: str
    correct: bool
    first: Bar
    last: Bar


def choices(counts: Iterable[ChoiceCount], learners: int) -> tuple[ChoiceBars, ...]:
    """`learners` answered the question; each of them has a first and a last answer."""
    return tuple(
        ChoiceBars(
            choice.label,
            choice.text,
            choice.correct,
            bar("first answer", choice.first, learners),
            bar("last answer", choice.last, learners),
        )
        for choice in counts
    )


@dataclass(frozen=True, slots=True)
class Box:
    """A horizontal box plot: whiskers from `low` to `high`, a box from `q1` to `q3`, a line at the median."""

    setting: Setting
    low: float
    q1: float
    median: float
    q3: float
    high: float
    box: float
    """Width of the box; at least so wide that one can see it."""
    title: str


@dataclass(frozen=True, slots=True)
class Boxes:
    rows: tuple[Box, ...]
    ticks: tuple[AxisTick, ...]


def boxes(settings: Sequence[Setting]) -> Boxes:
    """On one scale, which begins and ends about where the figures do."""
    if not settings:
        return Boxes((), ())
    low, high = min(s.low for s in settings), max(s.high for s in settings)
    if low == high:
        low, high = low - (abs(low) or 1.0) / 20, high + (abs(high) or 1.0) / 20

    def x(value: float) -> float:
        return _round(MARGIN + (100 - 2 * MARGIN) * (value - low) / (high - low))

    return Boxes(
        tuple(
            Box(
                s,
                x(s.low),
                x(s.q1),
                x(s.median),
                x(s.q3),
                x(s.high),
                _round(max(0.6, x(s.q3) - x(s.q1))),
                f"{s.values}: {wording.figure(s.low)} to {wording.figure(s.high)}, middle half from"
                f" {wording.figure(s.q1)} to {wording.figure(s.q3)}, median {wording.figure(s.median)}",
            )
            for s in settings
        ),
        tuple(_tick(x(value), f"{value:.10g}") for value in round_values(low, high)),
    )


def round_values(low: float, high: float, most: int = MOST_TICKS) -> tuple[float, ...]:
    """Round numbers from low to high, as many as fit into `most`: multiples of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    found: tuple[float, ...] = ()
    for factor in (1, 2, 5, 10, 20, 50, 100):
        step = power * factor
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        found = tuple(float(f"{i * step:.10g}") for i in range(first, last + 1))
        if len(found) <= most:
            break
    return found


@dataclass(frozen=True, slots=True)
class Beside:
    """A learner's figure as a bar, the class' median as a mark across it."""

    against: Against
    width: float | None
    mark: float | None


def beside(found: Iterable[Against]) -> tuple[Beside, ...]:
    """Shares on a scale to 1, others to a little more than the larger of the two."""
    return tuple(_beside(against) for against in found)


def _beside(against: Against) -> Beside:
    known = [value for value in (against.own, against.median) if value is not None]
    top = 1.0 if against.unit == "share" else 1.25 * max(known, default=0.0) or 1.0
    own, median = (None if value is None else _width(value / top) for value in (against.own, against.median))
    return Beside(against, own, median)


def _width(part: float) -> float:
    return _round(100 * min(max(part, 0.0), 1.0))


def _round(value: float) -> float:
    return round(value, 2)
