"""The self-test's attacks, one a locked cell.

A probe that is refused returns, raises or is killed; one that gets through says so.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable

GOT_THROUGH = 77
"""Exit status of a cell whose attack was not refused."""
FILE_BYTES = 32_000_000
MEMORY_BYTES = 64_000_000
THREADS = 20
PROBE_SECONDS = 2
"""The limits that the host sets for probes: small, so that they are reached at once."""


def run(name: str) -> None:
    """Try one attack; the process ends with GOT_THROUGH if it worked."""
    PROBES[name]()
    os._exit(GOT_THROUGH)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _execute() -> None:
    os.execv(sys.executable, [sys.executable, "-c", f"import os; os._exit({GOT_THROUGH})"])  # noqa: S606


def _socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def _local_socket() -> None:
    socket.socketpair()


def _list_root() -> None:
    os.listdir("/")


def _look_at_parent() -> None:
    with open(f"/proc/{os.getppid()}/cmdline", "rb") as other:
        other.read()


def _foreign_write() -> None:
    for folder in ("/tmp", "/var/tmp", "/dev/shm"):  # noqa: S108
        try:
            with open(f"{folder}/probe-{os.getpid()}", "w") as target:
                target.write("x")
        except OSError:
            continue
        os.unlink(target.name)
        return
    raise PermissionError


def _kill_parent() -> None:
    os.kill(os.getppid(), 0)


def _trace() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, os.getppid(), 0, 0):  # PTRACE_ATTACH
        raise PermissionError


def _memory() -> None:
    kept = bytearray(2 * MEMORY_BYTES)
    kept[:: resource.getpagesize()] = b"x" * len(kept[:: resource.getpagesize()])


def _shared_memory() -> None:
    import mmap

    mmap.mmap(-1, 2 * MEMORY_BYTES)


def _one_file() -> None:
    _fill("large", FILE_BYTES + 1_000_000)


def _many_files() -> None:
    for number in range(3):
        _fill(f"part-{number}", FILE_BYTES)


def _fill(name: str, size: int) -> None:
    """Write a file piece by piece; a piece that is cut short is refused with the next."""
    piece = bytes(1_000_000)
    with open(name, "wb", buffering=0) as target:
        for _ in range(size // len(piece)):
            target.write(piece)


def _empty_files() -> None:
    for number in range(3000):
        open(f"empty-{number}", "w").close()


def _threads() -> None:
    threading.stack_size(64 * 1024)
    go = threading.Event()
    try:
        for _ in range(3 * THREADS):
            threading.Thread(target=go.wait, daemon=True).start()
    finally:
        go.set()


def _processor_time() -> None:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while time.process_time() < 20:
        pass


def _nothing() -> None:
    """The control: a cell that cannot even do this proves nothing by failing at the rest."""


CONTROL = "do nothing"
PROBES: dict[str, Callable[[], None]] = {
    CONTROL: _nothing,
    "start a process": _fork,
    "execute a program": _execute,
    "open a network socket": _socket,
    "open a local socket": _local_socket,
    "list the machine's files": _list_root,
    "look at another process": _look_at_parent,
    "write a foreign file": _foreign_write,
    "signal the parent": _kill_parent,
    "trace the parent": _trace,
    "exceed its memory": _memory,
    "share memory": _shared_memory,
    "write one large file": _one_file,
    "write many files": _many_files,
    "write countless empty files": _empty_files,
    "start many threads": _threads,
    "exceed its processor time": _processor_time,
}
