"""One writer thread, many readers, one SQLite file.

The writer owns the only connection that writes. Work that waits is grouped into one commit, a savepoint each, so that a
failing piece takes nothing with it and a burst costs one `fsync`. Reads have a connection per thread and never wait for
the writer (WAL).
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from bot.store.migrations import schema
from bot.store.news import News, NewsKind
from bot.store.tables import Tables

log = logging.getLogger(__name__)

T = TypeVar("T")
Listener = Callable[[News], object]
PAUSE = 2.0
"""Seconds between tries of work that waits for the database."""
GROUP = 64
"""Most pieces of work in one commit."""
READERS = 4
PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",
    "foreign_keys=on",
    "temp_store=memory",
    "cache_size=-16000",  # KiB: all that reports read of a class of 300
)


class StoreUnavailable(Exception):
    """The database could not be read or written (disk full, file gone, locked). Nothing of the work was kept; it can
    be tried again."""


class Store:
    """Opens and migrates the database at `path`; `close` it at the end. Work is a function of Tables and runs whole
    or not at all."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._closed = False
        self.commits = 0
        """Grows whenever something may have changed: what was read before may be read again."""
        self._listeners: dict[Listener, tuple[NewsKind, asyncio.AbstractEventLoop]] = {}
        self._work: queue.SimpleQueue[tuple[Callable[[Tables], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(READERS, "store-read")
        self._prompt_reader = ThreadPoolExecutor(1, "store-deliver")
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        ready: Future[None] = Future()
        self._writer = threading.Thread(target=self._write, args=(ready,), name="store-write", daemon=True)
        self._writer.start()
        ready.result()

    async def transact(self, work: Callable[[Tables], T]) -> T:
        """Run `work` in the writer thread, in one transaction; what it raises undoes all of it and is raised here.

        Returns when the commit is on disk. Raises StoreUnavailable when SQLite cannot do its part.
        """
        if self._closed:
            raise StoreUnavailable("it is closed")
        future: Future[T] = Future()
        self._work.put((work, future))
        return await asyncio.wrap_future(future)

    async def persist(self, work: Callable[[Tables], T], waiting: Callable[[], Awaitable[object]] | None = None) -> T:
        """As `transact`, but tries until the database can be written. `waiting` is called after each try in vain."""
        return await self._insist(partial(self.transact, work), "written", waiting)

    async def read(self, work: Callable[[Tables], T]) -> T:
        """Run `work` in a reader thread, on the last committed state. Raises StoreUnavailable."""
        return await asyncio.wrap_future(self._readers.submit(self._read, work))

    async def read_promptly(self, work: Callable[[Tables], T]) -> T:
        """As `read`, in a thread of its own, which reports cannot hold up: for what goes to chats. It must be short."""
        return await asyncio.wrap_future(self._prompt_reader.submit(self._read, work))

    async def read_at_last(self, work: Callable[[Tables], T]) -> T:
        """As `read_promptly`, but tries until the database can be read."""
        return await self._insist(partial(self.read_promptly, work), "read")

    async def _insist(
        self, call: Callable[[], Awaitable[T]], used: str, waiting: Callable[[], Awaitable[object]] | None = None
    ) -> T:
        while True:
            try:
                return await call()
            except StoreUnavailable as error:
                log.error("the database cannot be %s (%s); trying again in %.1f s", used, error, PAUSE)
                if waiting:
                    await waiting()
                await asyncio.sleep(PAUSE)

    def listen(self, about: NewsKind, listener: Listener) -> None:
        """Call it on the running event loop after each commit with news of this kind, before the code that waits for
        that commit goes on."""
        self._listeners[listener] = about, asyncio.get_running_loop()

    def unlisten(self, listener: Listener) -> None:
        self._listeners.pop(listener, None)

    def close(self) -> None:
        """Finish what was handed in, then close every connection."""
        self._closed = True
        self._work.put(None)
        self._writer.join()
        self._readers.shutdown()
        self._prompt_reader.shutdown()
        for connection in self._opened:
            connection.close()

    def _connect(self) -> Database:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=10)
        for pragma in PRAGMAS:
            connection.execute(f"pragma {pragma}")
        self._opened.append(connection)
        return Database(connection)

    def _read(self, work: Callable[[Tables], T]) -> T:
        try:
            if not hasattr(self._local, "tables"):
                db = self._connect()
                db.execute("pragma query_only=on")
                self._local.tables = Tables(db)
            return work(self._local.tables)
        except sqlite3.Error as error:
            raise StoreUnavailable(str(error)) from error

    def _write(self, ready: Future[None]) -> None:
        try:
            db = self._connect()
            migrate(db)
            tables = Tables(db)
        except BaseException as error:
            ready.set_exception(error)
            return
        ready.set_result(None)
        open_ = True
        while open_:
            group: list[tuple[Callable[[Tables], Any], Future[Any]]] = []
            piece = self._work.get()
            while piece is not None:
                group.append(piece)
                if len(group) == GROUP or self._work.empty():
                    break
                piece = self._work.get()
            open_ = piece is not None
            if group:
                _commit(db, tables, group, self._committed)

    def _committed(self, news: News) -> None:
        self.commits += 1
        if not news:
            return
        for listener, (about, loop) in tuple(self._listeners.items()):
            try:
                if about in news.kinds:
                    loop.call_soon_threadsafe(listener, news)
            except RuntimeError:
                log.warning("the event loop of a listener is closed")


def migrate(db: Database) -> None:
    """Bring the schema up to date in one transaction. Raises sqlite3.IntegrityError when rows would break a foreign
    key."""
    db.execute("pragma foreign_keys=off")
    db.execute("begin immediate")
    try:
        schema.apply(db)
        broken = db.execute("pragma foreign_key_check").fetchone()
        if broken:
            raise sqlite3.IntegrityError(
                f"after the migration a row of {broken[0]} refers to a missing row of {broken[2]}"
            )
        db.execute("commit")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("rollback")
        raise
    db.execute("pragma foreign_keys=on")


def _commit(
    db: Database,
    tables: Tables,
    group: list[tuple[Callable[[Tables], Any], Future[Any]]],
    committed: Callable[[News], None],
) -> None:
    """Run the pieces in one transaction, a savepoint each, and settle their futures after the commit."""
    outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
    news = News()
    try:
        db.execute("begin immediate")
        for work, future in group:
            tables.news.take()  # of a piece that failed
            try:
                with db.atomic():
                    result = work(tables)
                outcomes.append((future, result, None))
                news.add(tables.news.take())
            except sqlite3.OperationalError as error:
                if not db.conn.in_transaction:  # a full disk rolls back the whole transaction, not only the savepoint
                    raise
                outcomes.append((future, None, _unavailable(error)))
            except BaseException as error:
                outcomes.append((future, None, error))
        db.execute("commit")
    except sqlite3.Error as error:
        if db.conn.in_transaction:
            db.execute("rollback")
        outcomes, news = [(future, None, _unavailable(error)) for _, future in group], News()
    committed(news)
    for future, result, failure in outcomes:
        if not future.set_running_or_notify_cancel():
            continue
        if failure:
            future.set_exception(failure)
        else:
            future.set_result(result)


def _unavailable(error: sqlite3.Error) -> StoreUnavailable:
    unavailable = StoreUnavailable(str(error))
    unavailable.__cause__ = error
    return unavailable
