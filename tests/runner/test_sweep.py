"""A folder is emptied, whatever is in it."""

from __future__ import annotations

import os
from pathlib import Path

from runner.inside.sweep import empty


def test_files_folders_links_and_odd_names_go_and_nothing_outside(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x")
    folder = tmp_path / "folder"
    (folder / "a/b/c").mkdir(parents=True)
    (folder / "a/b/file").write_text("x")
    (folder / "link").symlink_to(outside)
    (folder / "a/link").symlink_to(outside / "precious")
    os.mkfifo(folder / "fifo")
    (folder / b"\xff\n".decode(errors="surrogateescape")).write_text("x")
    (folder / "closed").mkdir(mode=0)
    empty(str(folder))
    assert list(folder.iterdir()) == []
    assert (outside / "precious").read_text() == "x"


def test_a_depth_beyond_any_path_goes(tmp_path: Path) -> None:
    folder, back = tmp_path / "deep", os.getcwd()
    folder.mkdir()
    try:
        os.chdir(folder)
        for _ in range(3000):
            os.mkdir("directory")
            os.chdir("directory")
    finally:
        os.chdir(back)
    empty(str(folder))
    assert list(folder.iterdir()) == []
