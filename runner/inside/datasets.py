"""Keras' data sets without a network: those in the operator's folder, and a sample of MNIST that is always there."""

from __future__ import annotations

import functools
import sys
import urllib.parse
from pathlib import Path
from typing import Any

import keras.datasets  # noqa: F401 - its loaders have to be there to be told where their files lie
import keras.src.utils.file_utils as file_utils

from .cache import FILES, OLDER, here

SAMPLE = Path(__file__).parent / "data" / "mnist.npz"
SAMPLE_NOTE = "mnist: a sample of 5,000 images (4,000 for training, 1,000 for testing); the whole has 70,000."


class NotHere(ConnectionError):
    """A file cannot be fetched: there is no network. The message says what there is."""


NotHere.__module__ = "builtins"  # in a traceback it stands by its name alone


def install(folder: Path | None) -> None:
    """Let Keras' loaders find what lies in `folder` instead of fetching it."""
    original = file_utils.get_file
    found = functools.wraps(original)(functools.partial(_get_file, folder))
    for name, module in list(sys.modules.items()):
        if name.startswith(("keras", "tensorflow")) and vars(module).get("get_file") is original:
            module.get_file = found  # type: ignore[attr-defined]


def there(folder: Path | None) -> list[str]:
    """Names of the data sets that can be loaded."""
    found = here(folder)
    return found if "mnist" in found else ["mnist (a sample)", *found]


def _get_file(
    folder: Path | None,
    fname: Any = None,
    origin: str | None = None,
    untar: bool = False,
    md5_hash: str | None = None,
    file_hash: str | None = None,
    cache_subdir: str = "datasets",
    hash_algorithm: str = "auto",
    extract: bool = False,
    archive_format: str = "auto",
    cache_dir: str | None = None,
    force_download: bool = False,
) -> str:
    """As `keras.utils.get_file`, of what is here already. Raises NotHere."""
    name = Path(str(fname or urllib.parse.urlsplit(origin or "").path)).name
    below = Path(cache_subdir)
    inner = below.relative_to("datasets") if below.parts[:1] == ("datasets",) else below
    if folder is not None:
        target = _place(folder / inner, name, bool(fname), extract or untar)
        if target.exists():
            return str(target)
        if name in OLDER and (folder / OLDER[name]).exists():
            return str(folder)
    if name == "mnist.npz":
        print(SAMPLE_NOTE, flush=True)
        return str(SAMPLE)
    raise NotHere(_sentence(name, inner / name, folder))


def _place(folder: Path, name: str, named: bool, unpacked: bool) -> Path:
    """Where Keras' cache has a file, or the folder that an archive was unpacked to."""
    if not unpacked or not named:
        return folder / name
    stem, dot, _ = name.partition(".")
    return folder / (f"{stem}_extracted" if dot else name)


def _sentence(name: str, path: Path, folder: Path | None) -> str:
    listed = ", ".join(there(folder))
    known = {"imdb_word_index.json": "imdb", "reuters_word_index.json": "reuters"}
    for data_set, file in FILES.items():
        if path.parts[0] == Path(file).parts[0] or known.get(name) == data_set:
            return f"{data_set} is not on this machine, and there is no network. There are: {listed}."
    return (
        f"{name} cannot be fetched: there is no network here. "
        f"A file sent to the chat lies beside the code. Of Keras' data sets there are: {listed}."
    )
