"""Runs a script as `python script.py` would."""

from __future__ import annotations
import __future__

import ast
import atexit
import builtins
import functools
import linecache
import operator
import sys
import threading
import types
import warnings
from collections.abc import Callable
from pathlib import Path

from .crash import Crash, crash

BALLAST_BYTES = 4_000_000
"""Let go when a script ends, so that there is memory to say that it ran out of it."""
FUTURES = functools.reduce(
    operator.or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
)
"""Flags of code that begins with `from __future__ import ...`."""


def run(source: str, name: str, folder: Path, show: Callable[[object], None] | None = None) -> Crash | None:
    """Run the script in `folder`, which is also its working directory; None when it ended well.

    With `show`, a last line that is an expression is given to it, unless a semicolon ends the line.
    """
    module = types.ModuleType("__main__")
    module.__file__ = str(folder / name)
    module.__builtins__ = builtins  # type: ignore[attr-defined]
    sys.modules["__main__"] = module
    sys.argv = [name]
    sys.path.insert(0, str(folder))
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    warnings.formatwarning = functools.partial(_warning, name)
    atexit._clear()
    ballast = bytearray(BALLAST_BYTES)
    try:
        _execute(source, name, module.__dict__, show)
        _end_like_python()
    except SystemExit as exit_:
        return _exited(exit_)
    except BaseException as error:
        ballast.clear()
        return crash(error, name)
    return None


def _execute(source: str, name: str, names: dict[str, object], show: Callable[[object], None] | None) -> None:
    """Execute the source; nothing of this module's own `__future__` holds for it."""
    last = _last_expression(source, name) if show is not None else None
    if last is None:
        exec(compile(source, name, "exec", dont_inherit=True), names)  # noqa: S102 - running it is what this is for
        return
    tree = ast.parse(source, name)
    code = compile(ast.Module(tree.body[:-1], []), name, "exec", dont_inherit=True)
    exec(code, names)  # noqa: S102
    futures = code.co_flags & FUTURES
    value = eval(compile(ast.Expression(last), name, "eval", flags=futures, dont_inherit=True), names)  # noqa: S307
    assert show is not None
    show(value)


def _last_expression(source: str, name: str) -> ast.expr | None:
    """The expression that the source ends with; None where it ends with something else, or with a semicolon."""
    body = ast.parse(source, name).body
    if not body or not isinstance(body[-1], ast.Expr):
        return None
    last = body[-1].value
    rest = source.encode().splitlines()[(body[-1].end_lineno or 1) - 1][body[-1].end_col_offset or 0 :]
    return None if rest.lstrip().startswith(b";") else last


def _warning(
    script: str, message: object, category: type[Warning], file: str, line: int, text: str | None = None
) -> str:
    """A warning as Python prints it; one that a library gives, without its place in the library."""
    said = f"{category.__name__}: {message}\n"
    if file != script:
        return said
    code = str(text or linecache.getline(file, line)).strip()
    return f"{file}:{line}: {said}" + (f"  {code}\n" if code else "")


def _end_like_python() -> None:
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()


def _exited(exit_: SystemExit) -> Crash | None:
    if exit_.code is None or exit_.code == 0:
        return None
    return Crash("error", f"The example ended itself with sys.exit({exit_.code!r}).", None)
