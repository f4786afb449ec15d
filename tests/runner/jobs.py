"""Scripts that tests run, and a short way to run them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from typing import TypeVar

from runner import Event, Failed, Finished, Job, Runner

Kind = TypeVar("Kind")

DATA = """
import numpy as np
rng = np.random.default_rng(0)
x = rng.random((64, 6), dtype="float32")
y = (x[:, 0] * 3).astype("int32")
"""
MODEL = """
import keras
model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(8, activation="relu"),
                          keras.layers.Dense(3, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
"""
NEIGHBOUR = "print('hello from next door')"


async def events_of(runner: Runner, job: Job | str) -> list[Event]:
    """Everything that a job tells."""
    async with aclosing(runner.run(Job(job) if isinstance(job, str) else job)) as events:
        return [event async for event in events]


async def outcome_of(runner: Runner, job: Job | str) -> Finished | Failed:
    """How a job ends."""
    last = (await events_of(runner, job))[-1]
    assert isinstance(last, Finished | Failed)
    return last


async def finished(runner: Runner, job: Job | str) -> Finished:
    """How a job ends that ends well."""
    last = await outcome_of(runner, job)
    assert isinstance(last, Finished), last
    return last


async def failed(runner: Runner, job: Job | str) -> Failed:
    """How a job ends that fails."""
    last = await outcome_of(runner, job)
    assert isinstance(last, Failed), last
    return last


def only(kind: type[Kind], events: Sequence[object]) -> list[Kind]:
    """The events of one kind."""
    return [event for event in events if isinstance(event, kind)]
