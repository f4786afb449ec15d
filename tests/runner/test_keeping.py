"""The sandbox is started, replaced and tested without the queue being lost."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from runner import Failed, Finished, Job, JobRefused, LocalRunner, Options, Reason, Started, bubblewrap
from runner.sandbox import Sandbox

from .conftest import MODES, descendants, resources, settled
from .jobs import events_of, failed, finished, only


def zygotes() -> set[int]:
    """The processes that bubblewrap wraps, each the parent of its cells."""
    return {pid for pid, (name, parent) in descendants().items() if name.startswith("python") and parent == "bwrap"}


async def test_jobs_sent_before_the_sandbox_is_ready_wait_for_it() -> None:
    runner = LocalRunner(slots=2)
    try:
        lasts = await asyncio.gather(*(finished(runner, f"print({n})") for n in range(4)))
        assert [last.output for last in lasts] == [f"{n}\n" for n in range(4)]
    finally:
        await runner.aclose()


async def test_a_dead_zygote_fails_its_jobs_as_lost_and_the_queue_goes_on() -> None:
    before, others = resources(), zygotes()
    runner = LocalRunner(slots=1)
    try:
        await runner.ready()
        running = asyncio.create_task(failed(runner, "import time; time.sleep(60)"))
        waiting = asyncio.create_task(finished(runner, "print('still here')"))
        await asyncio.sleep(0.3)
        os.kill(*(zygotes() - others), signal.SIGKILL)
        lost = await running
        assert lost.reason is Reason.LOST
        assert "no fault of the example" in lost.detail
        assert (await waiting).output == "still here\n"
    finally:
        await runner.aclose()
    assert await settled(before) == before


async def test_an_old_sandbox_is_replaced_and_jobs_do_not_notice() -> None:
    before, others = resources(), zygotes()
    runner = LocalRunner(slots=2, options=Options(cells=40))
    try:
        await runner.ready()
        first = zygotes() - others
        for _ in range(6):
            lasts = await asyncio.gather(*(finished(runner, "print('ok')") for _ in range(12)))
            assert {last.output for last in lasts} == {"ok\n"}
            await asyncio.sleep(1)
        assert zygotes() - others != first
    finally:
        await runner.aclose()
    assert await settled(before) == before


async def test_a_replaced_sandbox_ends_though_no_job_comes_any_more() -> None:
    """The pre-warmed cell is the last that a sandbox has."""
    others = zygotes()
    runner = LocalRunner(slots=1)
    try:
        await runner.ready()
        first = zygotes() - others
        async with asyncio.timeout(60):
            while runner._warm is None:  # noqa: ASYNC110 - it comes without telling
                await asyncio.sleep(0.02)
            runner._keeper.renew()
            await asyncio.sleep(0.1)
            runner._keeper.renew()  # while the next one starts, as a busy old one asks again and again
            while (left := zygotes() - others) & first or not left:  # noqa: ASYNC110 - a process ends without telling
                await asyncio.sleep(0.02)
        assert len(left) == 1
        assert not runner._keeper._renew.is_set()
    finally:
        await runner.aclose()


async def test_every_layer_is_found_and_the_self_test_is_clean(runner: LocalRunner) -> None:
    safety = await runner.ready()
    assert safety.layers == ("bubblewrap", "namespace", "landlock", "seccomp", "limits")
    assert safety.missing == ()
    assert safety.untrusted


async def test_without_bubblewrap_jobs_run_and_it_is_said() -> None:
    before = resources()
    runner = LocalRunner(slots=1, options=MODES["without bubblewrap"])
    try:
        safety = await runner.ready()
        assert "bubblewrap" not in safety.layers
        assert {"landlock", "seccomp", "limits"} <= set(safety.layers)
        assert any("bubblewrap" in line for line in safety.missing)
        assert (await finished(runner, "print('ok')")).output == "ok\n"
    finally:
        await runner.aclose()
    assert await settled(before) == before


async def test_without_user_namespaces_the_courses_own_examples_run_and_a_learners_do_not() -> None:
    before = resources()
    runner = LocalRunner(slots=1, options=MODES["without user namespaces"])
    try:
        safety = await runner.ready()
        assert safety.layers == ("landlock", "seccomp", "limits")
        assert any("countless empty files" in line for line in safety.missing)
        assert not safety.untrusted
        assert (await finished(runner, "open('a', 'w').write('x'); print('ok')")).output == "ok\n"
        with pytest.raises(JobRefused, match="only the course's own examples run"):
            await events_of(runner, Job("1", trusted=False))
    finally:
        await runner.aclose()
    assert await settled(before) == before


async def test_a_folder_is_empty_for_the_next_job_whatever_was_in_it() -> None:
    runner = LocalRunner(slots=1, options=MODES["without user namespaces"])
    litter = (
        "import os\nfor n in range(50): os.makedirs(f'a{n}/b/c')\n"
        "os.mkdir('closed', 0)\n"
        "for n in range(1500):\n    os.mkdir('d'); os.chdir('d')\n"
    )
    try:
        for _ in range(4):
            await finished(runner, litter)
            assert (await finished(runner, "import os; print(os.listdir())")).output == "['example.py']\n"
    finally:
        await runner.aclose()


async def test_where_no_sandbox_can_be_started_the_jobs_in_line_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "BOOT", "raise SystemExit('broken on purpose')")
    runner = LocalRunner(slots=1, options=Options(bubblewrap=False))
    try:
        last = await failed(runner, "1")
        assert last.reason is Reason.LOST
        assert "broken on purpose" in last.detail
    finally:
        await runner.aclose()


async def test_a_warm_cell_takes_the_next_job(runner: LocalRunner) -> None:
    await finished(runner, "1")
    await asyncio.sleep(1.5)
    assert only(Started, await events_of(runner, "1"))[0].warm


async def test_the_bots_process_imports_no_tensorflow(runner: LocalRunner) -> None:
    code = "import sys, runner; print([m for m in ('tensorflow', 'keras', 'numpy', 'matplotlib') if m in sys.modules])"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert (await process.communicate())[0] == b"[]\n"


async def test_one_owner_runs_one_job_at_once(runner: LocalRunner) -> None:
    source = "import time; print(time.monotonic(), flush=True); time.sleep(0.2); print(time.monotonic())"
    lasts = await asyncio.gather(*(finished(runner, Job(source, owner="ada")) for _ in range(3)))
    spans = sorted(tuple(map(float, last.output.split())) for last in lasts)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


async def test_the_event_loop_stays_free_while_jobs_run(runner: LocalRunner) -> None:
    late: list[float] = []

    async def tick() -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + 0.005
            await asyncio.sleep(0.005)
            late.append(loop.time() - due)

    ticking = asyncio.create_task(tick())
    source = "for n in range(20_000): print(n)\nopen('big', 'wb').write(bytes(30_000_000))"
    lasts = await asyncio.gather(*(events_of(runner, Job(source, makes=("big",))) for _ in range(6)))
    ticking.cancel()
    assert all(isinstance(events[-1], Finished | Failed) for events in lasts)
    assert sorted(late)[len(late) * 95 // 100] < 0.1


async def test_a_runner_closed_while_its_sandbox_is_launched_leaves_no_process() -> None:
    before = descendants()
    launcher = ThreadPoolExecutor(1)
    launcher.submit(time.sleep, 0.3)  # a machine that is slow to start a process
    plan = bubblewrap.Plan((sys.executable, "-c", "import time; time.sleep(5)"), {}, (), (), False, False)
    sandbox = Sandbox(plan, launcher, print, print)
    starting = asyncio.create_task(sandbox.start())
    await asyncio.sleep(0.05)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    launcher.shutdown()
    assert descendants() == before


async def test_jobs_are_told_when_not_even_a_folder_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("runner.keeper.tempfile.mkdtemp", full)
    monkeypatch.setattr("runner.keeper.LONGEST_PAUSE", 0.01)
    runner = LocalRunner(slots=1, options=Options(bubblewrap=False))
    try:
        told = await failed(runner, "1")
        assert told.reason is Reason.LOST
        assert "No space left" in told.detail
    finally:
        await runner.aclose()


async def test_a_sandbox_that_was_replaced_leaves_no_folder(temporary: Path) -> None:
    def there() -> set[str]:
        return {path.name for path in temporary.glob("runner-*")}

    def folders() -> set[str]:
        return there() - others

    others = there()  # of runners that live as long as the session
    runner = LocalRunner(slots=1, options=Options(bubblewrap=False, warm=False))
    try:
        await runner.ready()
        first = folders()
        runner._keeper.renew()
        async with asyncio.timeout(60):
            while not folders() or folders() & first:  # noqa: ASYNC110 - a folder goes without telling
                await asyncio.sleep(0.05)
        assert len(folders()) == 1
        assert (await finished(runner, "print('still here')")).output == "still here\n"
    finally:
        await runner.aclose()
    assert folders() == set()
