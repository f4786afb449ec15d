"""Which of a run's figures count, model by model, and the one by which runs are compared and shown in a line.

The rules stand here and nowhere else. In a run stored before models were told apart, all is of one model.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from bot.domain.runs import Epoch, Judgement

OF_TRAINING = ("val_accuracy", "accuracy", "loss")
"""Metrics of the last epoch, the best to compare by first."""
TRAINING = "training"
"""The runner's word for data that the model learned from."""


class Headline(NamedTuple):
    """A figure and its name: `accuracy` of an evaluation, or a metric of the last epoch by Keras' name."""

    metric: str
    figure: float
    examples: int | None
    """How many examples an evaluation judged; None for a metric of an epoch, and where nobody has counted."""
    models: int = 1
    """How many models the figure is the mean of."""
    of_training_data: bool = False
    """Whether the model was judged on nothing but what it learned from."""
    evaluated: bool = False
    """Whether the figure is of an evaluation; otherwise it is of the last epoch."""


def headline(history: Sequence[Epoch], judgements: Sequence[Judgement]) -> Headline | None:
    """The accuracy of the trained model that was judged, else the best metric of the last epoch.

    Of several models it is the mean. None when there is no figure. A judgement of an untrained model says nothing of
    the run, and the accuracy of a model that names no classes nothing at all.
    """
    judged = [(one, one.accuracy) for one in counted(judgements).values() if one.accuracy is not None]
    if judged:
        only = judged[0][0] if len(judged) == 1 else None
        learned_from = all(one.data == TRAINING for one, _ in judged)
        mean = fmean(accuracy for _, accuracy in judged)
        return Headline("accuracy", mean, only.examples if only else None, len(judged), learned_from, evaluated=True)
    last = list(last_epochs(history).values())
    for name in OF_TRAINING:
        figures = [epoch.metrics[name] for epoch in last if name in epoch.metrics and means_something(epoch, name)]
        if figures and len(figures) == len(last):
            return Headline(name, fmean(figures), None, len(last))
    return None


def means_something(epoch: Epoch, metric: str) -> bool:
    """Whether a metric of the epoch says how good the model is: `accuracy` does not where no classes are named."""
    return epoch.classifier is not False or metric not in ("accuracy", "val_accuracy")


def last_epochs(history: Sequence[Epoch]) -> dict[int | None, Epoch]:
    """Each model's last epoch, by its number, in the order in which the models were fitted."""
    return {epoch.model: epoch for epoch in history}


def of_last_model(history: Sequence[Epoch]) -> list[Epoch]:
    """The epochs of the model that was fitted last, over all of its fits."""
    return [epoch for epoch in history if epoch.model == history[-1].model]


def standing(judgements: Sequence[Judgement]) -> dict[int | None, list[Judgement]]:
    """The judgements of each trained model that no later fit has outdated: on several data there are several."""
    by_model: dict[int | None, list[Judgement]] = {}
    for judgement in judgements:
        if judgement.trained:
            earlier = by_model.setdefault(judgement.model, [])
            if judgement.model is None or (earlier and earlier[-1].fit != judgement.fit):
                earlier.clear()
            if judgement not in earlier:
                earlier.append(judgement)
    return by_model


def counted(judgements: Sequence[Judgement]) -> dict[int | None, Judgement]:
    """The one judgement of each trained model that says most: the last, but rather of data it did not learn from."""
    found = {}
    for model, ones in standing(judgements).items():
        elsewhere = [one for one in ones if one.data != TRAINING]
        found[model] = (elsewhere or ones)[-1]
    return found


def untrained(judgements: Sequence[Judgement]) -> Judgement | None:
    """The last judgement of fresh weights."""
    return next((one for one in reversed(judgements) if not one.trained), None)
