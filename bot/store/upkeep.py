"""What an operator does with the database file itself. Every function blocks, and none makes a file at `path`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from bot.store.migrations import schema


def faults(path: Path) -> list[str]:
    """What SQLite's quick check finds; empty when the file is sound. Raises sqlite3.Error when it cannot be opened."""
    with closing(_open(path)) as connection:
        found = [str(row[0]) for row in connection.execute("pragma quick_check(5)")]
    return [] if found == ["ok"] else found


def pending(path: Path) -> list[str]:
    """Migrations that the next start will apply. Raises sqlite3.Error."""
    with closing(_open(path)) as connection:
        return [migration.name for migration in schema.pending(Database(connection))]


def copy(path: Path, target: Path) -> None:
    """Write the last committed state to a new file at `target`; the database may be in use. Raises sqlite3.Error."""
    with closing(_open(path)) as connection:
        connection.execute("vacuum into ?", [str(target)])


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)
