"""The host's end of one cell: a locked process that runs one job. Reads its pipes; never blocks the event loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from .events import Omitted
from .frames import BadFrame, Crashed, Done, FrameReader, Told, TooManyFrames
from .inside.wire import Spec, pack_spec
from .job import Limits
from .transcript import Transcript
from .verdict import CLOSED, GARBLED, TOO_MANY_EVENTS, Exit, Stop, too_much_printed

CLOSED_SECONDS = 0.2
"""Between the end of a cell's events and the end of its process."""
PIPE_BYTES = 64 * 1024


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
Send: TypeAlias = Callable[[dict[str, Any]], None]


class Cell:
    """The host's end of one locked process."""

    def __init__(self, send: Send, number: int, work: int, limits: Limits, warm: bool) -> None:
        """`send` tells the zygote something; `work` is the number of the cell's working folder."""
        self.number = number
        self.work = work
        self.limits = limits
        self.warm = warm
        self.items: asyncio.Queue[Item] = asyncio.Queue()
        self.transcript = Transcript()
        self.stopped: Stop | None = None
        """Why the host ended it, if it did."""
        self.over = False
        self._send = send
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
        self._send({"op": "job", "cell": self.number, **names})
        self._rest = memoryview(pack_spec(spec))
        if self._spec >= 0:
            self._loop.add_writer(self._spec, self._write_spec)

    def stop(self, why: Stop) -> None:
        """End the process; the first reason counts. `Ended` follows."""
        if self.over or self.stopped is not None:
            return
        self.stopped = why
        self._send({"op": "kill", "cell": self.number})

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
