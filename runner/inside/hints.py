"""What a learner can do about an error: a table of conditions, each with its sentence. The first that holds is said.

A row is a function that looks at the exception, and gives the sentence or an empty text.
"""

from __future__ import annotations

import difflib
import errno
import os
import re
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
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
    "openpyxl": "pandas (it reads CSV)",
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


def _missing_module(error: BaseException) -> str:
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return ""
    name, _, rest = error.name.partition(".")
    listed = f"There are: {', '.join(LIBRARIES)}, and Python's own modules."
    if name in LIBRARIES and rest:
        return f"{name} is here, but it has no {rest}."
    close = difflib.get_close_matches(name, [*LIBRARIES, *sys.stdlib_module_names], 1, 0.8)
    nearest = close[0] if close else NEAREST.get(name)
    return f"{name} is not installed here. {f'The nearest is {nearest}. ' if nearest else ''}{listed}"


def _missing_file(error: BaseException) -> str:
    """A file of a relative name: which files lie beside the code, and how others get there."""
    name = next((asked for one in chain(error) if (asked := _asked_name(one))), "")
    if not name or name.startswith(("/", "~")):
        return ""
    beside = _beside()
    lower = {one.lower(): one for one in beside}
    plain = name.rpartition("/")[2]
    close = difflib.get_close_matches(plain.lower(), lower, 1, 0.7)
    meant = f"Did you mean {lower[close[0]]}? " if close else ""
    more = f" and {len(beside) - MOST_FILES} more" if len(beside) > MOST_FILES else ""
    there = f"These files are: {', '.join(beside[:MOST_FILES])}{more}." if beside else "No files are."
    return f"{plain} is not beside the code. {meant}{there} A file that you send to the chat lies there by its name."


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


HINTS: tuple[Callable[[BaseException], str], ...] = (_missing_module, _missing_file, _refused, _threads, _typing)
