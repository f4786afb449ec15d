"""The zygote: imports everything once, stays single-threaded, and forks a cell for each job.

It talks JSON with the host over a SEQPACKET socket, its standard input:

    host:   {"op": "setup", "look": [...], "work": [...], "namespaces": true, "datasets": path}
    zygote: {"op": "ready", "namespaces": true, "landlock": 7, "seccomp": true}
    host:   {"op": "fork", "cell": n, "warm": false, "work": k, "bounds": {...}}  + descriptors: events, output, spec
    host:   {"op": "job", "cell": n, "script": name, "brings": [...], "makes": [...]}
    host:   {"op": "kill", "cell": n}
    zygote: {"op": "exit", "cell": n, "status": s, "cpu": seconds, "peak": bytes, "files": [[kind, name], ...],
             "omitted": [[name, code], ...]} + the files' descriptors

The spec goes straight to the cell: nothing of one learner's code is ever in the process that forks the next.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import artifacts, landlock, lockdown, namespace, sweep
from .lockdown import Bounds, Lockdown

NOBODY = 65534
MESSAGE_BYTES = 64 * 1024
DESCRIPTORS = 3


def main() -> None:
    """Run until the host closes the socket."""
    lockdown.die_with_parent()
    _stand_back()
    host = _take_socket()
    setup = json.loads(host.recv(MESSAGE_BYTES))
    become_nobody(setup["look"])
    _import_everything()
    proc = namespace.false_proc(Path(os.environ["TMPDIR"]))
    locks = lockdown.prepared((*setup["look"], os.environ["MPLCONFIGDIR"]))
    lockdown.dumpable(False)
    data = Path(setup["datasets"]) if setup["datasets"] else None
    Zygote(host, locks, setup["work"], proc if setup["namespaces"] else None, data).serve()


def _stand_back() -> None:
    """Let the host go first: jobs use every processor, and a chat has to answer meanwhile.

    The kernel shares processors between sessions before it looks at single processes (sched(7), autogroup). Where it
    does not, there is no such file, and cells are nice on their own.
    """
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(lockdown.NICE))


def become_nobody(look: list[str]) -> None:
    """Never root for the child side: unless Python itself lies in a folder that is closed to others."""
    if os.getuid() == 0 and all(_open_to_all(Path(path)) for path in look):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        lockdown.die_with_parent()  # a change of user clears it


def _open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents if folder.exists())


def _take_socket() -> socket.socket:
    descriptor = os.dup(0)
    nothing = os.open("/dev/null", os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return socket.socket(fileno=descriptor)


def _import_everything() -> None:
    from . import cell, speed  # noqa: F401 - only now: the privileges went before the large imports came

    speed.import_ahead()
    speed.settle()


@dataclass(slots=True)
class Inmate:
    """A cell as the zygote knows it."""

    number: int
    folder: str
    file_bytes: int
    hand: socket.socket | None
    """Where it puts the descriptor of its own folder."""
    script: str = ""
    """Name of the script, then of its input files and of those wanted back."""
    brings: list[str] = field(default_factory=list)
    makes: list[str] = field(default_factory=list)
    pid: int = -1
    pidfd: int = -1
    report: dict[str, Any] | None = None
    """How it ended; None while it lives."""
    left: artifacts.Left = field(default_factory=artifacts.Left)


class Zygote:
    """Forks cells, ends them, and reports how they ended."""

    def __init__(
        self, host: socket.socket, locks: Lockdown, work: list[str], proc: Path | None, data: Path | None
    ) -> None:
        """`work` is a folder for each cell that lives at the same time, `proc` the false /proc for namespaces.

        `data` is a folder of Keras' data sets.
        """
        self._host = host
        self._locks = locks
        self._work = work
        self._data = data
        self._proc = proc if proc is not None and self._has_namespaces(proc) else None
        self._cells: dict[int, Inmate] = {}
        self._poll = select.poll()
        self._poll.register(host, select.POLLIN)

    def serve(self) -> None:
        """Answer the host until it is gone."""
        self._send(
            {
                "op": "ready",
                "namespaces": self._proc is not None,
                "landlock": landlock.abi(),
                "seccomp": self._locks.filter is not None,
            }
        )
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor != self._host.fileno():
                    self._process_ended(next(one for one in self._cells.values() if one.pidfd == descriptor))
                elif not self._answer():
                    return

    def _answer(self) -> bool:
        """Do what one message asks. False when the host is gone."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self._host, MESSAGE_BYTES, DESCRIPTORS, socket.MSG_CMSG_CLOEXEC)
        except ConnectionError:
            return False
        if not data:
            return False
        message = json.loads(data)
        inmate = self._cells.get(message["cell"])
        if message["op"] == "fork":
            self._fork(message, descriptors)
        elif message["op"] == "job" and inmate:
            inmate.script, inmate.brings, inmate.makes = message["script"], message["brings"], message["makes"]
        elif message["op"] == "kill" and inmate and inmate.report is None:
            signal.pidfd_send_signal(inmate.pidfd, signal.SIGKILL)
        return True

    def _fork(self, message: dict[str, Any], descriptors: list[int]) -> None:
        from . import cell

        bounds = Bounds(**message["bounds"])
        folder = self._work[message["work"]]
        place = cell.Place(folder, self._proc, self._data)
        mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) if self._proc else (None, None)
        _assert_single_threaded()
        pid = os.fork()
        if pid == 0:
            _be_a_cell(place, self._locks, bounds, message["warm"], cell.Pipes(*descriptors), its)
        for descriptor in descriptors:
            os.close(descriptor)
        if its is not None and mine is not None:
            its.close()
            mine.setblocking(False)
        inmate = Inmate(message["cell"], folder, bounds.file, mine)
        self._cells[inmate.number] = inmate
        self._watch(inmate, pid)

    def _process_ended(self, inmate: Inmate) -> None:
        """A cell died, or the sweeper that empties its folder."""
        self._poll.unregister(inmate.pidfd)
        os.close(inmate.pidfd)
        _, status, usage = os.wait4(inmate.pid, 0)
        if inmate.report is None:
            inmate.left = self._left_behind(inmate)
            inmate.report = {
                "op": "exit",
                "cell": inmate.number,
                "status": status,
                "cpu": usage.ru_utime + usage.ru_stime,
                "peak": max(usage.ru_maxrss * 1024 - self._locks.resident, 0),
                "files": [[one.kind, one.name] for one in inmate.left.files],
                "omitted": inmate.left.omitted,
            }
            if self._proc is None:  # with a namespace of its own, the folder is gone already
                self._watch(inmate, _sweeper(inmate.folder))
                return
        del self._cells[inmate.number]
        self._send(inmate.report, [one.descriptor for one in inmate.left.files])
        for one in inmate.left.files:
            os.close(one.descriptor)

    def _watch(self, inmate: Inmate, pid: int) -> None:
        inmate.pid, inmate.pidfd = pid, os.pidfd_open(pid)
        self._poll.register(inmate.pidfd, select.POLLIN)

    def _left_behind(self, inmate: Inmate) -> artifacts.Left:
        folder = None
        try:
            if inmate.hand is None:
                folder = os.open(inmate.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            else:
                _, (folder, *_), _, _ = socket.recv_fds(inmate.hand, 1, 1, socket.MSG_CMSG_CLOEXEC)
            return artifacts.left(folder, inmate.makes, inmate.file_bytes, inmate.script, inmate.brings)
        except (OSError, ValueError):
            return artifacts.Left()  # it ended before it had a folder
        finally:
            if folder is not None:
                os.close(folder)
            if inmate.hand is not None:
                inmate.hand.close()

    def _has_namespaces(self, proc: Path) -> bool:
        """Try in a child whether this machine lets a cell have namespaces of its own."""
        pid = os.fork()
        if pid == 0:
            with suppress(BaseException):
                namespace.enter(self._work[0], proc, file_bytes=1)
                os._exit(0)
            os._exit(1)
        return os.waitpid(pid, 0)[1] == 0

    def _send(self, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
        with suppress(ConnectionError):
            socket.send_fds(self._host, [json.dumps(message, ensure_ascii=False).encode()], descriptors or [])


def _be_a_cell(*arguments: Any) -> None:
    from . import cell

    status = 1
    try:
        cell.live(*arguments)
        status = 0
    except BaseException as error:
        with suppress(BaseException):
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def _sweeper(folder: str) -> int:
    """A process that empties the folder: however much is in there, nobody else waits for it."""
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException):
            sweep.empty(folder)
        os._exit(0)
    return pid


def _assert_single_threaded() -> None:
    """A thread would hold locks that its copy in the child never releases."""
    deadline = time.monotonic() + 1.0
    while (count := len(os.listdir("/proc/self/task"))) != 1:
        assert time.monotonic() < deadline, f"{count} threads in the zygote"
