"""How a cell locks itself in: limits, then Landlock, then the list of system calls.

What is given up never comes back.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from dataclasses import dataclass

from . import landlock, seccomp

DEVICES = ("/dev/null", "/dev/urandom", "/dev/random")
OWN_PROC = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat")
"""What a cell may see of /proc: a rule for /proc/self holds for this process only."""
NICE = 10
"""How far a job stands back behind everything else on the machine (0 to 19)."""
THREAD_ROOM = 1_000_000_000
"""Address space beyond `memory`: stacks and arenas are reserved long before they are used."""

_SET_DUMPABLE, _SET_NO_NEW_PRIVS, _SET_PDEATHSIG = 4, 38, 1
_CAPABILITY_VERSION = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one process may use. Bytes and seconds."""

    memory: int
    cpu: int
    file: int
    threads: int


@dataclass(frozen=True, slots=True)
class Lockdown:
    """What the zygote prepares once, so that a cell only has to apply it."""

    look: tuple[str, ...]
    """Folders and files that a cell may read."""
    filter: seccomp.Filter | None
    """None where libseccomp is missing."""
    landlock: bool
    data: int
    """Private memory of the zygote, in bytes: a cell's own memory is counted from there."""
    space: int
    """Address space of the zygote, in bytes."""
    resident: int
    """Memory that a cell is born with, in bytes."""

    def apply(self, bounds: Bounds, work: str) -> None:
        """Lock the calling, single-threaded process: only `work` can be written. Raises OSError."""
        _prctl(_SET_NO_NEW_PRIVS, 1)
        dumpable(False)
        drop_capabilities()
        self._limit(bounds)
        if self.landlock:
            rules = landlock.ruleset((*self.look, *OWN_PROC), (work,), DEVICES)
            landlock.restrict(rules)
            os.close(rules)
        if self.filter is not None:
            self.filter.load(os.getpid())

    def _limit(self, bounds: Bounds) -> None:
        memory = bounds.memory + self.data
        for what, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_MEMLOCK, 0),
            (resource.RLIMIT_MSGQUEUE, 0),
            (resource.RLIMIT_SIGPENDING, 64),
            (resource.RLIMIT_DATA, memory),
            (resource.RLIMIT_AS, self.space + bounds.memory + THREAD_ROOM),
            (resource.RLIMIT_FSIZE, bounds.file),
            (resource.RLIMIT_NOFILE, 128),
            (resource.RLIMIT_NPROC, bounds.threads),
        ):
            lower(what, most)
        lower(resource.RLIMIT_CPU, bounds.cpu, bounds.cpu + 1)


def prepared(look: tuple[str, ...]) -> Lockdown:
    """The lockdown of this process' children. Call it when everything is imported: it notes the memory in use."""
    try:
        calls: seccomp.Filter | None = seccomp.compiled()
    except OSError:
        calls = None
    sizes = memory_sizes()
    return Lockdown(look, calls, landlock.abi() > 0, sizes["VmData"], sizes["VmSize"], sizes["RssAnon"])


def memory_sizes() -> dict[str, int]:
    """The sizes in /proc/self/status, in bytes."""
    with open("/proc/self/status") as status:
        rows = (line.split() for line in status if line.startswith(("Vm", "Rss")))
        return {row[0].rstrip(":"): int(row[1]) * 1024 for row in rows}


def lower(what: int, soft: int, hard: int | None = None) -> None:
    """Lower one resource limit; a limit that is lower already stays."""
    most = resource.getrlimit(what)[1]
    hard = soft if hard is None else hard
    if most != resource.RLIM_INFINITY:
        hard = min(hard, most)
    resource.setrlimit(what, (min(soft, hard), hard))


def dumpable(yes: bool) -> None:
    """Whether other processes of the same user may look into this one."""
    _prctl(_SET_DUMPABLE, int(yes))


def die_with_parent() -> None:
    """End this process when the thread that started it ends."""
    _prctl(_SET_PDEATHSIG, 9)


def drop_capabilities() -> None:
    """Give up every capability of the calling thread. Raises OSError."""
    header = struct.pack("<Ii", _CAPABILITY_VERSION, 0)
    if _libc.capset(header, bytes(24)):
        raise OSError(ctypes.get_errno(), "capset")


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl {option}")
