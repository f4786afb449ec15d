"""Watches Keras while a script runs.

Every epoch and every evaluation becomes a frame; the script itself stays as it is.
"""

from __future__ import annotations

import functools
import inspect
import math
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import keras.src.backend.tensorflow.trainer as keras_trainer
import keras.src.saving.saving_lib as saving_lib
from keras.src.optimizers.base_optimizer import BaseOptimizer

from . import onepass, speed
from .judgement import Judgement
from .onepass import OnePass
from .provenance import Ledger
from .task import is_classifier
from .wire import Channel, Drawing, Kind

OWN_MODEL = "model.keras"
"""The learner's own model, from an earlier job or for a later one."""
FREE_EPOCHS = 1000
"""So many epochs are all told; after them ten a second, and the last of each fit."""
MOST_METRICS = 32


@dataclass(slots=True)
class Known:
    """A model that the script has fitted or evaluated."""

    number: int
    """From 1, in the order in which they came up. A model that starts over with its first weights is another one."""
    fit: int | None = None
    """The number of its last fit among all."""
    series: dict[str, list[float]] = field(default_factory=dict)


class Watch:
    """What one script did with Keras. `install` once, before the script; then read the attributes."""

    def __init__(self, channel: Channel) -> None:
        self.series: dict[str, list[float]] = {}
        """One value an epoch of the model fitted last, over all of its fits; NaN where there was none."""
        self.fitted: Any = None
        """The model fitted last."""
        self.judged: dict[bool, Judgement] = {}
        """The last classification of a trained (True) and of an untrained model."""
        self._channel = channel
        self._began = time.perf_counter()
        self._epochs = 0
        self._epoch_sent = 0.0
        self._busy = False
        self._trained: weakref.WeakSet[Any] = weakref.WeakSet()
        self._stepped: dict[int, weakref.ref[Any]] = {}
        """Variables that an optimizer of the script's own loop has changed, by their ids."""
        self._set_layers = False
        """Whether the script gave weights to a layer, which may belong to any model."""
        self._known: weakref.WeakKeyDictionary[Any, Known] = weakref.WeakKeyDictionary()
        self._models = 0
        self._fits = 0
        self._ledger = Ledger()
        self._loaded: set[str] = set()
        self._baseline: Mapping[str, Any] | None = None

    def install(self) -> None:
        """Put the watch into Keras' classes."""
        trainer = keras_trainer.TensorFlowTrainer
        trainer.fit = self._wrapped(self._marked(trainer.fit), self._fit)
        trainer.evaluate = self._wrapped(trainer.evaluate, self._evaluate)
        trainer.train_on_batch = self._marked(trainer.train_on_batch)
        keras.Layer.set_weights = self._set(keras.Layer.set_weights)
        BaseOptimizer.apply = self._stepping(BaseOptimizer.apply)
        keras.Model.load_weights = self._noted(self._marked(keras.Model.load_weights), 1)
        saving_lib.load_model = self._noted(saving_lib.load_model, 0)

    def judge_own_model(self, folder: Path) -> None:
        """Evaluate the learner's `model.keras` if the script judged an untrained model and never used the file."""
        if self._baseline is None or OWN_MODEL in self._loaded or not (folder / OWN_MODEL).exists():
            return
        model = keras.saving.load_model(folder / OWN_MODEL)
        model.evaluate(**{**self._baseline, "verbose": 0})

    def drawing(self) -> Drawing:
        """What pictures can show of it."""
        done = max(map(len, self.series.values()), default=0)
        return Drawing(range(1, done + 1), self.series, self.judged.get(True), self.judged.get(False))

    def seconds(self) -> float:
        """Since the watch was made, which is when the script starts."""
        return time.perf_counter() - self._began

    def _wrapped(self, original: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(original)

        @functools.wraps(original)
        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            if self._busy:  # an evaluation inside a fit, a fit inside an evaluation's callback
                return original(model, *args, **kwargs)
            try:
                bound = signature.bind(model, *args, **kwargs)
            except TypeError:
                return original(model, *args, **kwargs)
            return instead(original, model, bound)

        return wrapper

    def _marked(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def wrapper(model: Any, *args: Any, **kwargs: Any) -> Any:
            self._trained.add(model)
            return original(model, *args, **kwargs)

        return wrapper

    def _set(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the setting of weights. A callback's, as of early stopping, is part of the fit."""

        @functools.wraps(original)
        def wrapper(layer: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(layer, keras.Model) and not self._busy:
                self._trained.add(layer)
            self._set_layers = self._set_layers or not (self._busy or isinstance(layer, keras.Model))
            return original(layer, *args, **kwargs)

        return wrapper

    def _stepping(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap an optimizer's step: outside of a fit it is a training loop of the script's own."""

        @functools.wraps(original)
        def wrapper(optimizer: Any, grads: Any, trainable_variables: Any = None) -> Any:
            if not self._busy:
                variables = optimizer._trainable_variables if trainable_variables is None else trainable_variables
                self._stepped.update((id(one), weakref.ref(one)) for one in variables)
            return original(optimizer, grads, trainable_variables)

        return wrapper

    def _is_trained(self, model: Any) -> bool:
        changed = (self._stepped.get(id(one)) for one in model.trainable_variables)
        return model in self._trained or any(one is not None and one() is not None for one in changed)

    def _known_as(self, model: Any) -> Known:
        known = self._known.get(model)
        if known is None:
            self._models += 1
            known = self._known[model] = Known(self._models)
        return known

    def _noted(self, original: Callable[..., Any], place: int) -> Callable[..., Any]:
        """Wrap a loader: note the name of the file, and that the model which comes out of it is trained."""

        @functools.wraps(original)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if len(args) > place:
                self._loaded.add(Path(str(args[place])).name)
            model = original(*args, **kwargs)
            if isinstance(model, keras.Model):
                self._trained.add(model)
            return model

        return wrapper

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def _fit(self, original: Callable[..., Any], model: Any, bound: inspect.BoundArguments) -> Any:
        arguments = bound.arguments
        speed.build_early(model, arguments.get("x"), arguments.get("y"))
        starts_over = self._ledger.starts_over(model)
        if starts_over:
            self._known.pop(model, None)
        known, before = self._known_as(model), self._epochs
        self._fits += 1
        known.fit = self._fits
        self.fitted, self.series = model, known.series
        labels = arguments.get("x") if arguments.get("y") is None else arguments["y"]
        arguments["callbacks"] = self._with_callback(arguments.get("callbacks"), model, known, labels)
        is_fresh = not (self._is_trained(model) or self._set_layers)
        fitting = self._ledger.fitting(model, arguments, is_fresh, starts_over, lambda: self._epochs > before)
        with fitting, self._alone():
            return original(*bound.args, **bound.kwargs)

    def _with_callback(self, callbacks: Any, model: Any, known: Known, labels: Any) -> Any:
        facts = {"fit": known.fit, "model": known.number}
        callback: Any = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: self._epoch_ended(
                epoch + 1,
                callback.params.get("epochs"),
                logs or {},
                facts | {"classifier": is_classifier(model, labels)},
            )
        )
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(callback)
            return callbacks
        return [*keras.tree.flatten(callbacks or []), callback]

    def _epoch_ended(
        self, epoch: int, epochs: int | None, logs: Mapping[str, Any], facts: Mapping[str, object]
    ) -> None:
        metrics, diverged = _finite(logs)
        done = max((len(values) for values in self.series.values()), default=0)
        for name in {**metrics, **dict.fromkeys(diverged), **self.series}:
            values = self.series.setdefault(name, [math.nan] * done)
            values.append(metrics.get(name, math.nan))
        self._epochs += 1
        now, last = self.seconds(), max(epochs or epoch, epoch)
        if self._epochs > FREE_EPOCHS and now - self._epoch_sent < 0.1 and epoch < last:
            return
        self._epoch_sent = now
        self._channel.send(
            Kind.EPOCH,
            {"epoch": epoch, "epochs": last, "metrics": metrics, "seconds": now, "diverged": diverged, **facts},
        )

    def _evaluate(self, original: Callable[..., Any], model: Any, bound: inspect.BoundArguments) -> Any:
        arguments = bound.arguments
        as_dict = arguments.get("return_dict", False)
        arguments["return_dict"] = True
        speed.build_early(model, arguments.get("x"), arguments.get("y"))
        with self._alone(), onepass.watched(model) as seen:
            logs = original(*bound.args, **bound.kwargs)
        self._evaluated(model, arguments, logs, seen)
        return logs if as_dict else model._flatten_metrics_in_order(logs)

    def _evaluated(self, model: Any, arguments: Mapping[str, Any], logs: Mapping[str, Any], seen: OnePass) -> None:
        trained, classification, known = self._is_trained(model), seen.judgement, self._known_as(model)
        if classification is not None:
            self.judged[trained] = classification
        if not trained and _is_in_memory(arguments.get("x")):
            given = ("x", "y", "batch_size", "sample_weight", "steps")
            self._baseline = {name: arguments[name] for name in given if name in arguments}
        metrics, diverged = _finite(logs)
        self._channel.send(
            Kind.EVALUATED,
            {
                "metrics": metrics,
                "diverged": diverged,
                "examples": seen.examples,
                "trained": trained,
                "classification": classification,
                "fit": known.fit,
                "model": known.number,
                "data": self._ledger.origin(model, arguments),
            },
        )


def _is_in_memory(x: object) -> bool:
    """Arrays can be read again; what gives its batches itself may be slow, or used up."""
    return all(hasattr(part, "__array__") for part in keras.tree.flatten(x))


def _finite(logs: Mapping[str, Any]) -> tuple[dict[str, float], list[str]]:
    """Single numbers among Keras' logs: the finite ones, and the names of the others."""
    metrics, diverged = {}, []
    for name, value in list(logs.items())[:MOST_METRICS]:
        try:
            number = float(value)
        except (TypeError, ValueError):
            continue
        if math.isfinite(number):
            metrics[str(name)[:100]] = number
        else:
            diverged.append(str(name)[:100])
    return metrics, diverged
