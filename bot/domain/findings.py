"""What a run's figures mean, in one sentence. Pure rules; the thresholds are rules of thumb and said here.

Each sentence is a row of a table: the condition under which it is true, and its words. The first that holds is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import NamedTuple

from bot.domain.headline import counted, last_epochs, of_last_model, untrained
from bot.domain.runs import Epoch, Judgement, Run
from lessons.model import Example

GAP = 0.08
"""Accuracy on training data this much above validation: the model has begun to memorise."""
SETTLED = 0.03
"""A loss that fell by less than this share over the last tenth of the epochs has settled."""
FALLS = 0.005
"""A loss that fell by more than this share over that time goes down, if slowly."""
LUCK = 0.01
"""What a guesser reaches more often than that is no better than guessing."""
GUESSING = 2.0
"""An accuracy below so many times that of a guesser is hardly better than guessing."""


def finding(run: Run, example: Example | None) -> str:
    """The most important thing to notice, or the example's note. Empty for code of the learner's own without
    figures."""
    note = example.note if example and run.verified else ""
    chance = example.chance if example and run.verified else None
    if run.history:
        training = Training(of_last_model(run.history), chance)
        models = len(last_epochs(run.history))
        if has_no_loss(training):
            return f"Model {run.history[-1].model}: {NO_LOSS}" if models > 1 else NO_LOSS
        # What `accuracy` is in a learner's own code, only the code knows: of 100 regressions none is "right".
        if run.verified and not run.judgements and models == 1:
            return next((row.words(training) for row in OF_TRAINING if row.holds(training)), note)
    judged = list(counted(run.judgements).values())
    return (_of_judgements(run, judged, chance, note) if judged else "") or note


class Training(NamedTuple):
    """What the conditions look at."""

    history: Sequence[Epoch]
    """At least one epoch."""
    chance: float | None
    """Accuracy of a guesser; None where the example does not say it."""

    @property
    def learned(self) -> float | None:
        """Accuracy on the training data after the last epoch; None also of a model that names no classes."""
        return None if self._names_no_class else self.history[-1].metrics.get("accuracy")

    @property
    def validated(self) -> float | None:
        """Accuracy on the validation data after the last epoch; None likewise."""
        return None if self._names_no_class else self.history[-1].metrics.get("val_accuracy")

    @property
    def _names_no_class(self) -> bool:
        return self.history[-1].classifier is False

    @property
    def losses(self) -> list[float]:
        """On the validation data, an epoch each."""
        return [epoch.metrics["val_loss"] for epoch in self.history if "val_loss" in epoch.metrics]


class Finding(NamedTuple):
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
    """Much better on the training data than on new data, above chance, while the validation loss no longer falls."""
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


NO_LOSS = (
    "The loss is no longer a number: mostly because the steps are too large. Try a smaller learning rate,"
    " and look for NaN in the data."
)
OF_TRAINING: tuple[Finding, ...] = (
    Finding(
        is_near_chance,
        lambda t: f"{_of_100(t)}: hardly better than guessing. Try another learning rate or more epochs.",
    ),
    Finding(
        memorises,
        lambda t: (
            f"{_of_100(t)}, but {round(100 * (t.learned or 0))} among those it did:"
            " it has begun to memorise (overfitting)."
        ),
    ),
    Finding(still_falls, lambda t: f"{_of_100(t)}, and the loss was still falling: more epochs would help."),
    Finding(is_validated, lambda t: f"{_of_100(t)}."),
)


WHERE = {
    "training": "on the data {they} learned from",
    "validation": "on {their} validation data",
    "unseen": "on data {they} never learned from",
}
"""What the data of an evaluation are to the model, by the runner's word."""


def _of_judgements(run: Run, judged: Sequence[Judgement], chance: float | None, note: str) -> str:
    """About the trained models, each by the judgement that counts."""
    from_training = all(one.data == "training" for one in judged)
    accuracies = [one.accuracy for one in judged if one.accuracy is not None]
    if len(accuracies) < len(judged):  # figures stand in the table; what they are out of is not known
        return _only_training(len(judged)) if from_training else ""
    if len(judged) > 1:
        low, high, mean = (round(100 * of(accuracies)) for of in (min, max, fmean))
        reach = f"{low} to {high} of 100 right, {mean} on average" if low < high else f"{low} of 100 right"
        where = _where({one.data for one in judged}, run.verified, several=True)
        said = f"The {len(judged)} models get {reach}, {where}."
    else:
        (one,), (accuracy,) = judged, accuracies
        if chance is not None and one.examples and _by_luck(accuracy, one.examples, chance) > LUCK:
            return note or "That is no better than guessing."
        where = _where({one.data}, run.verified, several=False)
        said = f"Your model gets {round(100 * accuracy)} of 100 right {where}{_against(run, one)}."
    return f"{said} {_only_training(len(judged))}" if from_training else said


def _where(data: set[str], verified: bool, several: bool) -> str:
    """On what; only the course's own code is known to bring new data when the run itself does not show it."""
    code = data.pop() if len(data) == 1 else "unknown"
    words = WHERE.get(code, "on data {they} {have} never seen" if verified else "on the data given to evaluate")
    they, their, have = ("they", "their", "have") if several else ("it", "its", "has")
    return words.format(they=they, their=their, have=have)


def _against(run: Run, judged: Judgement) -> str:
    fresh = untrained(run.judgements)
    comparable = run.verified and judged.data != "training" and fresh is not None and fresh.accuracy is not None
    return f", against {round(100 * (fresh.accuracy or 0))} before training" if comparable and fresh else ""


def _only_training(models: int) -> str:
    they = "it does" if models == 1 else "they do"
    return f"These figures are of the training data: how well {they} on new data they do not tell."


def _by_luck(accuracy: float, examples: int, chance: float) -> float:
    """How likely a guesser is to get at least as many right (upper tail of the binomial distribution)."""
    right = round(accuracy * examples)
    if right <= chance * examples:
        return 1.0
    if not chance:
        return 0.0
    whole = math.lgamma(examples + 1)
    likely = 0.0
    for n in range(right, examples + 1):
        ways = whole - math.lgamma(n + 1) - math.lgamma(examples - n + 1)
        term = math.exp(ways + n * math.log(chance) + (examples - n) * math.log1p(-chance))
        likely += term
        if term < likely * 1e-9:  # above the mean each term is smaller than the one before
            break
    return likely
