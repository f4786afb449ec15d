"""What a run's figures mean, in one sentence. Pure rules; the thresholds are rules of thumb and said here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.records import Epoch, Judgement, Run
from lessons.model import Example

GAP = 0.08
"""Accuracy on training data this much above validation: the model has begun to memorise."""
FALLING = 0.03
"""The loss fell by this share in the last tenth of the epochs: it had not settled yet."""


def finding(run: Run, example: Example | None) -> str:
    """The most important thing to notice, or the example's note. Empty for code of the learner's own without
    figures."""
    if run.judgements:
        return _of_judgements(run.judgements, example)
    if run.history:
        return _of_training(run.history, example, run.verified)
    return example.note if example and run.verified else ""


def _of_training(history: Sequence[Epoch], example: Example | None, verified: bool) -> str:
    last = history[-1].metrics
    if "loss" not in last:
        return "The loss is no longer a number: the steps were too large. Try a smaller learning rate."
    accuracy, validated = last.get("accuracy"), last.get("val_accuracy")
    if validated is None:
        return example.note if example and verified else ""
    of_100 = f"It gets {round(100 * validated)} of 100 right among examples it did not learn from"
    if accuracy is not None and accuracy - validated > GAP:
        return f"{of_100}, but {round(100 * accuracy)} among those it did: it has begun to memorise (overfitting)."
    if example and example.chance and validated < 2 * example.chance:
        return f"{of_100}: hardly better than guessing. Try another learning rate or more epochs."
    if _still_falling(history):
        return f"{of_100}, and the loss was still falling: more epochs would help."
    return f"{of_100}."


def _still_falling(history: Sequence[Epoch]) -> bool:
    losses = [e.metrics[name] for e in history for name in ("val_loss",) if name in e.metrics]
    back = max(1, len(losses) // 10)
    return len(losses) > back and losses[-1] < losses[-1 - back] * (1 - FALLING * back)


def _of_judgements(judgements: Sequence[Judgement], example: Example | None) -> str:
    trained = next((j for j in reversed(judgements) if j.trained), None)
    fresh = next((j for j in reversed(judgements) if not j.trained), None)
    if trained is None or trained.accuracy is None:
        return example.note if example else ""
    chance = example.chance if example else None
    if chance is not None and trained.accuracy < chance + _luck(chance, trained.examples):
        return example.note if example and example.note else "That is no better than guessing."
    against = f", against {round(100 * fresh.accuracy)} before training" if fresh and fresh.accuracy is not None else ""
    return f"Your model gets {round(100 * trained.accuracy)} of 100 right on data it has never seen{against}."


def _luck(chance: float, examples: int) -> float:
    """Two standard deviations of a guesser's accuracy (binomial)."""
    return float(2 * (chance * (1 - chance) / max(examples, 1)) ** 0.5)
