"""What a run's figures mean, in one sentence. Pure rules; the thresholds are rules of thumb and said here.

Each sentence is a row of a table: the condition under which it is true, and its words. The first that holds is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.records import Epoch, Run
from lessons.model import Example

GAP = 0.08
"""Accuracy on training data this much above validation: the model has begun to memorise."""
SETTLED = 0.03
"""A loss that fell by less than this share over the last tenth of the epochs has settled."""
FALLS = 0.005
"""A loss that fell by more than this share over that time goes down, if slowly."""
GUESSING = 2.0
"""An accuracy below so many times that of a guesser is hardly better than guessing."""


def finding(run: Run, example: Example | None) -> str:
    """The most important thing to notice, or the example's note. Empty for code of the learner's own without
    figures."""
    if run.judgements:
        return _of_judgements(run, example)
    if run.history:
        # What `accuracy` is in a learner's own code, only the code knows: of 100 regressions none is "right".
        rows = OF_TRAINING if run.verified else OF_ANY_CODE
        note = example.note if example and run.verified else ""
        training = Training(run.history, example.chance if example and run.verified else None)
        return next((row.words(training) for row in rows if row.holds(training)), note)
    return example.note if example and run.verified else ""


class Training(NamedTuple):
    """What the conditions look at."""

    history: Sequence[Epoch]
    """At least one epoch."""
    chance: float | None
    """Accuracy of a guesser; None where nobody has said it."""

    @property
    def learned(self) -> float | None:
        """Accuracy on the training data after the last epoch."""
        return self.history[-1].metrics.get("accuracy")

    @property
    def validated(self) -> float | None:
        """Accuracy on the validation data after the last epoch."""
        return self.history[-1].metrics.get("val_accuracy")

    @property
    def losses(self) -> list[float]:
        """On the validation data, an epoch each."""
        return [epoch.metrics["val_loss"] for epoch in self.history if "val_loss" in epoch.metrics]


class Row(NamedTuple):
    """A sentence and the condition under which it is true."""

    holds: Callable[[Training], bool]
    words: Callable[[Training], str]


def has_no_loss(training: Training) -> bool:
    """The last epoch's loss was no number. Logs that never had a loss have not lost it."""
    last = training.history[-1]
    return "loss" not in last.metrics and (
        "loss" in last.diverged or any("loss" in epoch.metrics for epoch in training.history)
    )


def is_near_chance(training: Training) -> bool:
    return bool(training.validated is not None and training.chance and training.validated < GUESSING * training.chance)


def memorises(training: Training) -> bool:
    """Much better on what it learned from, above chance, and the validation loss goes down no more."""
    learned, validated = training.learned, training.validated
    if learned is None or validated is None or is_near_chance(training):
        return False
    return learned - validated > GAP and len(training.losses) > 1 and not _fell(training.losses, FALLS)


def still_falls(training: Training) -> bool:
    """The validation loss fell by more than `SETTLED` over the last tenth of the epochs."""
    return training.validated is not None and _fell(training.losses, SETTLED)


def _fell(losses: Sequence[float], share: float) -> bool:
    back = max(1, len(losses) // 10)
    return len(losses) > back and losses[-1] < losses[-1 - back] * (1 - share)


def is_validated(training: Training) -> bool:
    return training.validated is not None


def _of_100(training: Training) -> str:
    return f"It gets {round(100 * (training.validated or 0))} of 100 right among examples it did not learn from"


OF_ANY_CODE: tuple[Row, ...] = (
    Row(
        has_no_loss,
        lambda t: (
            "The loss is no longer a number: mostly because the steps are too large. Try a smaller learning rate,"
            " and look for NaN in the data."
        ),
    ),
)
OF_TRAINING: tuple[Row, ...] = (
    *OF_ANY_CODE,
    Row(
        is_near_chance,
        lambda t: f"{_of_100(t)}: hardly better than guessing. Try another learning rate or more epochs.",
    ),
    Row(
        memorises,
        lambda t: (
            f"{_of_100(t)}, but {round(100 * (t.learned or 0))} among those it did:"
            " it has begun to memorise (overfitting)."
        ),
    ),
    Row(still_falls, lambda t: f"{_of_100(t)}, and the loss was still falling: more epochs would help."),
    Row(is_validated, lambda t: f"{_of_100(t)}."),
)


def _of_judgements(run: Run, example: Example | None) -> str:
    """About the judgement of the trained model. Only the course's own code is known to bring data never seen."""
    trained = next((j for j in reversed(run.judgements) if j.trained), None)
    fresh = next((j for j in reversed(run.judgements) if not j.trained), None)
    note = example.note if example and run.verified else ""
    if trained is None or trained.accuracy is None:
        return note
    chance = example.chance if example and run.verified else None
    lucky = chance is not None and trained.examples and trained.accuracy < chance + _luck(chance, trained.examples)
    if lucky:
        return note or "That is no better than guessing."
    where = "on data it has never seen" if run.verified else "on the data given to evaluate"
    against = ""
    if run.verified and fresh and fresh.accuracy is not None:
        against = f", against {round(100 * fresh.accuracy)} before training"
    return f"Your model gets {round(100 * trained.accuracy)} of 100 right {where}{against}."


def _luck(chance: float, examples: int) -> float:
    """Two standard deviations of a guesser's accuracy (binomial)."""
    return float(2 * (chance * (1 - chance) / max(examples, 1)) ** 0.5)
