"""What runs of learners give: values tried, curves, evaluations, failures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bot.domain.runs import Epoch, Judgement, Value
from lessons.model import Example


@dataclass(frozen=True, slots=True)
class Trouble:
    reason: str
    detail: str
    seconds: float
    own: bool
    """In code of the learner's own; else in the course's."""
    change: str = ""
    """Stands at the end of the learner's own code."""


_TRACE = 'Traceback (most recent call last):\n  File "your_code.py", line {line}\n    {code}\n{error}'
TROUBLES = (
    Trouble(
        "error",
        _TRACE.format(line=31, code="model.fit(x_trian)", error="NameError: name 'x_trian' is not defined"),
        1.4,
        True,
        "model.fit(x_trian)",
    ),
    Trouble("timeout", "The example took longer than the 60 seconds it may take.", 60.0, False),
    Trouble("memory", "The example used more memory than it may.", 4.2, True, "blocks = [bytearray(10**9)] * 9"),
    Trouble(
        "error",
        _TRACE.format(
            line=27, code="model.add(Dense('10'))", error="ValueError: units must be a positive integer, not '10'"
        ),
        1.1,
        True,
        "model.add(Dense('10'))",
    ),
    Trouble("output", "The example printed more than 4 MB.", 7.5, True, "while True: print(x_train)"),
    Trouble("lost", "The sandbox stopped working. This is no fault of the example; please run it again.", 3.0, False),
)
FREQUENT = (0.4, 0.2, 0.15, 0.15, 0.05, 0.05)


BREAKS = 0.03
"""Learning rate from which on the steps are too large to arrive anywhere."""


def values_of(example: Example, rng: Random) -> dict[str, Value]:
    """Values that a learner tries: mostly one knob at one of its presets, now and then two."""
    turned = rng.sample(example.parameters, min(len(example.parameters), rng.choices((0, 1, 2), (0.3, 0.5, 0.2))[0]))
    chosen = {p.name: rng.choice(p.offered or (p.default,)) for p in example.parameters if p in turned}
    return {p.name: chosen[p.name] for p in example.parameters if p.name in chosen and chosen[p.name] != p.default}


def history_of(example: Example, values: Mapping[str, Value], rng: Random) -> tuple[Epoch, ...]:
    """A curve that rises faster with larger steps, to a lower top with fewer neurons, and breaks with too large ones.

    A formula that looks right, made to be looked at; no measurement.
    """
    knobs = {p.name: p.default for p in example.parameters} | dict(values)
    epochs, batch = int(knobs.get("epochs", 10)), float(knobs.get("batch_size", 32))
    rate, units = float(knobs.get("learning_rate", 0.001)), float(knobs.get("hidden_units", 64))
    chance, validated = example.chance or 0.1, "validation_data" in example.source
    pace = (0.55 if validated else 0.03) * (rate / 0.001) ** 0.6 * (32 / batch) ** 0.5
    top = 0.985 - 0.9 / (units + 2) if rate < BREAKS else chance + 0.25 * rng.random()
    tick = 0.12 + 0.9 / batch
    history, worse = [], 0.004 + 0.02 * rng.random()
    for epoch in range(1, epochs + 1):
        learned = (1 - math.exp(-pace * epoch)) * (1 if rate < BREAKS else 0.4)
        accuracy = _share(chance + (top - chance) * learned + rng.gauss(0, 0.006))
        loss = max(0.004, 2.31 * (1 - learned) + 0.04 + abs(rng.gauss(0, 0.01)))
        metrics = {"accuracy": accuracy, "loss": round(loss, 4)}
        if validated:
            memorised = 0.0 if rate >= BREAKS else min(0.08, 0.0012 * max(0.0, pace * epoch - 6))
            metrics["val_accuracy"] = _share(accuracy - worse - memorised + rng.gauss(0, 0.004))
            metrics["val_loss"] = round(loss + 0.05 + 8 * memorised, 4)
        history.append(Epoch(epoch, epochs, metrics, round(0.9 + tick * epoch, 3)))
    return tuple(history)


def judgements_of(example: Example, learned: float, rng: Random) -> tuple[Judgement, ...]:
    """The untrained baseline, and the learner's model, which gets about `learned` right."""
    chance, examples = example.chance or 0.1, 360 if example.data else 20
    found = []
    for trained, expected in ((False, chance), (True, learned)):
        luck = rng.gauss(0, (expected * (1 - expected) / examples) ** 0.5)
        right = round(examples * _share(expected + luck)) / examples
        loss = round(2.4 * (1 - right) + 0.08, 4)
        precision, recall = _share(right + 0.004), _share(right - 0.006)
        f1 = round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0
        metrics = {"accuracy": right, "loss": loss}
        found.append(Judgement(trained, examples, metrics, right, precision, recall, f1))
    return tuple(found)


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 4)
