"""Reads what a cell tells. Nothing in it is believed before it is checked: code in the sandbox can write here, too."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias, TypeVar

from .events import Classification, EpochEnded, Evaluated, Hint, HintCode, Origin, Reason, Started
from .inside.wire import CHANNEL_BYTES, CLASSES, FRAME, FRAME_BYTES, Kind
from .transcript import clean

Read = TypeVar("Read")

MOST_METRICS = 64
NAME_CHARS = 100
DETAIL_CHARS = 10_000
HINT_CHARS = 200
MOST_THERE = 20
COUNT = 2**53
"""Largest whole number that every JSON reader keeps exact."""


class BadFrame(ValueError):
    """The bytes are no frame of ours."""


class TooManyFrames(ValueError):
    """More than a job may send."""


@dataclass(frozen=True, slots=True)
class Done:
    """The cell says that the script ended well."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Crashed:
    """The cell says how the script ended."""

    reason: Reason
    detail: str
    line: int | None
    seconds: float
    hint: Hint | None = None


Told: TypeAlias = Started | EpochEnded | Evaluated | Done | Crashed


class FrameReader:
    """Turns the bytes of one event pipe into what they tell. Never holds more than one frame."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._total = 0

    def feed(self, data: bytes) -> Iterator[Told]:
        """Yield what has become complete. Raises BadFrame or TooManyFrames; the reader is of no use afterwards."""
        self._total += len(data)
        if self._total > CHANNEL_BYTES:
            raise TooManyFrames
        self._buffer += data
        while len(self._buffer) >= FRAME.size:
            length, kind = FRAME.unpack_from(self._buffer)
            if length > FRAME_BYTES:
                raise BadFrame("too long")
            end = FRAME.size + length
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[FRAME.size : end])
            del self._buffer[:end]
            yield parsed(kind, body)


def parsed(kind: int, body: bytes) -> Told:
    """What one frame tells. Raises BadFrame."""
    try:
        read = READERS[Kind(kind)]
        fields = json.loads(body, parse_constant=_refuse)
        if not isinstance(fields, dict):
            raise BadFrame("not an object")
        return read(fields)
    except (KeyError, ValueError, TypeError, OverflowError, RecursionError) as error:
        if isinstance(error, BadFrame):
            raise
        raise BadFrame(str(error)[:200]) from None


def _started(fields: dict[str, Any]) -> Started:
    return Started(warm=_flag(fields["warm"]))


def _epoch(fields: dict[str, Any]) -> EpochEnded:
    epochs = _count(fields["epochs"], least=1)
    return EpochEnded(
        epoch=_count(fields["epoch"], least=1, most=epochs),
        epochs=epochs,
        metrics=_metrics(fields["metrics"]),
        seconds=_number(fields["seconds"]),
        diverged=_names(fields["diverged"]),
        fit=_place(fields.get("fit", 1)),
        model=_place(fields.get("model", 1)),
        classifier=_maybe(_flag, fields.get("classifier")),
    )


def _evaluated(fields: dict[str, Any]) -> Evaluated:
    return Evaluated(
        metrics=_metrics(fields["metrics"]),
        examples=_maybe(_count, fields["examples"]),
        trained=_flag(fields["trained"]),
        classification=_maybe(_classification, fields["classification"]),
        diverged=_names(fields["diverged"]),
        fit=_maybe(_place, fields.get("fit")),
        model=_place(fields.get("model", 1)),
        data=Origin(fields.get("data", Origin.UNKNOWN)),
    )


def _classification(fields: dict[str, Any]) -> Classification:
    rows = fields["confusion"]
    if not isinstance(rows, list) or len(rows) > CLASSES or any(len(row) != len(rows) for row in rows):
        raise BadFrame("the confusion matrix is not square")
    return Classification(
        accuracy=_share(fields["accuracy"]),
        precision=_share(fields["precision"]),
        recall=_share(fields["recall"]),
        f1=_share(fields["f1"]),
        confusion=tuple(tuple(_count(value) for value in row) for row in rows),
    )


def _done(fields: dict[str, Any]) -> Done:
    return Done(_number(fields["seconds"]))


def _crashed(fields: dict[str, Any]) -> Crashed:
    reason = Reason(fields["reason"])
    if reason not in (Reason.ERROR, Reason.MEMORY, Reason.OUTPUT):
        raise BadFrame("a cell cannot know that")
    detail = fields["detail"]
    if not isinstance(detail, str):
        raise BadFrame("detail is no text")
    line = fields["line"]
    hint = fields.get("hint")
    return Crashed(
        reason,
        clean(detail[:DETAIL_CHARS]),
        None if line is None else _count(line, least=1),
        _number(fields["seconds"]),
        None if hint is None else _hint(hint),
    )


def _hint(fields: dict[str, Any]) -> Hint:
    there = fields["there"]
    if not isinstance(there, list) or len(there) > MOST_THERE:
        raise BadFrame("not a list of what is there")
    return Hint(
        HintCode(fields["code"]),
        _text(fields["name"]),
        _text(fields["part"]),
        _text(fields["nearest"]),
        tuple(_text(one) for one in there),
        _count(fields["more"]),
    )


READERS: dict[Kind, Callable[[dict[str, Any]], Told]] = {
    Kind.STARTED: _started,
    Kind.EPOCH: _epoch,
    Kind.EVALUATED: _evaluated,
    Kind.DONE: _done,
    Kind.FAILED: _crashed,
}


def _refuse(constant: str) -> NoReturn:
    raise BadFrame(f"{constant} is no number")


def _number(value: object) -> float:
    """A finite number: `1e999` is valid JSON and reads as infinity."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadFrame("not a number")
    number = float(value)
    if not math.isfinite(number):
        raise BadFrame("not finite")
    return number


def _share(value: object) -> float:
    number = _number(value)
    if not 0 <= number <= 1:
        raise BadFrame("not between 0 and 1")
    return number


def _count(value: object, least: int = 0, most: int = COUNT) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadFrame("not a count")
    return value


def _place(value: object) -> int:
    """Which one of several, from 1."""
    return _count(value, least=1)


def _maybe(read: Callable[[Any], Read], value: object) -> Read | None:
    return None if value is None else read(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise BadFrame("neither true nor false")
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= NAME_CHARS or not value.isprintable():
        raise BadFrame("not a name")
    return value


def _text(value: object) -> str:
    """Anything that a script may have called a file or a module, on one line."""
    if not isinstance(value, str):
        raise BadFrame("not a text")
    return " ".join(clean(value[:HINT_CHARS]).split())


def _names(values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or len(values) > MOST_METRICS:
        raise BadFrame("not a list of names")
    return tuple(_name(value) for value in values)


def _metrics(values: object) -> dict[str, float]:
    if not isinstance(values, dict) or len(values) > MOST_METRICS:
        raise BadFrame("not metrics")
    return {_name(name): _number(value) for name, value in values.items()}
