"""Runs a script as `python script.py` would, and says in the script's own lines what went wrong."""

from __future__ import annotations

import atexit
import errno
import linecache
import os
import sys
import threading
import traceback
import types
import warnings
from dataclasses import dataclass
from pathlib import Path

from . import hints

DETAIL_CHARS = 4000
BALLAST_BYTES = 4_000_000
"""Let go when a script ends, so that there is memory to say that it ran out of it."""
NO_ROOM = {errno.EFBIG, errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class Crash:
    """How a script ended that did not end well."""

    reason: str
    """`error`, `memory` or `output`."""
    detail: str
    line: int | None


def run(source: str, name: str, folder: Path) -> Crash | None:
    """Run the script in `folder`, which is also its working directory; None when it ended well."""
    module = types.ModuleType("__main__")
    module.__file__ = str(folder / name)
    sys.modules["__main__"] = module
    sys.argv = [name]
    sys.path.insert(0, str(folder))
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    warnings.formatwarning = lambda message, category, filename, lineno, line=None: f"{category.__name__}: {message}\n"
    warnings.filterwarnings("ignore", message=".*is non-interactive, and thus cannot be shown")
    atexit._clear()
    ballast = bytearray(BALLAST_BYTES)
    try:
        exec(compile(source, name, "exec"), module.__dict__)  # noqa: S102 - running it is what this process is for
        _end_like_python()
    except SystemExit as exit_:
        return _exited(exit_)
    except BaseException as error:
        ballast.clear()
        return crash(error, name)
    return None


def crash(error: BaseException, name: str) -> Crash:
    """What a learner should read about an exception: the frames of the script only, and no path of the host."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    line = frames[-1].lineno if frames else None
    if isinstance(error, SyntaxError) and error.filename == name:
        line = error.lineno
    reason = _reason(error)
    try:
        said = "".join(traceback.format_exception_only(error))
    except Exception:
        said = f"{type(error).__name__}\n"
    head = "Traceback (most recent call last):\n" + "".join(traceback.format_list(frames)) if frames else ""
    if len(said) > DETAIL_CHARS:
        said = f"{said[:DETAIL_CHARS]} ...\n"
    return Crash(reason, without_paths(head[-DETAIL_CHARS:] + said + hints.hint(error)).rstrip(), line)


def without_paths(text: str) -> str:
    """The text without the folders of this machine."""
    for folder in sorted({*sys.path, sys.base_prefix, os.getcwd()} - {"", "/"}, key=len, reverse=True):
        text = text.replace(f"{folder}/", "")
    return text


def _end_like_python() -> None:
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()


def _exited(exit_: SystemExit) -> Crash | None:
    if exit_.code is None or exit_.code == 0:
        return None
    return Crash("error", f"The example ended itself with sys.exit({exit_.code!r}).", None)


def _reason(error: BaseException) -> str:
    for one in hints.chain(error):
        names = {kind.__name__ for kind in type(one).__mro__}
        if "MemoryError" in names or "ResourceExhaustedError" in names:
            return "memory"
        if isinstance(one, OSError) and one.errno in NO_ROOM:
            return "output"
    return "error"
