"""A cell's own view of the files: a fresh tmpfs to work in, and a /proc that shows nobody."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

from . import lockdown

NEW_NAMESPACES = 0x10000000 | 0x00020000  # user and mount
READ_ONLY, NO_SUID, NO_DEVICES, NO_EXEC, REMOUNT, NO_FOLLOW, BIND = 1, 2, 4, 8, 32, 256, 4096
SHOWN = ("cpuinfo", "meminfo", "stat", "version", "filesystems")
INODES = 2048

_libc = ctypes.CDLL(None, use_errno=True)


def false_proc(folder: Path) -> Path:
    """Make a /proc without processes under `folder`.

    TensorFlow looks up its own program, libraries look at the processors.
    """
    proc = folder / "proc"
    (proc / "self").mkdir(parents=True)
    (proc / "self" / "cmdline").write_bytes(b"python\0")
    (proc / "self" / "exe").symlink_to(os.readlink("/proc/self/exe"))
    for name in SHOWN:
        shutil.copyfile(f"/proc/{name}", proc / name)
    return proc


def enter(work: str, proc: Path, file_bytes: int) -> None:
    """Move the calling process to namespaces of its own, with an empty `work` that holds two files of `file_bytes`.

    Raises OSError where that is refused.
    """
    uid, gid = os.getuid(), os.getgid()
    lockdown.dumpable(True)  # else /proc/self belongs to root, and the maps cannot be written
    if _libc.unshare(NEW_NAMESPACES):
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        Path("/proc/self", name).write_text(text)
    options = f"size={2 * file_bytes},nr_inodes={INODES},mode=0700"
    _mount("scratch", work, "tmpfs", NO_SUID | NO_DEVICES | NO_EXEC | NO_FOLLOW, options)
    _mount(str(proc), "/proc", None, BIND)
    _mount(None, "/proc", None, BIND | REMOUNT | READ_ONLY | NO_SUID | NO_DEVICES | NO_EXEC)


def die_first() -> None:
    """When the machine runs out of memory, this process goes first. Before `enter`: its /proc has no such file."""
    Path("/proc/self/oom_score_adj").write_text("1000")


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    def text(value: str | None) -> bytes | None:
        return None if value is None else value.encode()

    if _libc.mount(text(source), text(target), text(kind), ctypes.c_ulong(flags), text(options)):
        raise OSError(ctypes.get_errno(), f"mount {target}")
