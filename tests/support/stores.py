"""A store in trouble: a full disk, a writer that is busy, a damaged file."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from bot.store import Store, Tables, upkeep


class Mishap(Exception):
    """What a piece of work raises, to be undone."""


def full(tables: Tables) -> None:
    """From now on the disk is full: the file may not grow by a page."""
    db = tables.learners._db
    pages = db.execute("pragma page_count").fetchone()[0]
    db.execute(f"pragma max_page_count={pages}")


@asynccontextmanager
async def writer_held(store: Store) -> AsyncIterator[None]:
    """What is handed in meanwhile becomes one commit afterwards."""
    begun, gate = threading.Event(), threading.Event()
    held = asyncio.ensure_future(store.transact(lambda tables: (begun.set(), gate.wait(10))))
    assert await asyncio.to_thread(begun.wait, 10)
    yield
    gate.set()
    await held


def handed_in(store: Store, *works: Callable[[Tables], Any]) -> list[asyncio.Future[Any]]:
    return [asyncio.ensure_future(store.transact(work)) for work in works]


def damage(path: Path) -> None:
    """Overwrite the file's second half."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xa5" * (size - size // 2))
    with suppress(sqlite3.DatabaseError):  # a file too damaged for the check
        assert upkeep.faults(path), "the damage shows"
