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


def is_classifier(model: Any) -> bool:
    """Whether the model names one class an example, so that its accuracy is a share of examples.

    False where that is not known: several yes-or-no outputs, a class for each pixel, a regression.
    """
    found, width = task(model), _width(model)
    if found is None or width is None:
        return False
    return width == 1 if found is Task.YES_OR_NO else width > 1


def _width(model: Any) -> int | None:
    """How many numbers the only output has for an example; None where that is not known or it is no row."""
    try:
        shape = model.output_shape
    except (AttributeError, ValueError):  # not built, or a class of the script's own
        return None
    known = isinstance(shape, tuple) and len(shape) == 2 and isinstance(shape[1], int)
    return shape[1] if known else None


def _loss_name(model: Any) -> str:
    """Keras' name of the loss in words joined by `_`, whether it is given as a name, a function or an object."""
    loss = getattr(model, "loss", None)
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
