"""What a job left behind, taken by folder descriptor once its process is dead.

Nothing here opens a file by a path of the job's, and nothing looks into one.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

PICTURES = ".pictures"
"""Where the runner's own pictures and the figures that a script shows are drawn, under the working directory."""
SHOWN = "figure-"
"""A figure that a script showed is `figure-1.png` there."""
DRAWN = ("curves", "confusion")
MOST_PICTURES = 8
"""Of one script; the runner's own come beside them."""
PICTURE_BYTES = 5_000_000
MOST_LISTED = 4096
MOST_OMITTED = 100
DEEPEST = 4
"""Folders within folders that are looked through."""
NAME_CHARS = 100

PHONE = (".png", ".jpg", ".jpeg", ".gif")
"""What a phone shows."""
CONVERTED = (".webp", ".bmp", ".tif", ".tiff")
"""What the sandbox can turn into a PNG."""
DRAWINGS = (".svg", ".pdf", ".eps", ".ps", ".svgz")
"""What is a picture and cannot be shown."""


class Found(NamedTuple):
    """An open, regular, unshared file."""

    kind: str
    """`drawn` (a picture of the runner's), `picture` (one of the script's) or `made` (asked for by the job)."""
    name: str
    descriptor: int


class Candidate(NamedTuple):
    """A picture of the script's that could be shown."""

    written: tuple[int, int]
    """When, and which file it is: the order in which pictures are shown."""
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Left:
    """All that a job left behind. The caller closes the descriptors."""

    files: list[Found] = field(default_factory=list)
    omitted: list[tuple[str, str]] = field(default_factory=list)
    """Pictures of the script's that are not among the files: their names, and the code of why."""


def left(folder: int, makes: Iterable[str], most_bytes: int, script: str, brought: Iterable[str]) -> Left:
    """Open the runner's pictures, the files in `makes` and the pictures that the script showed or saved in `folder`.

    A file in `brought` is the script's own only if it was written after the file `script`.
    """
    found = Left()
    for name in DRAWN:
        _take(found, "drawn", name, _opened(folder, f"{PICTURES}/{name}.png", PICTURE_BYTES))
    for name in makes:
        _take(found, "made", name, _opened(folder, name, most_bytes))
    taken = 0
    for one in pictures(folder, script, brought):
        name = shown_name(one.path)
        trouble = _trouble(folder, one) if taken < MOST_PICTURES else "count"
        if not trouble:
            trouble = "" if _take(found, "picture", name, _picture(folder, one)) else "broken"
        taken += not trouble
        if trouble and len(found.omitted) < MOST_OMITTED:
            found.omitted.append((name, trouble))
    return found


def pictures(folder: int, script: str, brought: Iterable[str]) -> list[Candidate]:
    """The pictures of the script's, in the order in which they were written."""
    since = _written(folder, script)
    own = set(brought)
    everything = PHONE + CONVERTED + DRAWINGS
    found = []
    for path, about in _files(folder):
        if path.lower().endswith(everything) and not (path in own and about.st_mtime_ns <= since):
            found.append(Candidate((about.st_mtime_ns, about.st_ino), path, about.st_size))
    return sorted(found)


def fitted(one: Candidate) -> str:
    """Where the sandbox puts a picture in a form that a phone can show, if the script's own cannot be shown."""
    return f"{PICTURES}/fitted-{one.written[1]}.png"


def shown_name(path: str) -> str:
    """What a picture is called in the chat: its path, without what no reader could see."""
    name = path.removeprefix(f"{PICTURES}/")
    if name.startswith(SHOWN) and name != path:
        name = name.removesuffix(".png").replace("-", " ")
    return "".join(letter if letter.isprintable() else "_" for letter in name)[-NAME_CHARS:]


def _trouble(folder: int, one: Candidate) -> str:
    """Why a picture cannot be shown as it is, nor in another form; empty where it can."""
    if _is_there(folder, fitted(one)):
        return ""
    if one.path.lower().endswith(PHONE):
        return "size" if one.size > PICTURE_BYTES else ""
    return "format"


def _picture(folder: int, one: Candidate) -> int | None:
    better = _opened(folder, fitted(one), PICTURE_BYTES)
    return _opened(folder, one.path, PICTURE_BYTES) if better is None else better


def _take(found: Left, kind: str, name: str, descriptor: int | None) -> bool:
    if descriptor is None:
        return False
    found.files.append(Found(kind, name, descriptor))
    return True


def _written(folder: int, name: str) -> int:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime_ns
    except (OSError, ValueError):
        return 0


def _is_there(folder: int, path: str) -> bool:
    return _written(folder, path) > 0


def _files(folder: int) -> Iterator[tuple[str, os.stat_result]]:
    """Plain files below the folder, by path. Of hidden folders only the one with the shown figures."""
    listed = 0
    waiting = [""]
    while waiting:
        path = waiting.pop()
        inner = _folder(folder, path)
        if inner is None:
            continue
        try:
            with os.scandir(inner) as entries:
                for entry in entries:
                    listed += 1
                    if listed > MOST_LISTED:
                        return
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(about.st_mode):
                        if f"{path}{entry.name}" == PICTURES or (
                            not entry.name.startswith(".") and path.count("/") < DEEPEST
                        ):
                            waiting.append(f"{path}{entry.name}/")
                    elif stat.S_ISREG(about.st_mode) and (path != f"{PICTURES}/" or entry.name.startswith(SHOWN)):
                        yield f"{path}{entry.name}", about
        except OSError:
            continue
        finally:
            os.close(inner)


def _folder(folder: int, path: str) -> int | None:
    """A descriptor of a folder below; no symbolic link is followed on the way."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
    current = os.open(".", flags, dir_fd=folder)
    for part in path.split("/"):
        if not part:
            continue
        try:
            inner = os.open(part, flags, dir_fd=current)
        except (OSError, ValueError):
            return None
        finally:
            os.close(current)
        current = inner
    return current


def _opened(folder: int, path: str, most_bytes: int) -> int | None:
    """A descriptor of the file, or None when it is missing, or anything but a small plain file of one name."""
    parent, _, name = path.rpartition("/")
    inner = _folder(folder, parent)
    if inner is None:
        return None
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=inner)
    except (OSError, ValueError):
        return None
    finally:
        os.close(inner)
    about = os.fstat(descriptor)
    if stat.S_ISREG(about.st_mode) and about.st_nlink == 1 and about.st_size <= most_bytes:
        return descriptor
    os.close(descriptor)
    return None
