"""One runner for the whole session: a sandbox takes seconds to start. After every test nothing may be left behind."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from runner import LocalPool, Options, Queue, Runner

PLAIN = Options()
MODES = {
    "full": PLAIN,
    "without bubblewrap": Options(bubblewrap=False),
    "without user namespaces": Options(bubblewrap=False, namespaces=False),
}


LASTING: list[LocalPool] = []
"""Pools that are there for the whole session."""
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every async test here shares the session's event loop, because it shares the session's runner."""
    for item in items:
        if item.path.is_relative_to(HERE) and item.get_closest_marker("asyncio") is not None:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session", autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of our own for temporary files, so that what is left there is ours."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("runner"))
    yield Path(tempfile.tempdir)
    tempfile.tempdir = before


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pool() -> AsyncIterator[LocalPool]:
    """The pool of `runner`: two slots, every layer."""
    made = LocalPool(slots=2)
    await made.ready()
    LASTING.append(made)
    yield made
    LASTING.remove(made)
    await made.aclose()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def runner(pool: LocalPool) -> Runner:
    """The session's runner."""
    return Queue(pool)


@asynccontextmanager
async def opened(slots: int = 1, options: Options = PLAIN) -> AsyncIterator[tuple[Runner, LocalPool]]:
    """A runner for one test, with its pool; afterwards nothing of it may be there."""
    for other in LASTING:
        await quiet(other)
    before = resources()
    pool = LocalPool(slots=slots, options=options)
    runner = Queue(pool)
    try:
        yield runner, pool
    finally:
        await runner.aclose()
    assert await settled(before) == before


def descendants() -> dict[int, tuple[str, str]]:
    """Every process below this one, by pid: its name and its parent's."""
    parents: dict[int, tuple[int, str]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                name, rest = (folder / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
            except OSError:
                continue
            parents[int(folder.name)] = (int(rest.split()[1]), name)
    found: dict[int, tuple[str, str]] = {}
    known = {os.getpid()}
    while more := {pid for pid, (parent, _) in parents.items() if parent in known} - known:
        known |= more
        found |= {pid: (parents[pid][1], parents.get(parents[pid][0], (0, ""))[1]) for pid in more}
    return found


def resources() -> dict[str, object]:
    """What a job could leave behind."""
    return {
        "processes": len(descendants()),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "mounts": [line for line in Path("/proc/self/mounts").read_text().splitlines() if "scratch" in line],
        "files": sorted(str(path) for path in Path(tempfile.gettempdir()).rglob("*")),
    }


def counted() -> dict[str, object]:
    """The same, files by their number: a sandbox that took another's place has a folder of another name."""
    found = resources()
    return found | {"files": len(found["files"])}  # type: ignore[arg-type]


async def settled(
    expected: dict[str, object], seconds: float = 60.0, look: Callable[[], dict[str, object]] = resources
) -> dict[str, object]:
    """Wait until things are as expected (a warm cell and a new sandbox come in their own time); returns what they are
    then, or after that many seconds."""
    end = time.monotonic() + seconds
    while (now := look()) != expected and time.monotonic() < end:  # noqa: ASYNC110 - processes end without telling
        await asyncio.sleep(0.02)
    return now


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def baseline(pool: LocalPool) -> dict[str, object]:
    """What is there while nothing runs: the sandbox and its warm cell."""
    await quiet(pool)
    return counted()


@pytest_asyncio.fixture(loop_scope="session")
async def at_rest(baseline: dict[str, object]) -> AsyncIterator[None]:
    """Asserts that a test leaves nothing behind."""
    yield
    assert await settled(baseline, look=counted) == baseline


async def quiet(pool: LocalPool) -> None:
    """Wait until the pool is at rest, with the warm cell that it should have, and resources have stopped changing."""
    keeper = pool._keeper

    def busy() -> bool:
        changes = keeper.sandbox is None or keeper._renew.is_set() or keeper._retired or keeper._tasks
        return bool(changes or pool._executions or (pool._options.warm and pool._warm._cell is None))

    while busy():  # noqa: ASYNC110
        await asyncio.sleep(0.03)
    before = resources()
    since = time.monotonic()
    while time.monotonic() - since < 0.3:
        await asyncio.sleep(0.03)
        now = resources()
        if now != before:
            before, since = now, time.monotonic()
