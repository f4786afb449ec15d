"""Runs of examples, and code that learners sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.ids import FileId, LearnerId, RunId, SnippetId

Value = int | float | str | bool
"""A parameter's value."""


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        return self not in (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True, slots=True)
class Epoch:
    """Keras' metrics at the end of an epoch, and the seconds since the script began."""

    epoch: int
    epochs: int
    metrics: Mapping[str, float]
    seconds: float
    diverged: tuple[str, ...] = ()
    """Metrics that were NaN or infinite: `metrics` does not have them."""
    fit: int | None = None
    """Which `fit` of the run, from 1; None in a run stored before this was told."""
    model: int | None = None
    """Which of the run's models, from 1; None likewise."""
    classifier: bool | None = None
    """False where an accuracy is no share of examples: a regression, several yes-or-no outputs. None: not known."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an evaluation found; accuracy to F1 are None when the model is no classifier."""

    trained: bool
    """False for the baseline: fresh weights."""
    examples: int | None
    """None where they were not counted."""
    metrics: Mapping[str, float]
    accuracy: float | None = None
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    diverged: tuple[str, ...] = ()
    """Metrics that were NaN or infinite."""
    fit: int | None = None
    """The model's last `fit` before; None where there was none, or in a run stored before this was told."""
    model: int | None = None
    """As in an epoch."""
    data: str = "unknown"
    """The runner's word for where the data come from: training, validation, unseen or unknown."""


@dataclass(frozen=True, slots=True)
class ErrorHint:
    """What a learner can do about an error: the runner's code, and the values that its words need."""

    code: str
    name: str = ""
    part: str = ""
    nearest: str = ""
    there: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """What a learner asks to run: an example, or code of their own."""

    learner: LearnerId
    chat: int
    lesson: str
    source: str
    """The code exactly as it runs."""
    example: str | None = None
    """Id of the example; None for the learner's own code."""
    role: str = ""
    """The example's role."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """Parameters that differ from the example's own values."""


@dataclass(frozen=True, slots=True)
class Run:
    """The stored history of a job."""

    id: RunId
    learner: LearnerId
    chat: int
    lesson: str
    example: str
    values: Mapping[str, Value]
    """Parameters that differ from the example's own values."""
    source: str
    """The code exactly as it runs."""
    queued_at: float
    verified: bool = True
    """False for the learner's own code: its figures are self-reported, and `example` names no example."""
    state: RunState = RunState.QUEUED
    reason: str | None = None
    detail: str | None = None
    hint: ErrorHint | None = None
    started_at: float | None = None
    ended_at: float | None = None
    seconds: float | None = None
    history: tuple[Epoch, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    output: str = ""
    restarts: int = 0


class SnippetState(StrEnum):
    """What became of code that a learner sent."""

    WAITING = "waiting"
    """Its message was full, so the rest may still come."""
    ASKED = "asked"
    """The learner was asked for the rest."""
    OFFERED = "offered"
    """The learner was asked whether to run it."""
    RUN = "run"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class CodePart:
    """The code of one message."""

    message: int
    code: str
    units: int
    """Length of the message, in UTF-16 units."""


@dataclass(frozen=True, slots=True)
class SentCode:
    """Code that a learner sent, in one message or more."""

    id: SnippetId
    learner: LearnerId
    parts: tuple[CodePart, ...]
    units: int
    """Length of its last message, in UTF-16 units; 0 if the code ended before its message did."""
    marked: bool
    state: SnippetState
    run: RunId | None
    sent_at: float
    """When its last message was sent."""

    @property
    def last_message(self) -> int:
        return self.parts[-1].message


@dataclass(frozen=True, slots=True)
class LearnersFile:
    """A file that a learner sent, without its content."""

    id: FileId
    name: str
    size: int
