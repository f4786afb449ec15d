"""Turns SQLite's error about a rule of uniqueness into one of the store's own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unique_or(error: Exception) -> Iterator[None]:
    """Raises `error` where a row of the block would be a second one with the same unique values. Every other error
    stays as it is."""
    try:
        yield
    except sqlite3.IntegrityError as broken:
        if broken.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
            raise
        raise error from broken
