"""Looks on while Keras' own pass of `evaluate` reads the data and predicts. Nothing is read or predicted twice.

Keras calls the model's test function a batch at a time. For the time of one `evaluate` that function is another,
made by Keras from the model's own test step, which beside the logs hands out how many examples the batch had and,
where that is safe, its labels and predictions. The script never meets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import keras.src.backend.tensorflow.trainer as keras_trainer
import tensorflow as tf

from .judgement import Judgement, Tally
from .task import task, threshold
from .wire import CLASSES

TRAINER = keras_trainer.TensorFlowTrainer
ATTRIBUTE = "_seen_by_the_runner"
"""Where the other function is kept: on Keras' own, so that both go together when the model is compiled again."""


class OnePass:
    """What one pass brought, beside Keras' figures."""

    def __init__(self, model: Any) -> None:
        self._counts: list[int | None] = []
        found = task(model)
        self._tally = None if found is None else Tally(found, threshold(model), CLASSES)

    @property
    def examples(self) -> int | None:
        """How many examples were read; None where that was not seen."""
        counts = [count for count in self._counts if count is not None]
        return sum(counts) if counts and len(counts) == len(self._counts) else None

    @property
    def judgement(self) -> Judgement | None:
        """None where the model is no classifier, or its labels and predictions were not all seen."""
        return None if self._tally is None else self._tally.judgement()

    def take(self, seen: dict[str, Any]) -> None:
        """Take in what the test function handed out for a batch."""
        self._counts.append(int(seen["examples"]) if "examples" in seen else None)
        if self._tally is None:
            return
        try:
            self._tally.add(seen["labels"].numpy(), seen["predictions"].numpy())
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            self._tally.spoil()  # what cannot be told is left out


@contextmanager
def watched(model: Any) -> Iterator[OnePass]:
    """The pass of the one `evaluate` of the model that is called within."""
    pass_ = OnePass(model)
    function = _function(model)
    if function is None:
        yield pass_
        return
    own, model.test_function = model.test_function, function
    function.pass_ = pass_
    try:
        yield pass_
    finally:
        function.pass_ = None
        if model.test_function is function:
            model.test_function = own


class _Function:
    """A test function as Keras makes it, which tells a pass what it saw."""

    def __init__(self, model: Any, step: Callable[[Any], dict[str, Any]]) -> None:
        self._function = model._make_function(step)
        self.pass_: OnePass | None = None

    def __call__(self, iterator: Any) -> Any:
        outputs = self._function(iterator)
        if self.pass_ is not None:
            self.pass_.take(outputs["seen"])
        return outputs["logs"]


def _function(model: Any) -> _Function | None:
    """The model's function that tells what it sees; None where Keras' own way of testing is not the usual one."""
    kind = type(model)
    usual = (
        getattr(model, "compiled", False)
        and kind.make_test_function is TRAINER.make_test_function
        and "make_test_function" not in vars(model)
        and model.steps_per_execution == 1  # else only the last of several batches would come out
        and model._distribute_strategy is None  # else the parts of a batch would be averaged
    )
    if not usual:
        return None
    model.make_test_function()  # as `evaluate` does; nothing happens where it is made already
    own = model.test_function
    if getattr(own, "__module__", None) != TRAINER.__module__:
        return None  # the script's own
    if not hasattr(own, ATTRIBUTE):
        setattr(own, ATTRIBUTE, _Function(model, _step(model)))
    function: _Function = getattr(own, ATTRIBUTE)
    return function


def _step(model: Any) -> Callable[[Any], dict[str, Any]]:
    """The model's test step, with what can be seen of the batch.

    A test step of the script's own may compute its metrics anywhere, so of that one only the data are looked at.
    """
    its_own = type(model).test_step is not TRAINER.test_step or "test_step" in vars(model)

    def step(data: Any) -> dict[str, Any]:
        if its_own:
            return {"logs": model.test_step(data), "seen": _count(data)}
        with _metrics_noted(model) as noted:
            logs = model.test_step(data)
        return {"logs": logs, "seen": _count(data) | (_pair(*noted[0]) if len(noted) == 1 else {})}

    return step


@contextmanager
def _metrics_noted(model: Any) -> Iterator[list[tuple[Any, Any]]]:
    """Labels and predictions as Keras' test step gives them to `compute_metrics`."""
    noted: list[tuple[Any, Any]] = []
    own, before = model.compute_metrics, vars(model).get("compute_metrics")

    def compute_metrics(x: Any, y: Any, y_pred: Any, *args: Any, **kwargs: Any) -> Any:
        noted.append((y, y_pred))
        return own(x, y, y_pred, *args, **kwargs)

    vars(model)["compute_metrics"] = compute_metrics  # past Keras' own setting of attributes, which would track it
    try:
        yield noted
    finally:
        if before is None:
            del vars(model)["compute_metrics"]
        else:
            vars(model)["compute_metrics"] = before


def _count(data: Any) -> dict[str, Any]:
    first = next((part for part in keras.tree.flatten(data) if part is not None), None)
    if not isinstance(first, tf.Tensor) or not first.shape.rank:
        return {}
    return {"examples": tf.shape(first)[0]}


def _pair(labels: Any, predictions: Any) -> dict[str, Any]:
    """Only what a classifier of few classes gives: nothing large is handed out."""
    if _is_small(labels) and _is_small(predictions):
        return {"labels": labels, "predictions": predictions}
    return {}


def _is_small(values: Any) -> bool:
    if not isinstance(values, tf.Tensor) or values.dtype == tf.string or values.shape.rank not in (1, 2):
        return False
    width = values.shape[-1] if values.shape.rank == 2 else 1
    return width is not None and width <= CLASSES
