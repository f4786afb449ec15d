"""What makes the first epoch come soon, without changing any number.

Everything slow is done before the job is there.
"""

from __future__ import annotations

import gc
import importlib
import logging
import random
from contextlib import suppress
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from . import pictures

LAZY = (
    "tensorflow.python.data.ops.concatenate_op",
    "tensorflow.python.data.ops.flat_map_op",
    "tensorflow.python.data.ops.from_tensors_op",
    "tensorflow.python.data.ops.range_op",
    "tensorflow.python.data.ops.zip_op",
    "matplotlib.pyplot",
)


def import_ahead() -> None:
    """Import what the first fit and the first picture would import. Executes no operation.

    One eager operation starts threads, and every fork would hang.
    """
    for name in LAZY:
        importlib.import_module(name)
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    pictures.rehearse()


def settle() -> None:
    """Put everything imported so far out of the garbage collector's sight, so that a fork shares it for good."""
    gc.collect()
    gc.freeze()


def tune() -> None:
    """Settings of the child: before its first operation."""
    gc.set_threshold(100_000, 50, 50)
    # The graph optimizer takes longer than it saves on models of a lesson's size.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})


def warm_up() -> None:
    """Fit a tiny model, so that the process has started its threads and traced once; leave no other trace of it."""
    model = keras.Sequential(
        [keras.Input((8,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(3, activation="softmax")]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = np.zeros((8, 8), "float32"), np.zeros((8, 1), "int32")
    model.fit(x, y, epochs=2, batch_size=4, verbose=0)
    model.evaluate(x, y, verbose=0)
    del model
    keras.utils.clear_session()
    gc.collect()


def reseed(seed: int | None) -> None:
    """Seed Python, NumPy and Keras; with None, afresh, because a fork inherits the state of its parent."""
    if seed is None:
        random.seed()
        np.random.seed()
    else:
        keras.utils.set_random_seed(seed)


def build_early(model: Any, x: object, y: object) -> None:
    """Build a compiled model's optimizer and metrics before tracing, so that its step is traced once instead of twice.

    Only for plain arrays; anything else is left to Keras.
    """
    if not (isinstance(x, np.ndarray) and isinstance(y, np.ndarray) and getattr(model, "compiled", False)):
        return
    with suppress(Exception):  # whatever is wrong with model or data, Keras says it better a moment later
        model._symbolic_build(data_batch=(_shape_of(x), _shape_of(y)))


def _shape_of(values: np.ndarray[Any, Any]) -> Any:
    return keras.KerasTensor((None, *values.shape[1:]), keras.backend.standardize_dtype(values.dtype))
