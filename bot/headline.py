"""The one figure by which runs are compared and shown in a line. The rule stands here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.records import Epoch, Judgement

OF_TRAINING = ("val_accuracy", "accuracy", "loss")
"""Metrics of the last epoch, the best to compare by first."""


class Headline(NamedTuple):
    """A figure and its name: `accuracy` of an evaluation, or a metric of the last epoch by Keras' name."""

    metric: str
    figure: float
    examples: int | None
    """How many examples an evaluation judged; None for a metric of an epoch."""


def headline(history: Sequence[Epoch], judgements: Sequence[Judgement]) -> Headline | None:
    """The accuracy of the trained model that was judged last, else the best metric of the last epoch.

    None when there is neither. A judgement of an untrained model says nothing of the run.
    """
    for judgement in reversed(judgements):
        if judgement.trained and judgement.accuracy is not None:
            return Headline("accuracy", judgement.accuracy, judgement.examples)
    last = history[-1].metrics if history else {}
    return next((Headline(name, last[name], None) for name in OF_TRAINING if name in last), None)
