"""Landlock: which files a process may touch, decided by itself, for good.

Plain ctypes; the numbers are those of linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

# These three syscalls have the same number on every architecture.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << n for n in range(6))
MAKE_DIR, MAKE_REG = 1 << 7, 1 << 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15

LOOK = READ_FILE | READ_DIR
WORK = LOOK | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE
"""Ordinary files and folders. Never symbolic links, sockets, fifos or devices."""
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _call(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def abi() -> int:
    """The kernel's Landlock version; 0 when it has none."""
    try:
        return _call(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    except OSError:
        return 0


def ruleset(look: Iterable[str], work: Iterable[str], devices: Iterable[str]) -> int:
    """A ruleset as a descriptor: `look` may be read, `work` read and written; `devices` are files for both.

    Paths that do not exist are left out. Everything else is refused: files, TCP, signals and abstract sockets to the
    outside (as far as the kernel's version goes). Raises OSError when the kernel has no Landlock.
    """
    version = abi()
    handled = (1 << 13) - 1
    for since, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV)):
        if version >= since:
            handled |= right
    tcp = 0b11 if version >= 4 else 0
    scopes = 0b11 if version >= 6 else 0
    attributes = struct.pack("QQQ", handled, tcp, scopes)
    size = 8 if version < 4 else 16 if version < 6 else 24
    rules = _call(CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint(0))
    for paths, rights in ((look, LOOK), (work, WORK), (devices, READ_FILE | WRITE_FILE)):
        for path in paths:
            if os.path.exists(path):
                _allow(rules, path, rights & handled)
    return rules


def _allow(rules: int, path: str, rights: int) -> None:
    target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(target).st_mode):
            rights &= OF_FILES
        _call(ADD_RULE, ctypes.c_int(rules), ctypes.c_int(1), struct.pack("=Qi", rights, target), ctypes.c_uint(0))
    finally:
        os.close(target)


def restrict(rules: int) -> None:
    """Bind the calling thread, and every thread it starts from now on, to the ruleset. Needs no_new_privs."""
    _call(RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint(0))
