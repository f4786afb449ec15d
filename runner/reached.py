"""What a job reached, from its events: enough to draw the pictures that its own cell can no longer draw. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from .events import EpochEnded, Evaluated
from .inside.wire import Drawing

MOST_NAMES = 64
MOST_POINTS = 2000
"""Twice as many as a picture has pixels in its width."""


class Reached:
    """Takes a job's events as they come."""

    def __init__(self) -> None:
        self._epochs: list[EpochEnded] = []
        self._judged: dict[bool, dict[str, Any]] = {}

    def take(self, event: EpochEnded | Evaluated) -> None:
        """Note one event."""
        if isinstance(event, EpochEnded):
            self._epochs.append(event)
        elif event.classification is not None:
            self._judged[event.trained] = asdict(event.classification)

    def drawing(self) -> Drawing | None:
        """What can be drawn, of several models the curves of the last; None where there is nothing."""
        if not self._epochs and not self._judged:
            return None
        of_one = [one for one in self._epochs if one.model == self._epochs[-1].model]
        step = -(-len(of_one) // MOST_POINTS) or 1
        epochs = of_one[::-step][::-1]  # the last is among them
        places = _places(of_one)[::-step][::-1]
        names = list(dict.fromkeys(name for one in epochs for name in (*one.metrics, *one.diverged)))[:MOST_NAMES]
        series = {name: [one.metrics.get(name, math.nan) for one in epochs] for name in names}
        return Drawing(places, series, self._judged.get(True), self._judged.get(False))


def _places(epochs: Sequence[EpochEnded]) -> list[int]:
    """Where each epoch stands on the axis: a fit goes on where the one before it ended."""
    offset, places = 0, [one.epoch for one in epochs[:1]]
    for before, one in pairwise(epochs):
        offset = places[-1] if one.epoch <= before.epoch else offset
        places.append(offset + one.epoch)
    return places
