"""How the zygote is started: with bubblewrap around it, or bare.

Works out the command line and the environment; starts nothing.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

INSIDE = Path(__file__).parent / "inside"
HOME = "/opt/sandbox"
"""Where the inside of the sandbox is seen from the inside."""
DATASETS = "/opt/datasets"
"""Where the operator's data sets are seen from the inside."""
SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/lib32", "/lib", "/lib64", "/lib32")
BOOT = "import sys; sys.path[:0] = sys.argv[1:]; from inside.zygote import main; main()"


@dataclass(frozen=True, slots=True)
class Plan:
    """How one zygote is started, and what it is told first."""

    command: tuple[str, ...]
    environment: dict[str, str]
    look: tuple[str, ...]
    """Folders that cells may read."""
    work: tuple[str, ...]
    """A folder for each cell at work."""
    namespaces: bool
    """Whether cells try to have namespaces of their own."""
    bubblewrap: bool
    datasets: str = ""
    """Where Keras' data sets are seen, if the operator has a folder of them."""
    folder: str = ""
    """The host's temporary folder that this zygote has for itself, if it has one."""


def wrapped(folders: int, disk_bytes: int, namespaces: bool = True, datasets: Path | None = None) -> Plan | None:
    """The plan with bubblewrap around the zygote; None where bubblewrap is not installed.

    `datasets` is a folder that every cell may read.
    """
    program = shutil.which("bwrap")
    if program is None:
        return None
    look = (*libraries(), f"{HOME}/inside", *([DATASETS] if datasets else []))
    work = tuple(f"/scratch/{number}" for number in range(folders))
    environment = _environment("/tmp")  # noqa: S108 - a tmpfs of its own
    walls = (*_namespaces(), *_view(work, disk_bytes, datasets), *_settings(environment))
    command = (program, *walls, "--", *_python(HOME))
    return Plan(command, {}, look, work, namespaces, True, DATASETS if datasets else "")


def bare(work: tuple[str, ...], temporary: str, namespaces: bool = True, datasets: Path | None = None) -> Plan:
    """The plan without bubblewrap: cells lock themselves in, and that is all."""
    seen = str(datasets.resolve()) if datasets else ""
    look = (*libraries(), str(INSIDE), *([seen] if seen else []))
    command = _python(str(INSIDE.parent))
    return Plan(command, _environment(temporary), look, work, namespaces, False, seen, temporary)


def libraries() -> tuple[str, ...]:
    """What a Python process reads: system libraries, the standard library, and the packages.

    No folder within another.
    """
    wanted = (*SYSTEM, f"{sys.base_prefix}/lib", *_site())
    found = dict.fromkeys(os.path.realpath(path) for path in wanted if os.path.isdir(path))
    return tuple(path for path in found if not any(path.startswith(f"{other}/") for other in found))


def _python(home: str) -> tuple[str, ...]:
    """The interpreter itself, isolated, without site: only these folders are on its path."""
    return (os.path.realpath(sys.executable), "-I", "-S", "-B", "-c", BOOT, home, *_site())


def _site() -> tuple[str, ...]:
    """Where packages are installed."""
    return tuple(dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))))


def _namespaces() -> Iterator[str]:
    kinds = ("ipc", "pid", "net", "uts")
    yield from (f"--unshare-{kind}" for kind in kinds)
    yield "--unshare-cgroup-try"
    yield from ("--as-pid-1", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL")
    if os.geteuid() == 0:
        # Root builds the walls with its own privileges; the zygote's first act is to become nobody.
        yield from ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
    else:
        yield from ("--unshare-user", "--uid", "65534", "--gid", "65534")


def _view(work: tuple[str, ...], disk_bytes: int, datasets: Path | None) -> Iterator[str]:
    """The files that exist inside."""
    same = (*libraries(), *_site(), os.path.realpath(sys.executable))
    binds = {**{path: path for path in same}, f"{HOME}/inside": str(INSIDE)}
    if datasets:
        binds[DATASETS] = str(datasets.resolve())
    # First, or it would hide a Python environment that lies below it.
    yield from ("--size", "64000000", "--perms", "1777", "--tmpfs", "/tmp")  # noqa: S108
    parents = dict.fromkeys(str(one) for path in (*binds, *work) for one in reversed(Path(path).parents[:-1]))
    for path in parents:
        yield from ("--perms", "0755", "--dir", path)  # bubblewrap would make them for its own user only
    for path, source in binds.items():
        yield from ("--ro-bind", source, path)
    for path in SYSTEM:
        if os.path.islink(path):
            yield from ("--symlink", os.readlink(path), path)
    yield from ("--proc", "/proc", "--dev", "/dev")
    for path in work:
        yield from ("--size", str(disk_bytes), "--perms", "0777", "--tmpfs", path)
    yield from ("--remount-ro", "/", "--chdir", "/")


def _settings(environment: dict[str, str]) -> Iterator[str]:
    for name, value in environment.items():
        yield from ("--setenv", name, value)


def _environment(temporary: str) -> dict[str, str]:
    return {
        "TMPDIR": temporary,
        "HOME": temporary,
        "LANG": "C.UTF-8",
        "LD_LIBRARY_PATH": f"{sys.base_prefix}/lib",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": f"{temporary}/matplotlib",
        "KERAS_HOME": f"{temporary}/keras",
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "HDF5_USE_FILE_LOCKING": "FALSE",
        # The zygote must stay single-threaded, and a cell's address space small.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "JOBLIB_MULTIPROCESSING": "0",  # it has no processes, and need not try
    }
