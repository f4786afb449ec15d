"""Our metrics are scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from runner.inside.judgement import confusion, guessed_classes, of_counts, true_classes

PAIRS = st.integers(2, 12).flatmap(
    lambda k: st.tuples(
        st.just(k), st.lists(st.tuples(st.integers(0, k - 1), st.integers(0, k - 1)), min_size=1, max_size=60)
    )
)


@given(PAIRS)
def test_every_metric_agrees_with_scikit_learn(case: tuple[int, list[tuple[int, int]]]) -> None:
    classes, pairs = case
    truth, guess = (np.array(column) for column in zip(*pairs, strict=True))
    ours = of_counts(confusion(truth, guess, classes))
    precision, recall, f1, _ = precision_recall_fscore_support(truth, guess, average="macro", zero_division=0)
    assert ours["accuracy"] == pytest.approx(accuracy_score(truth, guess))
    assert (ours["precision"], ours["recall"], ours["f1"]) == pytest.approx((precision, recall, f1))
    assert ours["confusion"] == confusion_matrix(truth, guess, labels=range(classes)).tolist()


def test_labels_come_in_every_shape_keras_takes() -> None:
    for labels in (np.array([0, 2, 1]), np.array([[0.0], [2.0], [1.0]]), np.eye(3)[[0, 2, 1]]):
        assert true_classes(labels).tolist() == [0, 2, 1]  # type: ignore[union-attr]
    assert true_classes(np.zeros((2, 3, 4))) is None


def test_guesses_are_the_largest_column_or_above_the_threshold() -> None:
    assert guessed_classes(np.array([[0.1, 0.9], [0.6, 0.4]]), 0.5).tolist() == [1, 0]  # type: ignore[union-attr]
    assert guessed_classes(np.array([[0.4], [0.6]]), 0.5).tolist() == [0, 1]  # type: ignore[union-attr]
    assert guessed_classes(np.array([-1.0, 0.2]), 0.0).tolist() == [0, 1]  # type: ignore[union-attr]
    assert guessed_classes(np.zeros((2, 3, 4)), 0.5) is None
