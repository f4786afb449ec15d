"""How an attack is tried. A test file for each mode, so that several processes share them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from runner import Failed, Finished, Job, Limits, LocalPool, Options, Queue, Runner

from ..conftest import counted, quiet, settled
from ..jobs import DATA, MODEL, finished, outcome_of
from .table import SECRET, Attack

LIMITS = Limits(
    wall_seconds=2.0,
    cpu_seconds=1,
    memory_bytes=300_000_000,
    output_bytes=300_000,
    file_bytes=4_000_000,
    threads=100,
)
NEIGHBOUR = "import time\ntime.sleep(0.05)\nprint('hello from next door', sum(range(10_000)))"


class Target:
    """A runner to attack, and what is there while it is at rest."""

    def __init__(self, runner: Runner, at_rest: dict[str, object], secret_file: Path) -> None:
        self.runner = runner
        self._at_rest = at_rest
        self._secret_file = secret_file

    async def withstands(self, attack: Attack) -> None:
        """Assert that the attack does not escape, harms no job beside it, and leaves nothing behind."""
        source = attack.source.replace("SECRET_FILE", str(self._secret_file))
        untrusted = self.runner.safety.untrusted  # where the self-test is not clean, only the course's code would run
        job = Job(source, makes=("model.keras",), limits=LIMITS, trusted=not untrusted)
        last, neighbour = await asyncio.gather(
            outcome_of(self.runner, job), finished(self.runner, Job(NEIGHBOUR, name="neighbour.py", limits=LIMITS))
        )
        assert neighbour.output == "hello from next door 49995000\n"
        await self.nothing_is_left()
        if "ESCAPED" in last.output:
            assert attack.shared, last
            assert not untrusted
            return
        assert attack.says in last.output
        if attack.ends and (untrusted or not attack.shared):
            assert isinstance(last, Failed), last
            assert last.reason in attack.ends, last
        if isinstance(last, Finished):
            assert last.artifacts == ()
            assert last.pictures == ()

    async def keeps_in_a_model_file_that_runs_code(self) -> None:
        """Assert that code in a model file, which Keras runs on loading it, runs in the sandbox only."""
        build = DATA + (
            "import keras\nkeras.config.enable_unsafe_deserialization()\n"
            "def evil(x):\n    import os\n    print('EVIL', os.system('true')); return x\n"
            "model = keras.Sequential([keras.Input((6,)), keras.layers.Lambda(evil), keras.layers.Dense(3)])\n"
            "model.compile(loss='mse')\nmodel.save('model.keras')"
        )
        made = await finished(self.runner, Job(build, makes=("model.keras",)))
        evil = made.artifacts[0].data
        for file in (evil, evil[:1000], b"", b"PK\x03\x04" + bytes(1000)):
            job = Job(DATA + MODEL + "model.evaluate(x, y, verbose=0)", files={"model.keras": file})
            last, neighbour = await asyncio.gather(finished(self.runner, job), finished(self.runner, NEIGHBOUR))
            assert "EVIL 0" not in last.output
            assert "could not be judged" in last.output
            assert neighbour.output.startswith("hello")
        await self.nothing_is_left()

    async def nothing_is_left(self) -> None:
        """Assert that no process, descriptor, mount or file of a job is there any more."""
        assert await settled(self._at_rest, look=counted) == self._at_rest


@asynccontextmanager
async def attacked(options: Options, folder: Path) -> AsyncIterator[Target]:
    """A target with these layers, started by a process that has secrets in its environment and in a file."""
    secret_file = folder / "token"
    secret_file.write_text(SECRET)
    os.environ["TUTOR_TOKEN"] = SECRET
    pool = LocalPool(slots=2, options=replace(options, warm=False))
    runner = Queue(pool)
    try:
        await runner.ready()
        await quiet(pool)
        yield Target(runner, counted(), secret_file)
    finally:
        await runner.aclose()
        del os.environ["TUTOR_TOKEN"]
