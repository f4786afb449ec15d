"""What comes out of the runner: the events of a job. Plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Reason(StrEnum):
    """Why a job failed. One word a condition a caller can tell apart."""

    ERROR = "error"
    """The example raised an exception, or asked for something the sandbox refuses."""
    TIMEOUT = "timeout"
    """Wall time or processor time was used up."""
    MEMORY = "memory"
    OUTPUT = "output"
    """Too much printed, too many events, or files too large."""
    CANCELLED = "cancelled"
    LOST = "lost"
    """The sandbox died through no fault of the example; running the job again may help."""


class HintCode(StrEnum):
    """What a learner can do about an error."""

    MISSING_MODULE = "missing-module"
    """No module is called `name`; `nearest` may do instead, `there` are those that can be imported."""
    MISSING_PART = "missing-part"
    """The module `name` is there, but has no `part`."""
    MISSING_FILE = "missing-file"
    """No file is called `name`; `nearest` may be meant, `there` are the files beside the code, and `more`."""
    REFUSED = "refused"
    """The sandbox refuses it: network, other programs, files elsewhere."""
    THREADS = "threads"
    """More threads than the job may have."""
    TYPING = "typing"
    """It waits for somebody to type."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What a learner can do about an error: a code, and the values that its words need."""

    code: HintCode
    name: str = ""
    part: str = ""
    nearest: str = ""
    there: tuple[str, ...] = ()
    more: int = 0
    """How many there are beside those in `there`."""


@dataclass(frozen=True, slots=True)
class Queued:
    """Waiting for a place. Sent at once, and again when the place changes."""

    place: int
    """1 is next."""
    expected_seconds: float | None
    """Expected wait until the start; None while nothing was measured."""


@dataclass(frozen=True, slots=True)
class Started:
    warm: bool
    """True when a pre-warmed process took the job."""


@dataclass(frozen=True, slots=True)
class EpochEnded:
    epoch: int
    """1 to `epochs`."""
    epochs: int
    metrics: Mapping[str, float]
    """Keras' names: `loss`, `accuracy`, `val_loss`, `val_accuracy`, ... NaN and infinity never get here: such
    a metric is left out and named in `diverged`."""
    seconds: float
    """Since the script started."""
    diverged: tuple[str, ...] = ()
    """Metrics that were NaN or infinite."""
    fit: int = 1
    """Which call of `fit` in this job, from 1."""
    model: int = 1
    """Which model, from 1 in the order in which they were fitted or evaluated.

    A model that starts over with the weights it had before its first fit counts as another one.
    """
    classifier: bool | None = None
    """Whether the model is known to name one class an example, so that an accuracy is a share of examples.

    None: nobody has said it.
    """


class Origin(StrEnum):
    """Where the data of an evaluation come from, seen from the model that was judged."""

    TRAINING = "training"
    """The model was fitted on every one of the examples."""
    VALIDATION = "validation"
    """Each was among the validation data of a fit of this model."""
    UNSEEN = "unseen"
    """The model was fitted on none of them, and its weights come from nowhere else."""
    UNKNOWN = "unknown"
    """Partly the one and partly the other, or not to be told."""


@dataclass(frozen=True, slots=True)
class Classification:
    """Computed by the runner from the predicted classes of one evaluation.

    Precision, recall and F1 are unweighted (macro) means over the classes that occur in truth or prediction.
    """

    accuracy: float
    precision: float
    recall: float
    f1: float
    confusion: tuple[tuple[int, ...], ...]
    """confusion[true][predicted] = number of examples."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One call of `model.evaluate`, or the judgement of the learner's own model on the same data."""

    metrics: Mapping[str, float]
    """What Keras returned: `loss` and the compiled metrics."""
    examples: int | None
    """How many examples were judged; None where that was not seen."""
    trained: bool
    """True when the model was fitted in this script or loaded from a file; False for fresh weights (the baseline)."""
    classification: Classification | None
    """None when the model is no classifier, or not all of its labels and predictions were seen."""
    diverged: tuple[str, ...] = ()
    """Metrics that were NaN or infinite."""
    fit: int | None = None
    """The model's last `fit` before, by its number in this job; None where it was not fitted in this job."""
    model: int = 1
    """As in `EpochEnded`."""
    data: Origin = Origin.UNKNOWN


@dataclass(frozen=True, slots=True)
class Output:
    """Printed text (stdout and stderr), as it comes; control characters are gone."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn by the runner (`curves`, `confusion`), saved by the script (its path) or shown (`figure 1`).

    Nobody outside a sandbox decodes it: only its header was looked at.
    """

    name: str
    data: bytes
    width: int
    height: int
    format: str = "png"
    """`png`, `jpeg` or `gif`."""

    @property
    def file_name(self) -> str:
        """A plain file name with the ending of the format."""
        endings = {"png": (".png",), "jpeg": (".jpg", ".jpeg"), "gif": (".gif",)}[self.format]
        plain = re.sub(r"[^\w. -]", "-", self.name).strip(". ") or "picture"
        return plain if plain.lower().endswith(endings) else f"{plain}{endings[0]}"


class Unshown(StrEnum):
    """Why a picture of the script's was not handed on."""

    COUNT = "count"
    """There were more than one job may show."""
    FORMAT = "format"
    """A phone shows no such files: SVG, PDF."""
    SIZE = "size"
    """Too large, and it could not be made smaller."""
    BROKEN = "broken"
    """The file is no whole picture."""


@dataclass(frozen=True, slots=True)
class Omitted:
    """A picture of the script's that is not among the result's."""

    name: str
    why: Unshown


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file the job made. Its bytes come from inside the sandbox: nobody outside one may parse or load them."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of a job that ended well."""

    seconds: float
    """From the start of the script to its end, without the queue."""
    pictures: tuple[Picture, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    output: str = ""
    """Everything printed, head and tail if it was more than 64 KB."""
    omitted: tuple[Omitted, ...] = ()
    """Pictures of the script's that are not among `pictures`."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The last event of a job that did not end well."""

    reason: Reason
    detail: str
    """A sentence for the learner; for `error` the traceback of the example's own lines, without a path of the host."""
    seconds: float = 0.0
    output: str = ""
    line: int | None = None
    """The line of the example that failed, where that is known."""
    omitted: tuple[Omitted, ...] = ()
    """Pictures of the script's that cannot be handed on."""
    pictures: tuple[Picture, ...] = ()
    """What the script drew before the end, and what the runner drew of the epochs and evaluations until then."""
    hint: Hint | None = None
    """What a learner can do about it, where that is known."""


Event: TypeAlias = Queued | Started | EpochEnded | Evaluated | Output | Finished | Failed
"""In this order: Queued*, Started, (EpochEnded | Evaluated | Output)*, then exactly one Finished or Failed."""
