"""Pictures for a phone: learning curves and confusion matrices as PNG, about 1000 pixels wide.

Colours that colour-blind people can tell.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .judgement import Judgement

DOTS = 200
WIDTH = 5.0
TRAINING, VALIDATION = "#0072B2", "#D55E00"
INK, GREY, GRID = "#222222", "#666666", "#E3E3E3"
COUNTED = 20
"""Matrices with more classes than this show colours only."""
LABEL_HEIGHT = 0.25
"""Height of a label of two lines at the right edge, as a share of the panel's."""


def curves(series: Mapping[str, Sequence[float]], epochs: Sequence[int]) -> bytes:
    """Learning curves from Keras' names (`loss`, `val_loss`, ...) to a value for each epoch; NaN where there was none.

    `epochs` are their numbers, rising.
    """
    panels = [name for name in ("loss", _score(series)) if name in series]
    figure = Figure(figsize=(WIDTH, 0.5 + 2.55 * len(panels)), dpi=DOTS, facecolor="white")
    for number, name in enumerate(panels, start=1):
        axes = figure.add_subplot(len(panels), 1, number)
        _panel(axes, name, epochs, series[name], series.get(f"val_{name}"))
        axes.set_xlabel("Epoch" if number == len(panels) else "", color=GREY, fontsize=11)
    figure.subplots_adjust(
        left=0.13, right=0.72, top=1 - 0.42 / figure.get_figheight(), bottom=0.55 / figure.get_figheight()
    )
    figure.subplots_adjust(hspace=0.38)
    return _png(figure)


def confusion(judgement: Mapping[str, Any], baseline: float | None) -> bytes:
    """A confusion matrix, titled with the accuracy and, where it is known, that of the untrained model."""
    counts = judgement["confusion"]
    classes = len(counts)
    figure = Figure(figsize=(WIDTH, WIDTH + 0.55), dpi=DOTS, facecolor="white")
    axes = figure.add_axes((0.13, 0.11, 0.83, 0.75))
    shares = [[count / max(sum(row), 1) for count in row] for row in counts]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1.15, aspect="auto")
    if classes <= COUNTED:
        _write_counts(axes, counts, shares)
        axes.set_xticks(range(classes))
        axes.set_yticks(range(classes))
        axes.set_xticks([n - 0.5 for n in range(1, classes)], minor=True)
        axes.set_yticks([n - 0.5 for n in range(1, classes)], minor=True)
        axes.grid(which="minor", color="white", linewidth=1.5)
    axes.tick_params(
        which="both", length=0, labelsize=min(12, 190 / classes) if classes <= COUNTED else 10, labelcolor=INK
    )
    axes.set_xlabel("predicted class", fontsize=12, color=GREY)
    axes.set_ylabel("true class", fontsize=12, color=GREY)
    for spine in axes.spines.values():
        spine.set_visible(False)
    figure.text(0.13, 0.945, f"Accuracy {judgement['accuracy']:.2f}", fontsize=17, fontweight="bold", color=INK)
    if baseline is not None:
        figure.text(0.13, 0.895, f"untrained: {baseline:.2f}", fontsize=12, color=GREY)
    return _png(figure)


def rehearse() -> None:
    """Draw both pictures once, so that fonts and lazily imported modules are there before they are needed."""
    curves({"loss": [2.0, 1.0], "val_loss": [2.0, 1.5], "accuracy": [0.1, 0.9], "val_accuracy": [0.1, 0.8]}, (1, 2))
    confusion(Judgement(accuracy=0.5, precision=0.5, recall=0.5, f1=0.5, confusion=[[1, 1], [1, 1]]), 0.1)


def _score(series: Mapping[str, Sequence[float]]) -> str:
    """The metric to show below the loss: an accuracy if there is one."""
    names = [name for name in series if name != "loss" and not name.startswith("val_") and name != "learning_rate"]
    return next((name for name in names if "acc" in name), names[0] if names else "")


def _panel(
    axes: Any, name: str, epochs: Sequence[int], training: Sequence[float], validation: Sequence[float] | None
) -> None:
    lines = [("training", training, TRAINING)]
    if validation is not None:
        lines.append(("validation", validation, VALIDATION))
    ends = []
    for label, values, colour in lines:
        axes.plot(epochs, values, color=colour, linewidth=2.4, solid_capstyle="round", clip_on=False)
        epoch, last = next(
            ((n, v) for n, v in zip(reversed(epochs), reversed(values), strict=True) if math.isfinite(v)), (0, 0.0)
        )
        if epoch:
            axes.plot([epoch], [last], "o", color=colour, markersize=6.5, clip_on=False)
            ends.append((last, f"{label}\n{last:.3g}", colour))
    _decorate(axes, name, epochs)
    _label_ends(axes, ends)


def _decorate(axes: Any, name: str, epochs: Sequence[int]) -> None:
    axes.set_title(name.replace("_", " ").capitalize(), loc="left", fontsize=14, fontweight="bold", color=INK)
    first, last = epochs[0], epochs[-1]
    axes.set_xlim(*((first, last) if first < last else (first - 0.5, last + 0.5)))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, min_n_ticks=1))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.grid(axis="y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=11, labelcolor=GREY)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(GRID)


def _label_ends(axes: Any, ends: list[tuple[float, str, str]]) -> None:
    """Write each line's name and last value at the right edge, never one over the other."""
    low, high = axes.get_ylim()
    heights = sorted(((value - low) / (high - low), text, colour) for value, text, colour in ends)
    if len(heights) == 2:
        push = max(0.0, LABEL_HEIGHT - (heights[1][0] - heights[0][0])) / 2
        heights = [(heights[0][0] - push, *heights[0][1:]), (heights[1][0] + push, *heights[1][1:])]
    lift = max(0.0, LABEL_HEIGHT / 2 - heights[0][0]) if heights else 0.0  # clear of the epochs' numbers
    for height, text, colour in heights:
        height += lift
        axes.text(
            1.04, height, text, transform=axes.transAxes, color=colour, fontsize=11.5, va="center", linespacing=1.15
        )


def _write_counts(axes: Any, counts: Sequence[Sequence[int]], shares: Sequence[Sequence[float]]) -> None:
    size = min(15.0, 150 / len(counts))
    for row, line in enumerate(counts):
        for column, count in enumerate(line):
            colour = "white" if shares[row][column] > 0.6 else INK if count else "#AAAAAA"
            axes.text(column, row, str(count), ha="center", va="center", fontsize=size, color=colour)


def _png(figure: Figure) -> bytes:
    FigureCanvasAgg(figure)
    target = io.BytesIO()
    figure.savefig(target, format="png")
    return target.getvalue()
