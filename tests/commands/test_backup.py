"""A backup is whole, made while others write, and never takes another file's place."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path

import pytest

from bot.commands.backup import BackupFailed, back_up
from bot.store import Store, Tables
from tests.support.stores import damage


def pair(tables: Tables, id: int) -> None:
    for half in (id, -id):
        tables.learners.meet(half, "N" * 200, None, None, 1.0)


async def test_a_backup_made_amid_writing_is_whole(store: Store, tmp_path: Path) -> None:
    """Each transaction writes a pair: a copy with half a pair would be torn."""

    async def write() -> None:
        for id in range(1, 151):
            await store.transact(partial(pair, id=id))

    writing = asyncio.create_task(write())
    await store.transact(lambda t: None)
    copies = [tmp_path / f"copy-{number}.db" for number in range(2)]
    for copy in copies:
        assert await asyncio.to_thread(back_up, store.path, copy) == copy.stat().st_size
    await writing
    for copy in copies:
        restored = Store(copy)
        ids = {who.id for who in await restored.read(lambda t: t.learners.all())}
        restored.close()
        assert ids == {-id for id in ids}
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")], "no file of another name is left"


async def test_all_that_was_committed_is_in_it(store: Store, tmp_path: Path) -> None:
    await store.transact(lambda t: t.learners.meet(1001, "Ada", None, None, 1.0))
    back_up(store.path, tmp_path / "copy.db")
    restored = Store(tmp_path / "copy.db")
    assert [who.name for who in await restored.read(lambda t: t.learners.all())] == ["Ada"]
    restored.close()


def test_a_file_that_is_there_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "precious.txt"
    target.write_text("mine")
    with pytest.raises(BackupFailed, match=r"precious\.txt exists already; a backup never overwrites"):
        back_up(store.path, target)
    assert target.read_text() == "mine"


def test_without_a_database_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match=r"there is no database at .*; TUTOR_DB names it"):
        back_up(tmp_path / "none.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match=r"could not be copied to .*nowhere"):
        back_up(store.path, tmp_path / "nowhere" / "copy.db")


def test_a_damaged_database_gives_no_backup(store: Store, tmp_path: Path) -> None:
    store.close()
    damage(store.path)
    with pytest.raises(BackupFailed):
        back_up(store.path, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
    assert not list(tmp_path.glob(".*"))
