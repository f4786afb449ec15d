"""What a job left behind, taken by folder descriptor once its process is dead.

Nothing here opens a file by a path of the job's.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from typing import NamedTuple

PICTURES = ".pictures"
"""Where the runner's own pictures are drawn, under the working directory."""
DRAWN = ("curves", "confusion")
MOST_PICTURES = 8
PICTURE_BYTES = 5_000_000
MOST_LISTED = 4096


class Found(NamedTuple):
    """An open, regular, unshared file."""

    kind: str
    """`drawn` (a picture of the runner's), `picture` (one of the script's) or `made` (asked for by the job)."""
    name: str
    descriptor: int


def found(folder: int, makes: Iterable[str], most_bytes: int) -> list[Found]:
    """Open the runner's pictures, the files in `makes` and the script's own PNGs in `folder`.

    The caller closes the descriptors.
    """
    files = []
    for kind, name, path, most in _wanted(folder, makes, most_bytes):
        descriptor = _opened(folder, path, most)
        if descriptor is not None:
            files.append(Found(kind, name, descriptor))
    return files


def _wanted(folder: int, makes: Iterable[str], most_bytes: int) -> Iterator[tuple[str, str, str, int]]:
    for name in DRAWN:
        yield "drawn", name, f"{PICTURES}/{name}.png", PICTURE_BYTES
    for name in makes:
        yield "made", name, name, most_bytes
    for name in _pngs(folder):
        yield "picture", name, name, PICTURE_BYTES


def _pngs(folder: int) -> list[str]:
    names = []
    with os.scandir(folder) as entries:
        for count, entry in enumerate(entries):
            if count == MOST_LISTED:
                break
            if entry.name.endswith(".png") and len(entry.name) <= 100 and entry.name.isprintable():
                names.append(entry.name)
    return sorted(names)[:MOST_PICTURES]


def _opened(folder: int, path: str, most_bytes: int) -> int | None:
    """A descriptor of the file, or None when it is missing, or anything but a small plain file of one name."""
    parent, _, name = path.rpartition("/")
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    inner = None
    try:
        if parent:
            inner = os.open(parent, flags | os.O_DIRECTORY, dir_fd=folder)
        descriptor = os.open(name, flags, dir_fd=folder if inner is None else inner)
    except OSError:
        return None
    finally:
        if inner is not None:
            os.close(inner)
    about = os.fstat(descriptor)
    if stat.S_ISREG(about.st_mode) and about.st_nlink == 1 and about.st_size <= most_bytes:
        return descriptor
    os.close(descriptor)
    return None
