"""One sandbox: a zygote behind its walls, and the cells it forks, seen from the host. Never blocks the event loop."""

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
from typing import Any, NamedTuple, TypeAlias

from .bubblewrap import Plan
from .frames import BadFrame, Crashed, Done, FrameReader, Told, TooManyFrames
from .inside.wire import Spec, pack_spec
from .job import Limits, Omitted, RunnerError, Unshown
from .transcript import Transcript
from .verdict import CLOSED, GARBLED, TOO_MANY_EVENTS, Exit, Stop, too_much_printed

READY_SECONDS = 120.0
CLOSED_SECONDS = 0.2
"""Between the end of a cell's events and the end of its process."""
MESSAGE_BYTES = 64 * 1024
MOST_FILES = 40
PIPE_BYTES = 64 * 1024


class SandboxFailed(RunnerError):
    """The sandbox could not be started; the message says why."""


class File(NamedTuple):
    """A file that a cell left behind."""

    kind: str
    """`drawn`, `picture` or `made`."""
    name: str
    descriptor: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A cell's process is over. Whoever takes this closes the files' descriptors."""

    exit: Exit | None
    """None when the sandbox died with the cell in it."""
    files: tuple[File, ...] = ()
    omitted: tuple[Omitted, ...] = ()


Item: TypeAlias = Told | str | Ended
"""What comes out of a cell: what it tells, text it printed, and last that it ended."""


@dataclass(frozen=True, slots=True)
class Layers:
    """What the zygote found it can do."""

    namespaces: bool
    landlock: int
    seccomp: bool


class Cell:
    """The host's end of one locked process."""

    def __init__(self, sandbox: Sandbox, number: int, work: int, limits: Limits, warm: bool) -> None:
        self.number = number
        self.work = work
        self.limits = limits
        self.warm = warm
        self.items: asyncio.Queue[Item] = asyncio.Queue()
        self.transcript = Transcript()
        self.stopped: Stop | None = None
        """Why the host ended it, if it did."""
        self.over = False
        self._sandbox = sandbox
        self._loop = asyncio.get_running_loop()
        self._reader = FrameReader()
        self._told = False
        self._rest = memoryview(b"")
        self._events, self._output, self._spec = -1, -1, -1

    def open(self) -> tuple[int, int, int]:
        """Make the three pipes; the cell's ends, which the caller passes on and closes."""
        (self._events, events), (self._output, output) = os.pipe2(os.O_CLOEXEC), os.pipe2(os.O_CLOEXEC)
        spec, self._spec = os.pipe2(os.O_CLOEXEC)
        for descriptor in (self._events, self._output, self._spec):
            os.set_blocking(descriptor, False)
        self._loop.add_reader(self._events, self._read_events)
        self._loop.add_reader(self._output, self._read_output)
        return events, output, spec

    def assign(self, spec: Spec) -> None:
        """Give the cell its job."""
        names = {"script": spec.name, "brings": list(spec.files), "makes": list(spec.makes)}
        self._sandbox.send({"op": "job", "cell": self.number, **names})
        self._rest = memoryview(pack_spec(spec))
        if self._spec >= 0:
            self._loop.add_writer(self._spec, self._write_spec)

    def stop(self, why: Stop) -> None:
        """End the process; the first reason counts. `Ended` follows."""
        if self.over or self.stopped is not None:
            return
        self.stopped = why
        self._sandbox.send({"op": "kill", "cell": self.number})

    def finish(self, end: Exit | None, files: tuple[File, ...] = (), omitted: tuple[Omitted, ...] = ()) -> None:
        """The process is over: take what is left in its pipes and close them."""
        for read in (self._read_events, self._read_output):
            while read():
                pass
        self.over = True
        self._close_spec()
        self._end_output()
        self._close(self._events)
        self._events = -1
        self.items.put_nowait(Ended(end, files, omitted))

    def _write_spec(self) -> None:
        try:
            self._rest = self._rest[os.write(self._spec, self._rest[:PIPE_BYTES]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._rest = memoryview(b"")
        if not self._rest:
            self._close_spec()

    def _close_spec(self) -> None:
        if self._spec >= 0:
            self._loop.remove_writer(self._spec)
            os.close(self._spec)
            self._spec = -1

    def _read_events(self) -> bool:
        """Read once. False when there is nothing to read."""
        data = self._read(self._events)
        if data is None:
            return False
        try:
            for told in self._reader.feed(data if self.stopped is None else b""):
                self._told = self._told or isinstance(told, Done | Crashed)
                self.items.put_nowait(told)
        except BadFrame:
            return self._deafen(GARBLED)
        except TooManyFrames:
            return self._deafen(TOO_MANY_EVENTS)
        return bool(data) or self._deafen(None if self._told or self.over else CLOSED)

    def _deafen(self, why: Stop | None) -> bool:
        """Read no more events. After an end of file the process has a moment to end by itself."""
        self._close(self._events)
        self._events = -1
        if why is CLOSED:
            self._loop.call_later(CLOSED_SECONDS, self.stop, why)
        elif why is not None:
            self.stop(why)
        return False

    def _read_output(self) -> bool:
        data = self._read(self._output)
        if data is None:
            return False
        if not data:
            self._end_output()
            return False
        self._print(self.transcript.feed(data))
        if self.transcript.received > self.limits.output_bytes:
            self.stop(too_much_printed(self.limits))
            self._end_output()
            return False
        return True

    def _end_output(self) -> None:
        if self._output >= 0:
            self._print(self.transcript.feed(b"", last=True))
            self._close(self._output)
            self._output = -1

    def _print(self, text: str) -> None:
        if text:
            self.items.put_nowait(text)

    def _read(self, descriptor: int) -> bytes | None:
        """Some bytes, none at the end of the file, or None when there is nothing to read now."""
        if descriptor < 0:
            return None
        try:
            return os.read(descriptor, PIPE_BYTES)
        except BlockingIOError:
            return None

    def _close(self, descriptor: int) -> None:
        if descriptor >= 0:
            self._loop.remove_reader(descriptor)
            os.close(descriptor)


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
        cell = Cell(self, self.forked, work, limits, warm)
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
