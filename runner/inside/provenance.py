"""Where the data of an evaluation come from: whether the model learned from them.

Only what is certain is said. Examples are compared by content: each becomes one number, made of what Keras sees of
it. Arrays too large for that are compared by their place in memory, data sets by being the same object.
"""

from __future__ import annotations

import math
import weakref
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

Numbers: TypeAlias = npt.NDArray[np.uint64]

TRAINING, VALIDATION, UNSEEN, UNKNOWN = "training", "validation", "unseen", "unknown"
MOST_VALUES = 10_000_000
"""The examples of larger arrays are not looked at; these take about 30 ms."""
CHUNK = 2048
"""Examples at a time, so that little memory is needed."""
SAMPLE = 65_536
"""Values of a weight that tell whether it has changed."""
ALIKE = 2.0
"""Data whose spread is that much larger or smaller may be the same examples on another scale."""


class Examples(NamedTuple):
    """Arrays, an example a row."""

    inputs: Numbers | None
    """A number an example, equal for equal inputs; None of arrays that are too large."""
    pairs: Numbers | None
    """The same, of inputs with their labels."""
    mean: float
    spread: float
    memory: Memory | None


class Memory(NamedTuple):
    """Where an array lies."""

    owner: weakref.ref[Any]
    low: int
    high: int

    def holds(self, other: Memory | None) -> bool:
        """Whether the other array is part of this one."""
        alive = self.owner()
        return other is not None and alive is not None and other.owner() is alive and (
            self.low <= other.low and other.high <= self.high
        )  # fmt: skip


@dataclass(slots=True)
class History:
    """What a model learned from, as far as it is known."""

    is_whole: bool
    """Whether nothing else has come into its weights."""
    given: list[Examples] = field(default_factory=list)
    """All that it may have learned from."""
    learned: list[Examples] = field(default_factory=list)
    """What it has learned from for certain, every example."""
    validated: list[Examples] = field(default_factory=list)
    learned_sets: list[weakref.ref[Any]] = field(default_factory=list)
    validated_sets: list[weakref.ref[Any]] = field(default_factory=list)
    start: int = 0
    """What the weights were before the first fit."""
    end: int | None = None
    """What they were after the last one."""


class Ledger:
    """Keeps what each model was fitted on."""

    def __init__(self) -> None:
        self._histories: weakref.WeakKeyDictionary[Any, History] = weakref.WeakKeyDictionary()

    def starts_over(self, model: Any) -> bool:
        """Whether the model, fitted before, was given its first weights back."""
        history = self._histories.get(model)
        return history is not None and history.end != history.start == weights_of(model)

    @contextmanager
    def fitting(
        self,
        model: Any,
        arguments: Mapping[str, Any],
        is_fresh: bool,
        starts_over: bool,
        has_learned: Callable[[], bool],
    ) -> Iterator[None]:
        """Around one `fit`. `is_fresh`: no weights came from elsewhere; `starts_over`: as the method says, which reads
        all weights; `has_learned`: whether an epoch has ended."""
        history, now = self._histories.get(model), weights_of(model)
        if history is None or (starts_over and history.is_whole):
            history = self._histories[model] = History(is_fresh if history is None else True, start=now)
        elif now != history.end:  # replaced, or trained in another way
            history.is_whole = False
            history.learned, history.learned_sets = [], []
        learns, checks = _split(arguments)
        history.is_whole = history.is_whole and learns is not None and learns.inputs is not None
        history.given += [learns] if learns is not None else []
        try:
            yield
        finally:
            if has_learned() and arguments.get("steps_per_epoch") is None:
                history.learned += [learns] if learns is not None else []
                history.learned_sets += _data_set(arguments.get("x"))
            history.validated += [checks] if checks is not None else []
            history.validated_sets += _data_set(arguments.get("validation_data"))
            history.end = weights_of(model)

    def origin(self, model: Any, arguments: Mapping[str, Any]) -> str:
        """Where the data of an evaluation come from, seen from this model."""
        history, x = self._histories.get(model), arguments.get("x")
        if history is None or weights_of(model) != history.end:
            return UNKNOWN
        if _is_among(x, history.learned_sets):
            return TRAINING
        if _is_among(x, history.validated_sets):
            return VALIDATION
        examples = examples_of(x, arguments.get("y"))
        if examples is None:
            return UNKNOWN
        if _covered(examples, history.learned):
            return TRAINING
        if _covered(examples, history.validated):
            return VALIDATION
        return UNSEEN if self._is_unseen(model, examples) else UNKNOWN

    def _is_unseen(self, model: Any, examples: Examples) -> bool:
        """Whether neither this model nor one that shares weights with it was given any of the examples."""
        shared = [history for other, history in self._histories.items() if _share(model, other)]
        given = [one for history in shared for one in history.given]
        return all(history.is_whole for history in shared) and all(_differ(examples, one) for one in given)


def examples_of(x: Any, y: Any) -> Examples | None:
    """What arrays hold; None where they are no arrays of numbers, or do not belong together."""
    try:
        inputs, labels = _arrays(x), _arrays(y)
        if not inputs or labels is None or len({len(array) for array in (*inputs, *labels)}) != 1:
            return None
        return _examples(inputs, labels) if len(inputs[0]) else None
    except Exception:  # whatever is wrong with the data, Keras says it better
        return None


def _examples(inputs: Sequence[npt.NDArray[Any]], labels: Sequence[npt.NDArray[Any]]) -> Examples:
    memory = _memory(inputs[0]) if len(inputs) == 1 else None
    if sum(array.size for array in (*inputs, *labels)) > MOST_VALUES:
        return Examples(None, None, 0.0, 0.0, memory)
    numbers = _numbers(inputs, seed=1)
    pairs = numbers + _numbers(labels, seed=2) if labels else numbers
    some = inputs[0][:: max(1, len(inputs[0]) // 500)].astype(np.float64)
    return Examples(numbers, pairs, float(some.mean()), float(some.std()), memory)


def weights_of(model: Any) -> int:
    """A number that changes when the model learns, or gets other weights."""
    number = 0
    for weight in model.weights:
        values = np.ravel(keras.ops.convert_to_numpy(weight))
        number = zlib.crc32(values[:: max(1, len(values) // SAMPLE)].tobytes(), number)
    return number


def _split(arguments: Mapping[str, Any]) -> tuple[Examples | None, Examples | None]:
    """What a fit learns from, and what it is validated with."""
    x, y, validation = arguments.get("x"), arguments.get("y"), arguments.get("validation_data")
    share = arguments.get("validation_split") or 0.0
    if validation is not None:
        given = isinstance(validation, Sequence) and len(validation) > 1
        return examples_of(x, y), examples_of(validation[0], validation[1]) if given else None
    arrays = _arrays(x) if share else None
    if not arrays:
        return examples_of(x, y), None
    border = math.floor(len(arrays[0]) * (1.0 - share))  # as Keras cuts them
    first, last = ([_cut(values, part) for values in (x, y)] for part in (slice(border), slice(border, None)))
    return examples_of(*first), examples_of(*last)


def _cut(values: Any, part: slice) -> Any:
    return None if values is None else keras.tree.map_structure(lambda array: np.asarray(array)[part], values)


def _arrays(values: Any) -> list[npt.NDArray[Any]] | None:
    """The arrays of numbers among which there is nothing else; an empty list for None."""
    found = []
    for part in [] if values is None else keras.tree.flatten(values):
        if not hasattr(part, "__array__"):
            return None
        array = np.asarray(part)
        if array.ndim == 0 or array.dtype.kind not in "fiub":
            return None
        found.append(array)
    return found


def _numbers(arrays: Sequence[npt.NDArray[Any]], seed: int) -> Numbers:
    """A number an example: a sum of its values' bits, each times a factor of its own.

    Other examples have the same one only by chance, 1 to 2^40 or less. Values count as Keras sees them, as 32 bit
    floats, whatever type and shape they have.
    """
    total = np.zeros(len(arrays[0]), np.uint64)
    random = np.random.default_rng(seed)
    for array in arrays:
        rows = array.reshape(len(array), -1)
        factors = random.integers(1, 2**63, size=rows.shape[1], dtype=np.uint64) * np.uint64(2) + np.uint64(1)
        for start in range(0, len(rows), CHUNK):
            values = np.ascontiguousarray(rows[start : start + CHUNK], dtype=np.float32) + np.float32(0)
            total[start : start + CHUNK] += values.view(np.uint32).astype(np.uint64) @ factors
    return total


def _memory(array: npt.NDArray[Any]) -> Memory | None:
    owner = array if array.base is None else array.base
    try:
        low, high = np.lib.array_utils.byte_bounds(array)
        return Memory(weakref.ref(owner), int(low), int(high))
    except TypeError:  # memory of something that cannot be watched
        return None


def _covered(examples: Examples, by: Sequence[Examples]) -> bool:
    """Whether every one of the examples is among the others, with the same label."""
    known = [one.pairs for one in by if one.pairs is not None]
    if examples.pairs is not None and known:
        return bool(np.isin(examples.pairs, np.concatenate(known)).all())
    return any(one.inputs is None and one.memory is not None and one.memory.holds(examples.memory) for one in by)


def _differ(examples: Examples, other: Examples) -> bool:
    """Whether no example is among the others, on whatever scale."""
    if examples.inputs is None or other.inputs is None:
        return False
    low, high = sorted((examples.spread, other.spread))
    alike = high <= ALIKE * low and abs(examples.mean - other.mean) <= high
    return alike and not np.isin(examples.inputs, other.inputs).any()


def _share(model: Any, other: Any) -> bool:
    return model is other or bool({id(w) for w in model.weights} & {id(w) for w in other.weights})


def _data_set(x: Any) -> list[weakref.ref[Any]]:
    """A data set that gives the same examples each time it is read; a generator is used up."""
    return [weakref.ref(x)] if isinstance(x, tf.data.Dataset | keras.utils.PyDataset) else []


def _is_among(x: Any, known: Sequence[weakref.ref[Any]]) -> bool:
    return any(one() is x for one in known) if x is not None else False
