"""How a job ended, from what the cell, the host and the kernel say."""

from __future__ import annotations

import signal

import pytest

from runner import Limits, Reason
from runner.frames import Crashed, Done
from runner.verdict import CANCELLED, CLOSED, Exit, Stop, judged, out_of_time

LIMITS = Limits(memory_bytes=1_000_000_000, cpu_seconds=10)
MB = 1_000_000


def reason(told: Done | Crashed | None, stop: Stop | None, end: Exit | None, output: str = "") -> Reason | None:
    verdict = judged(told, stop, end, LIMITS, output)
    return verdict and verdict.reason


def test_the_cells_word_comes_first() -> None:
    killed = Exit(signal.SIGKILL, 1, 0)
    assert reason(Done(1), None, Exit(0, 1, 0)) is None
    assert reason(Done(1), out_of_time(LIMITS), killed) is None
    assert reason(Crashed(Reason.OUTPUT, "", None, 1), None, Exit(0, 1, 0)) is Reason.OUTPUT


def test_then_the_hosts_and_then_the_kernels() -> None:
    killed = Exit(signal.SIGKILL, 99, 0)
    assert reason(None, out_of_time(LIMITS), killed) is Reason.TIMEOUT
    assert reason(None, CANCELLED, killed) is Reason.CANCELLED
    assert reason(None, CLOSED, killed) is Reason.ERROR
    assert reason(None, None, None) is Reason.LOST


@pytest.mark.parametrize(
    ("number", "cpu", "peak", "output", "expected"),
    [
        (signal.SIGKILL, 10, 0, "", Reason.TIMEOUT),
        (signal.SIGXCPU, 10, 0, "", Reason.TIMEOUT),
        (signal.SIGKILL, 1, 900 * MB, "", Reason.MEMORY),
        (signal.SIGSEGV, 1, 900 * MB, "", Reason.MEMORY),
        (signal.SIGABRT, 1, 0, "what():  std::bad_alloc", Reason.MEMORY),
        (signal.SIGABRT, 1, 0, "free(): invalid pointer", Reason.ERROR),
        (signal.SIGSEGV, 1, 10 * MB, "", Reason.ERROR),
        (signal.SIGKILL, 1, 10 * MB, "", Reason.ERROR),
        (signal.SIGSYS, 1, 900 * MB, "", Reason.ERROR),
        (64, 1, 0, "", Reason.ERROR),
    ],
)
def test_a_process_that_ended_without_a_word(number: int, cpu: float, peak: int, output: str, expected: Reason) -> None:
    assert reason(None, None, Exit(number, cpu, peak), output) is expected


def test_every_sentence_ends_like_one() -> None:
    for number in range(1, 65):
        verdict = judged(None, None, Exit(number, 1, 0), LIMITS, "")
        assert verdict is not None
        assert verdict.detail.endswith(".")
        assert verdict.detail.startswith("The example")
