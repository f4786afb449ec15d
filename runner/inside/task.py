"""What a model is trained to tell, as far as its loss says so."""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

HALF = 0.5
"""A probability above it is a yes."""


class Task(Enum):
    """A classification, by what its labels look like."""

    NUMBER = auto()
    """The number of one class an example."""
    ONE_HOT = auto()
    """A row of zeros with a single one."""
    YES_OR_NO = auto()
    """0 or 1."""


TASKS = {
    "sparse_categorical_crossentropy": Task.NUMBER,
    "categorical_crossentropy": Task.ONE_HOT,
    "categorical_focal_crossentropy": Task.ONE_HOT,
    "categorical_hinge": Task.ONE_HOT,
    "binary_crossentropy": Task.YES_OR_NO,
    "binary_focal_crossentropy": Task.YES_OR_NO,
}


def task(model: Any) -> Task | None:
    """None where the loss is of no classification, of the script's own making, or one of several."""
    return TASKS.get(_loss_name(model))


def threshold(model: Any) -> float:
    """What a yes is above: half, or for a model that gives logits zero."""
    loss = getattr(model, "loss", None)
    options = getattr(loss, "_fn_kwargs", {})
    return 0.0 if options.get("from_logits") or getattr(loss, "from_logits", False) else HALF


def is_classifier(model: Any, labels: Any = None) -> bool:
    """Whether the model names one class an example, so that its accuracy is a share of examples.

    `labels` are those that it is fitted on, or the data set with them: a model of the script's own class does not tell
    the shape of its output. False where that is not known, for several yes-or-no outputs, a class for each pixel, a
    regression.
    """
    found = task(model)
    if found is None:
        return False
    try:
        shape = model.output_shape
    except (AttributeError, ValueError):  # not built, or a class of the script's own
        width = _width(_shape(labels))
        return width is not None and (width > 1) is (found is Task.ONE_HOT)
    width = _width(shape)
    return width is not None and (width == 1) is (found is Task.YES_OR_NO)


def _width(shape: object) -> int | None:
    """How many numbers there are for an example; None where that is not known, or they are no row."""
    if not isinstance(shape, tuple) or not 1 <= len(shape) <= 2:
        return None
    width = shape[1] if len(shape) == 2 else 1
    return width if isinstance(width, int) else None


def _shape(labels: Any) -> object:
    """The shape of an array, or of a batch of labels of a data set."""
    spec = getattr(labels, "element_spec", None)
    if isinstance(spec, tuple) and len(spec) > 1:
        labels = spec[1]
    shape = getattr(labels, "shape", None)
    try:
        return None if shape is None else tuple(shape)
    except ValueError:  # of unknown rank
        return None


def _loss_name(model: Any) -> str:
    """Keras' name of the loss in words joined by `_`, whether it is given as a name, a function or an object."""
    loss = getattr(model, "loss", None)
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
