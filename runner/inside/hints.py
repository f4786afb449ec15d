"""What a learner can do about an error: a table of conditions, of which the first that holds is told.

A row is a function that looks at the exception, and gives a hint or None. The words are the chat's.
"""

from __future__ import annotations

import difflib
import errno
import os
import re
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LIBRARIES = ("tensorflow", "keras", "numpy", "pandas", "sklearn", "scipy", "matplotlib", "PIL", "h5py")
"""What learners' code can import, beside Python's own modules."""
NEAREST = {
    "torch": "keras",
    "torchvision": "keras",
    "jax": "tensorflow",
    "flax": "keras",
    "pytorch_lightning": "keras",
    "transformers": "keras",
    "keras_hub": "keras",
    "keras_cv": "keras",
    "keras_nlp": "keras",
    "xgboost": "sklearn",
    "lightgbm": "sklearn",
    "statsmodels": "scipy",
    "cv2": "PIL",
    "skimage": "PIL",
    "imageio": "PIL",
    "seaborn": "matplotlib",
    "plotly": "matplotlib",
    "bokeh": "matplotlib",
    "altair": "matplotlib",
    "polars": "pandas",
    "pyarrow": "pandas",
    "openpyxl": "pandas",
    "tensorflow_datasets": "keras.datasets",
    "datasets": "keras.datasets",
}
"""What is here in place of what is not."""
MOST_FILES = 10
NOT_FOUND = (
    re.compile(r"^(\S{1,200}) not found\.$"),  # NumPy
    re.compile(r"File not found: filepath=(\S{1,200}?)\. "),  # Keras
    re.compile(r"(\S{1,200}); No such file or directory"),  # TensorFlow
)


@dataclass(frozen=True, slots=True)
class Hint:
    """As `runner.Hint`, which says what the codes and values mean."""

    code: str
    name: str = ""
    part: str = ""
    nearest: str = ""
    there: tuple[str, ...] = ()
    more: int = 0


def hint(error: BaseException) -> Hint | None:
    """The first hint of the table that fits; None where none does."""
    return next((found for row in HINTS if (found := row(error)) is not None), None)


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


def _refused(error: BaseException) -> Hint | None:
    return Hint("refused") if any(_is_refusal(one) for one in chain(error)) else None


def _is_refusal(error: BaseException) -> bool:
    return isinstance(error, socket.gaierror) or (
        isinstance(error, OSError) and error.errno in (errno.EPERM, errno.EACCES)
    )


def _threads(error: BaseException) -> Hint | None:
    too_many = isinstance(error, RuntimeError) and "can't start new thread" in str(error)
    return Hint("threads") if too_many else None


def _typing(error: BaseException) -> Hint | None:
    return Hint("typing") if isinstance(error, EOFError) else None


def _missing_module(error: BaseException) -> Hint | None:
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    name, _, part = error.name.partition(".")
    if name in LIBRARIES and part:
        return Hint("missing-part", name, part)
    close = difflib.get_close_matches(name, [*LIBRARIES, *sys.stdlib_module_names], 1, 0.8)
    nearest = close[0] if close else NEAREST.get(name, "")
    return Hint("missing-module", name, nearest=nearest, there=LIBRARIES)


def _missing_file(error: BaseException) -> Hint | None:
    """A file of a relative name: which files lie beside the code."""
    name = next((asked for one in chain(error) if (asked := _asked_name(one))), "")
    if not name or name.startswith(("/", "~")):
        return None
    beside = _beside()
    lower = {one.lower(): one for one in beside}
    plain = name.rpartition("/")[2]
    close = difflib.get_close_matches(plain.lower(), lower, 1, 0.7)
    nearest = lower[close[0]] if close else ""
    there, more = tuple(beside[:MOST_FILES]), max(0, len(beside) - MOST_FILES)
    return Hint("missing-file", plain, nearest=nearest, there=there, more=more)


def _asked_name(error: BaseException) -> str:
    """The name of the file that was not found; libraries tell it in words only. Empty for any other error."""
    if isinstance(error, FileNotFoundError) and isinstance(error.filename, str):
        return error.filename
    try:
        said = str(error)[:1000]
    except Exception:
        return ""
    return next((found[1] for words in NOT_FOUND if (found := words.search(said))), "")


def _beside() -> list[str]:
    """Files in the working directory that somebody may want to read."""
    script = Path(str(getattr(sys.modules.get("__main__"), "__file__", ""))).name
    with os.scandir(".") as entries:
        names = [one.name for one in entries if one.is_file() and not one.name.startswith(".")]
    return sorted(name for name in names if name != script)


HINTS: tuple[Callable[[BaseException], Hint | None], ...] = (
    _missing_module,
    _missing_file,
    _refused,
    _threads,
    _typing,
)
