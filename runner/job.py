"""What crosses the runner's border: a job goes in, events come out. Plain values; imports nothing of ours."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias


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
class Limits:
    """What one job may use. Seconds and bytes."""

    wall_seconds: float = 60.0
    cpu_seconds: int = 90
    """Processor time over all threads: two busy cores use two seconds a second."""
    memory_bytes: int = 1_500_000_000
    """Private memory that the example may allocate beyond what the sandbox started with."""
    output_bytes: int = 4_000_000
    """Printed text; the job ends as `output` above this. At most 64 KB of it, head and tail, are handed on."""
    file_bytes: int = 32_000_000
    """One file, and (twice this) all files together."""
    threads: int = 200


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of Python to run, with everything it may see.

    `source` is run as it stands: whoever chose parameters has written them into it already.
    """

    source: str
    name: str = "example.py"
    """File name in tracebacks."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Input files by plain name, put into the working directory: data sets, `model.keras` of an earlier run."""
    makes: tuple[str, ...] = ()
    """Names of files wanted back.

    `model.keras` is saved from the last fitted model if the script did not save it itself.
    """
    limits: Limits = Limits()
    trusted: bool = True
    """True for code of the course; False for code a learner wrote, which is refused unless the self-test is clean."""
    owner: str = ""
    """Whose job it is: an owner has one job running at most, and never stands twice before somebody else.

    Empty: nobody in particular.
    """
    kind: str = ""
    """Jobs of one kind take about the same time: the expected wait is worked out from earlier ones."""
    seed: int | None = None
    """Seeds Python's, NumPy's and Keras' generators before the script starts; None: a fresh seed each time."""


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


@dataclass(frozen=True, slots=True)
class Safety:
    """What protects the host, as found by the self-test."""

    layers: tuple[str, ...]
    """Active layers: `bubblewrap`, `namespace`, `landlock`, `seccomp`, `limits`."""
    missing: tuple[str, ...]
    """One line for each missing layer: what is missing, what follows, how to get it."""
    untrusted: bool
    """True when code nobody trusts may run."""
    tested: bool = True
    """False until the self-test has run: a job of a learner's own code then waits for its outcome."""


class RunnerError(Exception):
    """Base class of the runner's own errors. A crash of an example is never one: it is a `Failed` event."""


class JobRefused(RunnerError):
    """The job cannot be taken.

    It is untrusted and the self-test is not clean, or it breaks a rule named in the message.
    """


class RunnerClosed(RunnerError):
    """`run` was called after `aclose`."""


class Runner(Protocol):
    """Runs jobs. Safe to use from many tasks of one event loop at once."""

    @property
    def safety(self) -> Safety:
        """What protects the host, as far as it is known; until the self-test is over, nothing is."""
        ...

    async def ready(self) -> Safety:
        """Wait for the sandbox and its self-test. Jobs need not wait: they queue."""
        ...

    def run(self, job: Job) -> AsyncGenerator[Event, None]:
        """Queue `job` and yield its events.

        Closing the generator, or cancelling the task that reads it, cancels the job. Raises JobRefused before the first
        event, RunnerClosed after `aclose`.
        """
        ...

    def stop(self, job: Job) -> None:
        """End the very job that was given to `run`, before its time.

        Its last event follows within seconds: `Failed` as `cancelled`, with what it had reached. Does nothing if it has
        ended.
        """
        ...

    async def aclose(self) -> None:
        """Cancel everything, end every process, remove every temporary file."""
        ...
