"""Says what went wrong in a script: the script's own lines and the reason, and nothing of the machine it ran on.

What is too long is cut from the front, where the calls began; the reason stands at the end and stays.
"""

from __future__ import annotations

import errno
import linecache
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .hints import Hint, chain, hint

FRAMES_CHARS = 2500
"""Room for the script's lines."""
REASON_CHARS = 1500
"""Room for what the error says."""
REASON_TAIL = 400
"""Of a reason that is longer, so much is kept of its end."""
NO_ROOM = {errno.EFBIG, errno.ENOSPC, errno.EDQUOT}

CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"
HEAD = "Traceback (most recent call last):\n"

NOISE: tuple[tuple[str, str], ...] = (
    (r"\x1b\[[0-9;]*m", ""),
    (r"Graph execution error:\s+", ""),
    (
        r"Detected at node .*? defined at \(most recent call last\):\s*"
        r"(?:<stack traces unavailable>\s*|File \"[^\"]*\", line \d+, in .*\s*)*",
        "",
    ),
    (r"\n?[ \t]*\[\[\{\{node .*?\}\}\]\]", ""),
    (r"\n?[ \t]*\[\[\w+\]\]", ""),
    (r"\{\{function_node .*?\}\} ?", ""),
    (r" for '\{\{node .*?\}\} = .*?'(?= |\.|$)", ""),
    (r" ?\[Op:\w+\](?: name: ?)?", ""),
    (r"\s*Arguments received by [\w.]+\(\):(?:\n  • .*)+", ""),
    (r"(Label values:(?: -?\d+){8})(?: -?\d+)+", r"\1 ..."),
    (r"\n?\d+ root error\(s\) found\.\n", "\n"),
    (r"\n{3,}", "\n\n"),
)
"""What Keras and TensorFlow write around a reason, as patterns, and what takes its place."""

_PLACE = re.compile(r'^(\s*)File "(?P<file>[^"]*)", line (?P<line>\d+)')
_PATH = re.compile(r"(?<![\w:/.~<>\])}-])/(?:[^\s/'\"<>|:;,()\[\]{}]+/)*[^\s/'\"<>|:;,()\[\]{}]+")


@dataclass(frozen=True, slots=True)
class Crash:
    """How a script ended that did not end well."""

    reason: str
    """`error`, `memory` or `output`."""
    detail: str
    line: int | None
    hint: Hint | None = None


def crash(error: BaseException, name: str) -> Crash:
    """What a learner should read about an exception in the script that was compiled as the file `name`."""
    told = "".join(_chained(error, name))
    places = [int(found["line"]) for found in map(_PLACE.match, told.splitlines()) if found and found["file"] == name]
    line = places[-1] if places else None
    if isinstance(error, SyntaxError) and error.filename == name:
        line = error.lineno
    try:
        helps = hint(error)
    except Exception:  # an error whose text cannot be read is no reason to lose the rest
        helps = None
    return Crash(_kind(error), told.rstrip(), line, helps)


def without_paths(text: str, source: str = "") -> str:
    """The text without the folders of this machine. A path that the script itself names in `source` stays."""
    for folder in sorted({*sys.path, sys.base_prefix, sys.prefix, os.getcwd()} - {"", "/"}, key=len, reverse=True):
        text = text.replace(f"{folder}/", "")
    return _PATH.sub(lambda found: found[0] if found[0] in source else found[0].rsplit("/", 1)[1], text)


def _chained(error: BaseException, name: str) -> Iterator[str]:
    """What led to the error where that happened in the script, then the error."""
    reason = _reason(error, name)
    cause = error.__cause__
    context = None if error.__suppress_context__ else error.__context__
    earlier, words = (cause, CAUSE) if cause is not None else (context, CONTEXT)
    if earlier is not None and _frames(earlier, name):
        before = _reason(earlier, name)
        if before.partition(": ")[2].strip() not in reason:
            yield from (_one(earlier, name), words)
    yield _one(error, name)


def _one(error: BaseException, name: str) -> str:
    frames = traceback.format_list(_frames(error, name))
    if frames and sum(map(len, frames)) > FRAMES_CHARS:
        while len(frames) > 1 and sum(map(len, frames)) > FRAMES_CHARS:
            del frames[0]
        frames = ["  ...\n", frames[-1][-FRAMES_CHARS:] if len(frames) == 1 else "".join(frames)]
    inner = ""
    if isinstance(error, BaseExceptionGroup):
        inner = "".join(f"\n{_one(one, name)}" for one in error.exceptions[:5])
    return (HEAD + "".join(frames) if frames else "") + _reason(error, name) + inner


def _frames(error: BaseException, name: str) -> traceback.StackSummary:
    mine = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    return traceback.StackSummary.from_list(mine)


def _reason(error: BaseException, name: str) -> str:
    """The error's own words, without what frameworks write around them."""
    try:
        said = "".join(traceback.format_exception_only(error))
    except Exception:
        said = f"{type(error).__name__}\n"
    said = said[: 200 * REASON_CHARS]  # patterns take their time on texts of megabytes
    said = said.removeprefix(f"{type(error).__module__}.")
    said = _without_foreign_lines(said, name)
    for pattern, instead in NOISE:
        said = re.sub(pattern, instead, said)
    source = "".join(linecache.cache[name][2]) if name in linecache.cache else ""  # type: ignore[misc]
    said = without_paths(said, source).rstrip()
    if len(said) > REASON_CHARS:
        said = f"{said[: REASON_CHARS - REASON_TAIL]} ... {said[-REASON_TAIL:]}"
    return f"{said}\n"


def _without_foreign_lines(said: str, name: str) -> str:
    """Leave out the places in other files that a message names, each with the code that is quoted below it."""
    kept: list[str] = []
    skipping: Callable[[str], bool] = _nothing
    for line in said.split("\n"):
        place = _PLACE.match(line)
        if place is not None:
            quoted = place["file"].startswith("<") and ", in " not in line  # a syntax error in text that was evaluated
            foreign = place["file"] != name and not quoted
            skipping = _deeper_than(len(place[1])) if foreign else _nothing
            if foreign:
                continue
        elif skipping(line):
            continue
        skipping = skipping if place is not None else _nothing
        kept.append(line)
    return "\n".join(kept)


def _nothing(line: str) -> bool:
    return False


def _deeper_than(indent: int) -> Callable[[str], bool]:
    return lambda line: not line.strip() or len(line) - len(line.lstrip()) > indent


def _kind(error: BaseException) -> str:
    for one in chain(error):
        names = {kind.__name__ for kind in type(one).__mro__}
        if "MemoryError" in names or "ResourceExhaustedError" in names:
            return "memory"
        if isinstance(one, OSError) and one.errno in NO_ROOM:
            return "output"
    return "error"
