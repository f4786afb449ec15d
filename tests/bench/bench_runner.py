"""How fast the runner is: `python -m tests.bench.bench_runner`. Medians of one interleaved run; compare ratios.

Every round runs, one after the other, the same example cold, warm in one process, through a fork and through the warm
cell, so that whatever else the machine does meets them all alike.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from runner import EpochEnded, Finished, Job, LocalPool, Options, Output, Queue, Runner, Started, bubblewrap
from runner.inside import namespace
from runner.inside.lockdown import Bounds, Lockdown, prepared

SCRIPT = """
import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Input
model = Sequential([Input((784,)), Dense(64, activation='relu'), Dense(10, activation='softmax')])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
x_train = np.random.random((100, 784)).astype(np.float32)
y_train = np.random.randint(10, size=(100, 1)).astype(np.int32)
model.fit(x_train, y_train, epochs=10, batch_size=32, verbose=0)
"""
ROUNDS = 10
TOGETHER = 30
COLD_TOGETHER = 6
"""Cold runs are so slow that a few tell how many a minute there are."""
PAUSE = 1.2
"""Between two jobs: the warm cell has come back by then."""

MARK = """
import sys, keras
def mark(word): sys.stdout.write(word + '\\n'); sys.stdout.flush()
fit = keras.Model.fit
def noted(self, *a, **k):
    first = keras.callbacks.LambdaCallback(on_epoch_end=lambda e, logs: e or mark('first'))
    return fit(self, *a, **k, callbacks=[first])
keras.Model.fit = noted
"""
IN_PROCESS = f"""{MARK}
mark('ready')
while sys.stdin.readline():
    exec({SCRIPT!r}, {{}})
    mark('done')
"""


@dataclass
class Times:
    """Seconds from the request to the first epoch, and to the end."""

    first: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)

    def row(self, name: str) -> str:
        return f"| {name} | {median(self.first):.2f} | {median(self.done):.2f} |"


async def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    runner = Queue(LocalPool(slots=2))
    forking = Queue(LocalPool(slots=2, options=Options(warm=False)))
    await forking.ready()
    safety = await runner.ready()
    print("layers:", ", ".join(safety.layers), "\n")
    warm_process = Plain()
    names = ("cold `python train.py`", "fit in a warm process", "ours, cold fork", "ours, warm")
    cold, inside, fork, warm = (Times() for _ in names)
    for _ in range(ROUNDS):
        await asyncio.to_thread(run_cold, cold)
        await asyncio.to_thread(warm_process.run, inside)
        await asyncio.sleep(PAUSE)
        await run_ours(runner, warm, expect_warm=True)
        await run_ours(forking, fork, expect_warm=False)
    warm_process.close()
    print("| | first epoch, s | done, s |\n|---|---|---|")
    for name, times in zip(names, (cold, inside, fork, warm), strict=True):
        print(times.row(name))
    print(f"\nfirst epoch, cold : ours warm = {median(cold.first) / median(warm.first):.1f}")
    print(f"first epoch, cold : ours fork = {median(cold.first) / median(fork.first):.1f}")
    print(f"first epoch, ours warm : warm process = {median(warm.first) / median(inside.first):.2f}")
    await together(runner)
    await cancelling(runner)
    await runner.aclose()
    await memory(forking)
    await forking.aclose()
    lockdown()


def run_cold(times: Times) -> None:
    """A new Python for the script."""
    began = time.perf_counter()
    with python("-c", MARK + SCRIPT) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != "first":
            pass
        times.first.append(time.perf_counter() - began)
        process.wait()
    times.done.append(time.perf_counter() - began)


@contextlib.contextmanager
def python(*arguments: str):  # type: ignore[no-untyped-def]
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, *arguments], text=True, env=environment, **pipes) as process:
        yield process


class Plain:
    """A process in which Keras has run already, without any sandbox: the floor."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._process = self._stack.enter_context(python("-c", IN_PROCESS))
        self._wait("ready")
        self.run(Times())

    def run(self, times: Times) -> None:
        began = time.perf_counter()
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        self._wait("first")
        times.first.append(time.perf_counter() - began)
        self._wait("done")
        times.done.append(time.perf_counter() - began)

    def close(self) -> None:
        self._process.stdin.close()
        self._stack.close()

    def _wait(self, word: str) -> None:
        while self._process.stdout.readline().strip() != word:
            pass


async def run_ours(runner: Runner, times: Times, expect_warm: bool) -> None:
    """One job, from the request to its last event."""
    began, first = time.perf_counter(), 0.0
    async for event in runner.run(Job(SCRIPT)):
        if isinstance(event, Started) and event.warm != expect_warm:
            print(f"(a job was {'warm' if event.warm else 'forked'} that should not have been)")
        if isinstance(event, EpochEnded) and not first:
            first = time.perf_counter() - began
    assert isinstance(event, Finished), event
    times.first.append(first)
    times.done.append(time.perf_counter() - began)


async def together(runner: Runner) -> None:
    """Jobs a minute when a class presses the button at once."""
    began = time.perf_counter()
    await asyncio.gather(*(run_quietly(runner, SCRIPT) for _ in range(TOGETHER)))
    ours = TOGETHER / (time.perf_counter() - began) * 60
    began = time.perf_counter()
    halves = [asyncio.to_thread(lambda: [run_cold(Times()) for _ in range(COLD_TOGETHER // 2)]) for _ in range(2)]
    await asyncio.gather(*halves)
    cold = COLD_TOGETHER / (time.perf_counter() - began) * 60
    print(f"\njobs a minute, {TOGETHER} at once: {ours:.0f}; cold, two at a time: {cold:.0f}; ratio {ours / cold:.1f}")


async def run_quietly(runner: Runner, source: str) -> None:
    events = [event async for event in runner.run(Job(source))]
    assert isinstance(events[-1], Finished), events[-1]


async def memory(runner: Runner) -> None:
    """Private memory of a job that has just trained. Only root may look into a locked process."""
    job = runner.run(Job(SCRIPT + "\nimport time\nprint('ready', flush=True)\ntime.sleep(60)"))
    async for event in job:
        if isinstance(event, Output):
            break
    zygote, running = sandboxed()
    with contextlib.suppress(PermissionError):
        print(f"private memory of a job: {private(running) / 1e6:.0f} MB; the zygote: {resident(zygote) / 1e6:.0f} MB")
    await job.aclose()


def sandboxed() -> list[int]:
    """The Python processes below this one, oldest first."""
    known: dict[int, tuple[str, int, int]] = {}  # by pid: name, parent, start
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            name, rest = (folder / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
            fields = rest.split()
            known[int(folder.name)] = name, int(fields[1]), int(fields[19])

    def below(pid: int) -> bool:
        return pid in known and (known[pid][1] == os.getpid() or below(known[pid][1]))

    found = [pid for pid, (name, _, _) in known.items() if name.startswith("python") and below(pid)]
    return sorted(found, key=lambda pid: known[pid][2])


def private(pid: int) -> int:
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Private_"))


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


async def cancelling(runner: Runner) -> None:
    """From closing the events of a running job to its end."""
    spent = []
    for _ in range(ROUNDS):
        job = runner.run(Job("import time\nprint('on', flush=True)\ntime.sleep(60)"))
        async for event in job:
            if isinstance(event, Output):
                break
        began = time.perf_counter()
        await job.aclose()
        spent.append(time.perf_counter() - began)
    print(f"cancelling a running job: {median(spent) * 1e3:.0f} ms")


def lockdown() -> None:
    """What the inner layer costs a cell: its own namespaces, then limits, Landlock and the list of system calls."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        work.mkdir()
        os.chmod(folder, 0o755)
        os.chmod(work, 0o777)
        proc = namespace.false_proc(Path(folder))
        locks = prepared(bubblewrap.libraries())
        spent = [in_a_child(lambda: lock(locks, str(work), proc)) for _ in range(ROUNDS)]
    enter, apply = (median(column) * 1e3 for column in zip(*spent, strict=True))
    print(f"lockdown of a job: {apply:.1f} ms, and {enter:.1f} ms for namespaces of its own")


def lock(locks: Lockdown, work: str, proc: Path) -> tuple[float, float]:
    if os.getuid() == 0:
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    began = time.perf_counter()
    namespace.enter(work, proc, 32_000_000)
    entered = time.perf_counter()
    locks.apply(Bounds(1_500_000_000, 90, 32_000_000, 200), work)
    return entered - began, time.perf_counter() - entered


def in_a_child(work: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    """What `work` returns in a fork, which it may lock as it likes."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(write)
    with open(read) as answer:
        first, second = json.load(answer)
    os.waitpid(pid, 0)
    return first, second


if __name__ == "__main__":
    asyncio.run(main())
