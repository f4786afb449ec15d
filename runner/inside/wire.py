"""What the host and a cell say to each other: frames (cell to host) and the spec (host to cell). No TensorFlow here.

A frame is a big-endian length, a kind, and that many bytes of JSON. A spec is the length of its JSON head, the head,
then the bytes of the input files one after the other.
"""

from __future__ import annotations

import json
import os
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from typing import Any

FRAME = struct.Struct(">IB")
FRAME_BYTES = 64 * 1024
"""Longest payload of one frame."""
CHANNEL_BYTES = 1024 * 1024
"""All frames of one job together."""
CLASSES = 100
"""A confusion matrix of more classes would not fit a frame, nor a phone."""

SPEC = struct.Struct(">I")
HEAD_BYTES = 4 * 1024 * 1024


class Kind(IntEnum):
    """What a frame tells."""

    STARTED = 1
    EPOCH = 2
    EVALUATED = 3
    DONE = 4
    FAILED = 5


class BadSpec(ValueError):
    """The bytes are no spec."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the runner's own pictures of a job show."""

    epochs: Sequence[int] = ()
    """Where the values of `series` stand, counted over all fits of the model."""
    series: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Keras' metrics, a value for each of `epochs`; NaN where there was none."""
    trained: Mapping[str, Any] | None = None
    """The last judgement of a trained model, and of an untrained one: at least `accuracy` and `confusion`."""
    untrained: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """What a cell is told once it is locked.

    It gets a script with its files, the pictures of a job that ended early, or (for the self-test) the name of a probe.
    """

    source: str = ""
    name: str = "example.py"
    seed: int | None = None
    makes: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    cpu_seconds: int = 90
    probe: str = ""
    shows_last_value: bool = False
    """Whether the value of a last line that is an expression is shown, as in a notebook."""
    judges_own_model: bool = False
    """Whether an earlier job's `model.keras` is judged on the data on which the script judged an untrained model."""
    drawing: Drawing | None = None
    """Pictures to draw in place of running anything."""


def pack_spec(spec: Spec) -> bytes:
    """The spec as bytes."""
    head = json.dumps(
        {
            "source": spec.source,
            "name": spec.name,
            "seed": spec.seed,
            "makes": spec.makes,
            "files": [[name, len(data)] for name, data in spec.files.items()],
            "cpu_seconds": spec.cpu_seconds,
            "probe": spec.probe,
            "shows_last_value": spec.shows_last_value,
            "judges_own_model": spec.judges_own_model,
            "drawing": None if spec.drawing is None else asdict(spec.drawing),
        }
    ).encode()
    return b"".join((SPEC.pack(len(head)), head, *spec.files.values()))


def unpack_spec(data: bytes) -> Spec:
    """The spec from all of its bytes. Raises BadSpec."""
    if len(data) < SPEC.size:
        raise BadSpec("no head")
    (length,) = SPEC.unpack_from(data)
    if length > HEAD_BYTES or SPEC.size + length > len(data):
        raise BadSpec("the head is longer than what came")
    try:
        head = json.loads(data[SPEC.size : SPEC.size + length])
        files, at = {}, SPEC.size + length
        for name, size in head.pop("files"):
            if not isinstance(name, str) or not isinstance(size, int) or not 0 <= size <= len(data) - at:
                raise BadSpec("a file is not what the head says")
            files[name] = data[at : at + size]
            at += size
        if at != len(data):
            raise BadSpec("bytes are left over")
        head["makes"] = tuple(head["makes"])
        drawing = head.pop("drawing")
        return Spec(files=files, drawing=None if drawing is None else Drawing(**drawing), **head)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise BadSpec(str(error)) from error


class Channel:
    """The cell's end of the event pipe. Safe to use from several threads of the script."""

    def __init__(self, write: Callable[[bytes], Any]) -> None:
        self._write = write
        self._lock = threading.Lock()

    @classmethod
    def to_descriptor(cls, descriptor: int) -> Channel:
        """A channel that writes whole frames to a blocking descriptor."""

        def write(data: bytes) -> None:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]

        return cls(write)

    def send(self, kind: Kind, payload: Mapping[str, object]) -> None:
        """Send one frame. Floats in `payload` must be finite."""
        body = json.dumps(payload, allow_nan=False).encode()
        with self._lock:
            self._write(FRAME.pack(len(body), kind) + body)
