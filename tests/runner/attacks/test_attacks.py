"""Nothing a script does escapes, or harms the job that runs beside it: with every layer, and with fewer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from runner import Failed, Finished, Job, Limits, LocalRunner

from ..conftest import MODES, counted, quiet, settled
from ..jobs import DATA, MODEL, finished, outcome_of
from .table import SECRET, Attack, attacks

LIMITS = Limits(
    wall_seconds=2.0,
    cpu_seconds=1,
    memory_bytes=300_000_000,
    output_bytes=300_000,
    file_bytes=4_000_000,
    threads=100,
)
NEIGHBOUR = "import time\ntime.sleep(0.05)\nprint('hello from next door', sum(range(10_000)))"


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=MODES)
async def guarded(request: pytest.FixtureRequest) -> AsyncIterator[LocalRunner]:
    """A runner with the layers of one mode, started by a process that has secrets."""
    os.environ["TUTOR_TOKEN"] = SECRET
    made = LocalRunner(slots=2, options=replace(MODES[request.param], warm=False))
    await made.ready()
    yield made
    await made.aclose()
    del os.environ["TUTOR_TOKEN"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def baseline(guarded: LocalRunner) -> dict[str, object]:
    """What is there of that runner while nothing runs."""
    await quiet(guarded)
    return counted()


@pytest_asyncio.fixture(loop_scope="session")
async def nothing_left(baseline: dict[str, object]) -> AsyncIterator[None]:
    """After a test no process, descriptor, mount or file of its jobs may be there."""
    yield
    assert await settled(baseline, look=counted) == baseline


@pytest.fixture(scope="session")
def secret_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("secrets") / "token"
    path.write_text(SECRET)
    return path


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("attack", list(attacks()), ids=lambda attack: f"{attack.family}: {attack.name}")
async def test_it_does_not_escape_and_harms_nobody(guarded: LocalRunner, attack: Attack, secret_file: Path) -> None:
    source = attack.source.replace("SECRET_FILE", str(secret_file))
    trusted = not guarded.safety.untrusted  # where the self-test is not clean, only the course's own code would run
    job = Job(source, makes=("model.keras",), limits=LIMITS, trusted=trusted)
    last, neighbour = await asyncio.gather(
        outcome_of(guarded, job), finished(guarded, Job(NEIGHBOUR, name="neighbour.py", limits=LIMITS))
    )
    assert neighbour.output == "hello from next door 49995000\n"
    if "ESCAPED" in last.output:
        assert attack.shared, last
        assert not guarded.safety.untrusted
        return
    if attack.ends and (guarded.safety.untrusted or not attack.shared):
        assert isinstance(last, Failed), last
        assert last.reason in attack.ends, last
    if isinstance(last, Finished):
        assert last.artifacts == ()
        assert last.pictures == ()


@pytest.mark.usefixtures("nothing_left")
async def test_a_model_file_that_runs_code_stays_in_the_sandbox(guarded: LocalRunner) -> None:
    build = DATA + (
        "import keras\nkeras.config.enable_unsafe_deserialization()\n"
        "def evil(x):\n    import os\n    print('EVIL', os.system('true')); return x\n"
        "model = keras.Sequential([keras.Input((6,)), keras.layers.Lambda(evil), keras.layers.Dense(3)])\n"
        "model.compile(loss='mse')\nmodel.save('model.keras')"
    )
    made = await finished(guarded, Job(build, makes=("model.keras",)))
    evil = made.artifacts[0].data
    for file in (evil, evil[:1000], b"", b"PK\x03\x04" + bytes(1000)):
        job = Job(DATA + MODEL + "model.evaluate(x, y, verbose=0)", files={"model.keras": file})
        last, neighbour = await asyncio.gather(finished(guarded, job), finished(guarded, NEIGHBOUR))
        assert "EVIL 0" not in last.output
        assert "could not be judged" in last.output
        assert neighbour.output.startswith("hello")
