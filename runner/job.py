"""What goes into the runner: a job, and what it may use; and what the runner raises. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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


class RunnerError(Exception):
    """Base class of the runner's own errors. A crash of an example is never one: it is a `Failed` event."""


class JobRefused(RunnerError):
    """The job cannot be taken.

    It is untrusted and the self-test is not clean, or it breaks a rule named in the message.
    """


class RunnerClosed(RunnerError):
    """`run` was called after `aclose`."""
