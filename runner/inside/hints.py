"""What a learner can do about an error: a table of conditions, each with its sentence. The first that holds is said.

A row is a function that looks at the exception, and gives the sentence or an empty text.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterable, Iterator


def hint(error: BaseException) -> str:
    """The first sentence of the table that fits, on a line of its own; empty where none does."""
    said = next((words for row in HINTS if (words := row(error))), "")
    return f"\n{said}" if said else ""


def chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what led to it."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting and len(seen) < 20:
        one = waiting.pop()
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += _causes(one)


def _causes(error: BaseException) -> Iterable[object]:
    return (error.__cause__, error.__context__, getattr(error, "reason", None))


def _refused(error: BaseException) -> str:
    if any(_is_refusal(one) for one in chain(error)):
        return "The sandbox refuses this: no network, no other programs, and files in the example's own folder only."
    return ""


def _is_refusal(error: BaseException) -> bool:
    return isinstance(error, socket.gaierror) or (
        isinstance(error, OSError) and error.errno in (errno.EPERM, errno.EACCES)
    )


def _threads(error: BaseException) -> str:
    if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
        return "The example started more threads than it may have."
    return ""


def _typing(error: BaseException) -> str:
    if isinstance(error, EOFError):
        return "Nobody can type anything into an example: input() has nothing to read."
    return ""


HINTS: tuple[Callable[[BaseException], str], ...] = (_refused, _threads, _typing)
