"""Classification metrics from true and predicted classes. NumPy only."""

from __future__ import annotations

from typing import Any, TypeAlias, TypedDict

import numpy as np
import numpy.typing as npt

Classes: TypeAlias = npt.NDArray[np.int64]


class Judgement(TypedDict):
    """Accuracy and unweighted means over the classes that occur; `confusion[true][predicted]` counts examples."""

    accuracy: float
    precision: float
    recall: float
    f1: float
    confusion: list[list[int]]


def judged(truth: Classes, guess: Classes, classes: int) -> Judgement:
    """Judge guesses against the truth; both are (n,) with values from 0 to `classes` - 1, n at least 1.

    A class that occurs in neither is left out of the means. Precision is 0 for a class never guessed, recall 0 for
    one that never occurs.
    """
    confusion = np.bincount(truth * classes + guess, minlength=classes * classes).reshape(classes, classes)
    right = confusion.diagonal().astype(float)
    occurs, guessed = confusion.sum(axis=1), confusion.sum(axis=0)
    present = (occurs + guessed) > 0
    precision = right[present] / np.maximum(guessed[present], 1)
    recall = right[present] / np.maximum(occurs[present], 1)
    f1 = 2 * right[present] / (occurs + guessed)[present]
    return Judgement(
        accuracy=float(right.sum() / len(truth)),
        precision=float(precision.mean()),
        recall=float(recall.mean()),
        f1=float(f1.mean()),
        confusion=confusion.tolist(),
    )


def true_classes(labels: npt.NDArray[Any]) -> Classes | None:
    """Classes from labels (n,) or (n, 1), or from one-hot rows (n, k). None for any other shape."""
    column = _column(labels)
    if column is None:
        return _largest(labels)
    classes: Classes = np.rint(column).astype(np.int64)
    return classes


def guessed_classes(predictions: npt.NDArray[Any], threshold: float) -> Classes | None:
    """Classes from predictions: the largest of k columns, or yes and no for one column. None for any other shape."""
    column = _column(predictions)
    if column is None:
        return _largest(predictions)
    classes: Classes = (column > threshold).astype(np.int64)
    return classes


def _largest(rows: npt.NDArray[Any]) -> Classes | None:
    return rows.argmax(axis=1).astype(np.int64) if rows.ndim == 2 else None


def _column(values: npt.NDArray[Any]) -> npt.NDArray[Any] | None:
    if values.ndim == 2 and values.shape[1] == 1:
        return values[:, 0]
    return values if values.ndim == 1 else None
