"""How a job ended, from all that is known about it, in a sentence for the learner."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

from .events import Hint, Reason
from .frames import Crashed, Done
from .job import Limits

SIGNALS: dict[int, str] = {
    signal.SIGSEGV: "The example crashed inside native code (segmentation fault).",
    signal.SIGBUS: "The example crashed inside native code (bus error).",
    signal.SIGFPE: "The example crashed inside native code (arithmetic error).",
    signal.SIGILL: "The example crashed inside native code (illegal instruction).",
    signal.SIGABRT: "The example was aborted by native code.",
}
STARVING = (signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT)
STARVED = 0.5
"""With so much of its memory in use, a process that the system or native code ended had most likely run out of it."""
OUT_OF_MEMORY = ("std::bad_alloc", "LLVM ERROR: out of memory", "OOM when allocating")


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the host ended a cell itself."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Exit:
    """How the process of a cell ended."""

    status: int
    """As wait(2) reports it."""
    cpu_seconds: float
    peak_bytes: int
    """Largest resident memory, beyond what a cell is born with."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Reason and sentence of a failure."""

    reason: Reason
    detail: str
    line: int | None = None
    hint: Hint | None = None


def judged(
    told: Done | Crashed | None, stop: Stop | None, end: Exit | None, limits: Limits, output: str
) -> Verdict | None:
    """Why the job failed, or None when it ended well.

    `told` is the cell's own word, `stop` the host's, `end` the kernel's (None: the sandbox died with the cell in it).
    """
    if isinstance(told, Done):
        return None
    if isinstance(told, Crashed):
        return _crashed(told, limits)
    if stop is not None:
        return Verdict(stop.reason, stop.detail)
    if end is None:
        return Verdict(LOST.reason, LOST.detail)
    return _ended(end, limits, output)


def out_of_time(limits: Limits) -> Stop:
    """The stop for wall time."""
    return Stop(Reason.TIMEOUT, f"The example took longer than the {limits.wall_seconds:g} seconds it may take.")


def too_much_printed(limits: Limits) -> Stop:
    """The stop for printed text."""
    return Stop(Reason.OUTPUT, f"The example printed more than {_size(limits.output_bytes)}.")


TOO_MANY_EVENTS = Stop(Reason.OUTPUT, "The example reported more epochs and evaluations than a job may.")
GARBLED = Stop(Reason.ERROR, "The example wrote into the runner's own channel.")
CLOSED = Stop(Reason.ERROR, "The example ended without a result: it closed the runner's own channel.")
NEVER_STARTED = Stop(
    Reason.LOST, "The sandbox did not start in time. This is no fault of the example; please run it again."
)
LINGERED = Stop(Reason.ERROR, "The example did not end after its result.")
LOST = Stop(Reason.LOST, "The sandbox stopped working. This is no fault of the example; please run it again.")
CANCELLED = Stop(Reason.CANCELLED, "The run was cancelled.")


def _crashed(told: Crashed, limits: Limits) -> Verdict:
    if told.reason is Reason.MEMORY:
        return Verdict(Reason.MEMORY, _memory(limits, told.line), told.line)
    if told.reason is Reason.OUTPUT:
        sentence = (
            f"The example wrote more to its files than it may: {_size(limits.file_bytes)} in one, twice that in all."
        )
        return Verdict(Reason.OUTPUT, sentence, told.line)
    return Verdict(Reason.ERROR, told.detail, told.line, told.hint)


def _ended(end: Exit, limits: Limits, output: str) -> Verdict:
    """A process that ended without a word."""
    if not os.WIFSIGNALED(end.status):
        code = os.waitstatus_to_exitcode(end.status)
        return Verdict(Reason.ERROR, f"The example ended its process without a result (exit status {code}).")
    number = os.WTERMSIG(end.status)
    if number == signal.SIGXCPU or (number == signal.SIGKILL and end.cpu_seconds >= limits.cpu_seconds):
        return Verdict(Reason.TIMEOUT, f"The example used up its {limits.cpu_seconds} seconds of processor time.")
    if number == signal.SIGSYS:
        return Verdict(
            Reason.ERROR, "The example asked the system for something that the sandbox forbids, and was ended."
        )
    starved = number in STARVING and end.peak_bytes >= STARVED * limits.memory_bytes
    if starved or (number == signal.SIGABRT and any(words in output for words in OUT_OF_MEMORY)):
        return Verdict(Reason.MEMORY, _memory(limits, None))
    return Verdict(Reason.ERROR, SIGNALS.get(number, f"The example was ended by signal {number}."))


def _memory(limits: Limits, line: int | None) -> str:
    where = "" if line is None else f" (line {line})"
    return f"The example needed more memory than the {_size(limits.memory_bytes)} it may use{where}."


def _size(count: int) -> str:
    for unit, one in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if count >= one:
            return f"{count / one:.3g} {unit}"
    return f"{count} bytes"
