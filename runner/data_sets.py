"""Names of Keras' data sets, and which lie in a folder that is laid out as Keras' cache. No TensorFlow here."""

from __future__ import annotations

from pathlib import Path

from .inside.cache import FILES, here

DATA_SETS = tuple(FILES)
"""All that Keras has."""


def data_sets_in(folder: Path | None) -> list[str]:
    """Names of the data sets in a folder: a cache of Keras', or the folder `datasets` of one."""
    return here(cache_of(folder))


def cache_of(folder: Path | None) -> Path | None:
    """Where the data sets themselves lie; None where there is no such folder."""
    if folder is None or not folder.is_dir():
        return None
    return folder / "datasets" if (folder / "datasets").is_dir() else folder
