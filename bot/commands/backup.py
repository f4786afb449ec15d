"""`tutor backup`: a copy of the database, made while the bot runs."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from bot.store import upkeep


class BackupFailed(Exception):
    """There is no backup; the text says why."""


def back_up(db: Path, target: Path) -> int:
    """Copy the last committed state to `target`; returns its bytes. Raises BackupFailed, and then makes none.

    The copy is made and checked under another name beside it, so that a file called `target` is always a whole one.
    """
    if not db.is_file():
        raise BackupFailed(f"there is no database at {db.absolute()}; TUTOR_DB names it")
    if target.exists():
        raise BackupFailed(f"{target} exists already; a backup never overwrites: name another file")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        upkeep.copy(db, part)
        if faults := upkeep.faults(part):
            raise BackupFailed(f"the copy is not sound, and neither is {db}, probably: {'; '.join(faults)}")
        _settle(part, target)
    except (sqlite3.Error, OSError) as error:
        raise BackupFailed(f"{db} could not be copied to {target}: {error}") from None
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def _settle(part: Path, target: Path) -> None:
    """Give the copy its name, on disk for good."""
    for path in (part, target.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if path == part:
            part.rename(target)
