"""Classification metrics from true and predicted classes. NumPy only."""

from __future__ import annotations

from typing import Any, TypeAlias, TypedDict

import numpy as np
import numpy.typing as npt

from .task import Task

Classes: TypeAlias = npt.NDArray[np.int64]


class Judgement(TypedDict):
    """Accuracy and unweighted means over the classes that occur; `confusion[true][predicted]` counts examples."""

    accuracy: float
    precision: float
    recall: float
    f1: float
    confusion: list[list[int]]


class Tally:
    """Counts labels and predictions batch by batch, and holds only the counts.

    One batch that cannot be told for certain spoils the whole: a judgement is about all examples, or there is none.
    """

    def __init__(self, task: Task, threshold: float, most_classes: int) -> None:
        self._task = task
        self._threshold = threshold
        self._most = most_classes
        self._counts: Classes | None = None
        self._spoilt = False

    def add(self, labels: npt.NDArray[Any], predictions: npt.NDArray[Any]) -> None:
        """Count one batch, with a row an example on both sides."""
        classes = None if self._spoilt else self._classes(labels, predictions)
        truth = None if classes is None else true_classes(labels)
        guess = None if classes is None else guessed_classes(predictions, self._threshold)
        if classes is None or truth is None or guess is None or not _belong(truth, guess, classes):
            self.spoil()
            return
        counts = confusion(truth, guess, classes)
        self._counts = counts if self._counts is None else self._counts + counts

    def spoil(self) -> None:
        """Give up: something was not seen, or was no classification."""
        self._spoilt, self._counts = True, None

    def judgement(self) -> Judgement | None:
        """None where nothing was counted, or not everything."""
        return None if self._counts is None else of_counts(self._counts)

    def _classes(self, labels: npt.NDArray[Any], predictions: npt.NDArray[Any]) -> int | None:
        """How many classes there are; None where shapes or number of classes do not go with the task, or change."""
        rows, columns = _column(labels) is None, _column(predictions) is None
        if rows != (self._task is Task.ONE_HOT) or columns != (self._task is not Task.YES_OR_NO):
            return None
        if predictions.ndim > 2 or (rows and labels.shape != predictions.shape):
            return None
        classes = predictions.shape[1] if columns else 2
        known = classes if self._counts is None else len(self._counts)
        return classes if 2 <= classes == known <= self._most else None


def confusion(truth: Classes, guess: Classes, classes: int) -> Classes:
    """How many examples of each true class (row) were taken for each class (column).

    Both are (n,) with values from 0 to `classes` - 1.
    """
    return np.bincount(truth * classes + guess, minlength=classes * classes).reshape(classes, classes)


def of_counts(confusion: Classes) -> Judgement:
    """The judgement that a confusion matrix of at least one example gives.

    A class that occurs in neither is left out of the means. Precision is 0 for a class never guessed, recall 0 for
    one that never occurs.
    """
    right = confusion.diagonal().astype(float)
    occurs, guessed = confusion.sum(axis=1), confusion.sum(axis=0)
    present = (occurs + guessed) > 0
    precision = right[present] / np.maximum(guessed[present], 1)
    recall = right[present] / np.maximum(occurs[present], 1)
    f1 = 2 * right[present] / (occurs + guessed)[present]
    return Judgement(
        accuracy=float(right.sum() / confusion.sum()),
        precision=float(precision.mean()),
        recall=float(recall.mean()),
        f1=float(f1.mean()),
        confusion=confusion.tolist(),
    )


def true_classes(labels: npt.NDArray[Any]) -> Classes | None:
    """Classes from labels (n,) or (n, 1), or from one-hot rows (n, k).

    None for any other shape, and for labels that name no class: 0.3, or a row of probabilities.
    """
    column = _column(labels)
    if column is None:
        if labels.ndim != 2 or not (np.isin(labels, (0, 1)).all() and (labels.sum(axis=1) == 1).all()):
            return None
        return _largest(labels)
    classes: Classes = np.rint(column).astype(np.int64)
    return classes if (classes == column).all() else None


def guessed_classes(predictions: npt.NDArray[Any], threshold: float) -> Classes | None:
    """Classes from predictions: the largest of k columns, or yes and no for one column.

    None for any other shape, and where a prediction is no number.
    """
    if not np.isfinite(predictions).all():
        return None
    column = _column(predictions)
    if column is None:
        return _largest(predictions)
    classes: Classes = (column > threshold).astype(np.int64)
    return classes


def _belong(truth: Classes, guess: Classes, classes: int) -> bool:
    return bool(len(truth) == len(guess) > 0 and truth.min() >= 0 and truth.max() < classes)


def _largest(rows: npt.NDArray[Any]) -> Classes | None:
    return rows.argmax(axis=1).astype(np.int64) if rows.ndim == 2 else None


def _column(values: npt.NDArray[Any]) -> npt.NDArray[Any] | None:
    if values.ndim == 2 and values.shape[1] == 1:
        return values[:, 0]
    return values if values.ndim == 1 else None
