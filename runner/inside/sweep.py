"""Empties a folder that code nobody trusts has filled: any depth, any names, no link followed, few descriptors."""

from __future__ import annotations

import os
from contextlib import suppress


def empty(folder: str) -> None:
    """Remove everything in `folder`. Nobody else may write there meanwhile. Raises OSError if it cannot be emptied."""
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        moved = 0
        while names := os.listdir(top):
            for name in names:
                if _unlinked(name, top):
                    continue
                moved = _lift(name, top, moved)
                os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)


def _unlinked(name: str, folder: int) -> bool:
    """Remove a file; False when it is a folder."""
    try:
        os.unlink(name, dir_fd=folder)
    except (IsADirectoryError, PermissionError):
        return False
    return True


def _lift(name: str, top: int, moved: int) -> int:
    """Move the folders in the folder `name` up to `top` under new names, and remove its files.

    Depth never costs a descriptor.
    """
    with suppress(OSError):
        os.chmod(name, 0o700, dir_fd=top)
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    try:
        for child in os.listdir(inner):
            if not _unlinked(child, inner):
                with suppress(OSError):
                    os.chmod(child, 0o700, dir_fd=inner)
                os.rename(child, _unused(moved), src_dir_fd=inner, dst_dir_fd=top)
                moved += 1
    finally:
        os.close(inner)
    return moved


def _unused(moved: int) -> str:
    return f".sweep-{moved}-{os.urandom(8).hex()}"
