"""One sandbox seen from the host: a zygote behind its walls, which forks cells. Never blocks the event loop."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from .bubblewrap import Plan
from .cell import Cell, File
from .events import Omitted, Unshown
from .job import Limits, RunnerError
from .verdict import Exit

READY_SECONDS = 120.0
MESSAGE_BYTES = 64 * 1024
MOST_FILES = 40


class SandboxFailed(RunnerError):
    """The sandbox could not be started; the message says why."""


@dataclass(frozen=True, slots=True)
class Layers:
    """What the zygote found it can do."""

    namespaces: bool
    landlock: int
    seccomp: bool


class Sandbox:
    """A running zygote. `start` it once, `fork` cells, `close` it."""

    def __init__(
        self, plan: Plan, launcher: Executor, gone: Callable[[Sandbox], None], cell_ended: Callable[[], None]
    ) -> None:
        """`launcher` has one thread that outlives the sandbox: bubblewrap dies with the thread that started it.

        `gone` is called when the zygote ends before it was closed, `cell_ended` whenever one of its cells has ended.
        """
        self.plan = plan
        self.layers = Layers(False, 0, False)
        self.forked = 0
        self._launcher = launcher
        self._gone = gone
        self._cell_ended = cell_ended
        self._cells: dict[int, Cell] = {}
        self._free = set(range(len(plan.work)))
        self._launched: asyncio.Future[subprocess.Popen[bytes]] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._errors = -1
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def idle(self) -> bool:
        """True when no cell is alive."""
        return not self._cells

    @property
    def room(self) -> int:
        """How many more cells can live now."""
        return len(self._free)

    async def start(self) -> None:
        """Launch the zygote and wait until it has imported everything. Raises SandboxFailed."""
        loop = asyncio.get_running_loop()
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        self._errors = os.memfd_create("zygote-errors")
        self._socket = ours
        try:
            self._launched = loop.run_in_executor(self._launcher, self._launch, its)
            self._process = await asyncio.shield(self._launched)
            loop.add_reader(ours, self._receive)
            self.send(
                {
                    "op": "setup",
                    "look": self.plan.look,
                    "work": self.plan.work,
                    "namespaces": self.plan.namespaces,
                    "datasets": self.plan.datasets,
                }
            )
            await asyncio.wait_for(self._ready, READY_SECONDS)
        except (OSError, TimeoutError) as error:
            await self.close()
            raise SandboxFailed(str(error) or "it did not become ready in time") from error
        except BaseException:
            await self.close()
            raise

    def fork(self, limits: Limits, warm: bool = False) -> Cell:
        """A new cell, locked before it learns what to do. Raises SandboxFailed when the sandbox was closed."""
        if self._socket is None:
            raise SandboxFailed("it is closed")
        work = min(self._free)
        self._free.remove(work)
        self.forked += 1
        cell = Cell(self.send, self.forked, work, limits, warm)
        descriptors = cell.open()
        self._cells[cell.number] = cell
        bounds = {
            "memory": limits.memory_bytes,
            "cpu": limits.cpu_seconds,
            "file": limits.file_bytes,
            "threads": limits.threads,
        }
        self.send({"op": "fork", "cell": cell.number, "warm": warm, "work": work, "bounds": bounds}, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        return cell

    def send(self, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        """Tell the zygote something; when it is gone, nobody listens."""
        if self._socket is None:
            return
        try:
            socket.send_fds(self._socket, [json.dumps(message).encode()], descriptors)
        except (BlockingIOError, ConnectionError):
            self._kill()  # it has stopped listening: its end is noticed on the socket

    async def close(self) -> None:
        """End the zygote with all of its cells, and wait until they are gone."""
        self._disconnect()
        if self._launched is not None and self._process is None:  # closed while it was launched: it must not be left
            with suppress(OSError):
                self._process = await self._launched
        self._kill()
        process, self._process, self._launched = self._process, None, None
        if process is not None:
            await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, process.wait))
        if self._errors >= 0:
            os.close(self._errors)
            self._errors = -1
        self._lose_cells()

    def _launch(self, its: socket.socket) -> subprocess.Popen[bytes]:
        with its:
            return subprocess.Popen(  # noqa: S603 - the command is our own
                self.plan.command,
                stdin=its.fileno(),
                stdout=self._errors,
                stderr=self._errors,
                env=self.plan.environment,
            )

    def _receive(self) -> None:
        assert self._socket is not None
        try:
            data, descriptors, _, _ = socket.recv_fds(self._socket, MESSAGE_BYTES, MOST_FILES, socket.MSG_CMSG_CLOEXEC)
        except BlockingIOError:
            return
        except ConnectionError:
            data, descriptors = b"", []
        if not data:
            self._end()
            return
        message = json.loads(data)
        if message["op"] == "ready":
            self.layers = Layers(message["namespaces"], message["landlock"], message["seccomp"])
            self._ready.set_result(None)
        elif message["op"] == "exit":
            cell = self._cells.pop(message["cell"])
            self._free.add(cell.work)
            files = tuple(File(kind, name, fd) for (kind, name), fd in zip(message["files"], descriptors, strict=True))
            omitted = tuple(Omitted(name, Unshown(why)) for name, why in message["omitted"])
            cell.finish(Exit(message["status"], message["cpu"], message["peak"]), files, omitted)
            self._cell_ended()

    def _end(self) -> None:
        """The zygote is gone, unasked."""
        self._disconnect()
        if not self._ready.done():
            self._ready.set_exception(OSError(self._last_error()))
            return
        self._lose_cells()
        self._gone(self)

    def _last_error(self) -> str:
        lines = os.pread(self._errors, 1 << 16, 0).decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word"

    def _disconnect(self) -> None:
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = None

    def _lose_cells(self) -> None:
        while self._cells:
            self._cells.popitem()[1].finish(None)

    def _kill(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
