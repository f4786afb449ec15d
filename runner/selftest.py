"""Attacks the sandbox with its own probes, and says what protects the host."""

from __future__ import annotations

import os

from .cell import Ended
from .inside.probes import CONTROL, FILE_BYTES, GOT_THROUGH, MEMORY_BYTES, PROBE_SECONDS, PROBES, THREADS
from .inside.wire import Spec
from .interfaces import Safety
from .job import Limits
from .sandbox import Sandbox

PROBE_LIMITS = Limits(memory_bytes=MEMORY_BYTES, file_bytes=FILE_BYTES, threads=THREADS, cpu_seconds=PROBE_SECONDS)
UNTESTED = Safety(
    (),
    ("The self-test is still running: until it is clean, only the course's own examples run.",),
    untrusted=False,
    tested=False,
)
ONLY_OURS = "only the course's own examples run"


async def tested(sandbox: Sandbox, without_bubblewrap: str) -> Safety:
    """Try every probe in a cell of its own. `without_bubblewrap` says why there is none, if there is none."""
    holes = [name for name in PROBES if await _gets_through(sandbox, name) != (name == CONTROL)]
    layers, missing = _layers(sandbox, without_bubblewrap)
    missing += [_line(hole) for hole in holes]
    return Safety(tuple(layers), tuple(missing), not holes)


async def _gets_through(sandbox: Sandbox, probe: str) -> bool:
    """True when the probe was not refused."""
    cell = sandbox.fork(PROBE_LIMITS)
    cell.assign(Spec(probe=probe, cpu_seconds=PROBE_LIMITS.cpu_seconds))
    while not isinstance(item := await cell.items.get(), Ended):
        pass
    for file in item.files:
        os.close(file.descriptor)
    return item.exit is None or os.waitstatus_to_exitcode(item.exit.status) == GOT_THROUGH


def _line(hole: str) -> str:
    if hole == CONTROL:
        return f"A locked process could not run at all, so the self-test proves nothing: {ONLY_OURS}."
    return f"The self-test could {hole} beyond what is allowed: {ONLY_OURS}."


def _layers(sandbox: Sandbox, without_bubblewrap: str) -> tuple[list[str], list[str]]:
    found = sandbox.layers
    wanted = {
        "bubblewrap": (
            sandbox.plan.bubblewrap,
            f"No bubblewrap ({without_bubblewrap}): the files of this machine are hidden by Landlock only.",
        ),
        "namespace": (
            found.namespaces,
            "No namespaces for jobs: disk and threads are shared between them. Allow unprivileged user namespaces.",
        ),
        "landlock": (
            found.landlock > 0,
            "No Landlock: files are hidden by other layers only. It needs Linux 5.13 or newer.",
        ),
        "seccomp": (found.seccomp, "No list of system calls: install libseccomp (Debian: libseccomp2)."),
        "limits": (True, ""),
    }
    layers = [name for name, (there, _) in wanted.items() if there]
    return layers, [line for there, line in wanted.values() if not there]
