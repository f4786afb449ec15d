"""Typed buttons and the `callback_data` they travel in.

Data is at most 64 bytes, begins with a version, and says all that is needed, so that a button works after a restart and
after months. It carries no authority: who may press it is checked again on the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any, ClassVar, get_type_hints

VERSION = "1"
LIMIT = 64
"""Telegram: longest callback_data, in bytes."""


class UnknownButton(ValueError):
    """Callback data that no current button writes: from an older version, or made up."""


@dataclass(frozen=True)
class Action:
    """What a press means. Fields are str or int; a string holds no separator.

    `class Read(Action, letters="r")`: the letters travel in the data. They are permanent, and never given to another
    action within a version.
    """

    letters: ClassVar[str]

    def __init_subclass__(cls, letters: str) -> None:
        cls.letters = letters


def encode(action: Action) -> str:
    """Raises ValueError when a field holds a separator or the data would be over 64 bytes: a mistake of ours, never
    of a person."""
    values = [str(value) for value in astuple(action)]
    data = ":".join([VERSION + action.letters, *values])
    if any(":" in value for value in values) or len(data.encode()) > LIMIT:
        raise ValueError(f"{action} does not fit callback data: {data!r}")
    return data


def decode(data: str, actions: Mapping[str, type[Action]]) -> Action:
    """The action of a button, among `actions` by their letters. Raises UnknownButton for anything that `encode` does
    not write."""
    head, *values = data.split(":")
    kind = actions.get(head[1:]) if head[:1] == VERSION else None
    if kind is None or len(values) != len(fields(kind)):
        raise UnknownButton(data)
    hints = get_type_hints(kind)
    try:
        read: list[Any] = [hints[f.name](value) for f, value in zip(fields(kind), values, strict=True)]
    except ValueError:
        raise UnknownButton(data) from None
    if any(isinstance(value, int) and not 0 <= value < 2**63 for value in read):
        raise UnknownButton(data)
    if [str(value) for value in read] != values:  # int() reads " 7", "+7" and "1_0" too
        raise UnknownButton(data)
    return kind(*read)
