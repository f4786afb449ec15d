"""The sandbox is started, replaced and tested without the queue being lost."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from runner import Failed, Finished, Job, JobRefused, LocalPool, Options, Output, Reason, Runner, Started, bubblewrap
from runner.sandbox import Sandbox
from tests.support.waiting import eventually

from .conftest import MODES, descendants, opened
from .jobs import events_of, failed, finished, only
from .observations import warmed


def zygotes() -> set[int]:
    """The processes that bubblewrap wraps, each the parent of its cells."""
    return {pid for pid, (name, parent) in descendants().items() if name.startswith("python") and parent == "bwrap"}


@asynccontextmanager
async def running(runner: Runner) -> AsyncIterator[None]:
    """A job that runs meanwhile."""
    async with aclosing(runner.run(Job("import time\nwhile True: time.sleep(0.01)"))) as events:
        while not isinstance(await anext(events), Started):
            pass
        yield


async def test_jobs_sent_before_the_sandbox_is_ready_wait_for_it() -> None:
    async with opened(slots=2) as (runner, _):
        lasts = await asyncio.gather(*(finished(runner, f"print({n})") for n in range(4)))
        assert [last.output for last in lasts] == [f"{n}\n" for n in range(4)]


async def test_a_dead_zygote_fails_its_jobs_as_lost_and_the_queue_goes_on() -> None:
    others = zygotes()
    async with opened() as (runner, _):
        async with aclosing(runner.run(Job("print('on', flush=True)\nimport time; time.sleep(60)"))) as running:
            while not isinstance(await anext(running), Output):
                pass
            waiting = asyncio.create_task(finished(runner, "print('still here')"))
            os.kill(*(zygotes() - others), signal.SIGKILL)
            lost = [event async for event in running][-1]
        assert isinstance(lost, Failed)
        assert lost.reason is Reason.LOST
        assert "no fault of the example" in lost.detail
        assert (await waiting).output == "still here\n"


async def test_an_old_sandbox_is_replaced_and_jobs_do_not_notice() -> None:
    others = zygotes()
    async with opened(slots=2, options=Options(cells=40)) as (runner, _):
        await runner.ready()
        first = zygotes() - others
        async with asyncio.timeout(120):
            while zygotes() - others <= first:  # the old one goes on until the new one is ready
                lasts = await asyncio.gather(*(finished(runner, "print('ok')") for _ in range(12)))
                assert {last.output for last in lasts} == {"ok\n"}


async def test_a_replaced_sandbox_ends_though_no_job_comes_any_more() -> None:
    """The pre-warmed cell is the last that a sandbox has."""
    others = zygotes()
    async with opened() as (runner, pool):
        await runner.ready()
        first, keeper = zygotes() - others, pool._keeper
        async with asyncio.timeout(60):
            await warmed(pool)
            keeper.renew()
            while keeper._renew.is_set() and len(zygotes() - others) == 1:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.02)
            keeper.renew()  # while the next one starts, as a busy old one asks again and again
            while (left := zygotes() - others) & first or not left:  # noqa: ASYNC110 - a process ends without telling
                await asyncio.sleep(0.02)
        assert len(left) == 1
        assert not keeper._renew.is_set()


async def test_every_layer_is_found_and_the_self_test_is_clean(runner: Runner) -> None:
    safety = await runner.ready()
    assert safety.layers == ("bubblewrap", "namespace", "landlock", "seccomp", "limits")
    assert safety.missing == ()
    assert safety.untrusted


async def test_without_bubblewrap_jobs_run_and_it_is_said() -> None:
    async with opened(options=MODES["without bubblewrap"]) as (runner, _):
        safety = await runner.ready()
        assert "bubblewrap" not in safety.layers
        assert {"landlock", "seccomp", "limits"} <= set(safety.layers)
        assert any("bubblewrap" in line for line in safety.missing)
        assert (await finished(runner, "print('ok')")).output == "ok\n"


async def test_without_user_namespaces_the_courses_own_examples_run_and_a_learners_do_not() -> None:
    async with opened(options=MODES["without user namespaces"]) as (runner, _):
        safety = await runner.ready()
        assert safety.layers == ("landlock", "seccomp", "limits")
        assert any("countless empty files" in line for line in safety.missing)
        assert not safety.untrusted
        assert (await finished(runner, "open('a', 'w').write('x'); print('ok')")).output == "ok\n"
        with pytest.raises(JobRefused, match="only the course's own examples run"):
            await events_of(runner, Job("1", trusted=False))


async def test_a_folder_is_empty_for_the_next_job_whatever_was_in_it() -> None:
    litter = (
        "import os\nfor n in range(50): os.makedirs(f'a{n}/b/c')\n"
        "os.mkdir('closed', 0)\n"
        "for n in range(1500):\n    os.mkdir('d'); os.chdir('d')\n"
    )
    async with opened(options=MODES["without user namespaces"]) as (runner, _):
        for _ in range(4):
            await finished(runner, litter)
            assert (await finished(runner, "import os; print(os.listdir())")).output == "['example.py']\n"


async def test_where_no_sandbox_can_be_started_the_jobs_in_line_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "BOOT", "raise SystemExit('broken on purpose')")
    async with opened(options=Options(bubblewrap=False)) as (runner, _):
        last = await failed(runner, "1")
        assert last.reason is Reason.LOST
        assert "broken on purpose" in last.detail


async def test_a_warm_cell_takes_the_next_job(runner: Runner, pool: LocalPool) -> None:
    await warmed(pool)
    assert only(Started, await events_of(runner, "1"))[0].warm


async def test_a_warm_cell_comes_beside_a_running_job_and_after_it_but_not_while_all_slots_are_taken() -> None:
    async with opened(slots=2, options=Options(refill_seconds=0.0)) as (runner, pool):
        async with running(runner):
            await warmed(pool)
            async with running(runner):
                assert pool._wants_warm_cell() is None
        await warmed(pool)


async def test_the_bots_process_imports_no_tensorflow(runner: Runner) -> None:
    code = "import sys, runner; print([m for m in ('tensorflow', 'keras', 'numpy', 'matplotlib') if m in sys.modules])"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert (await process.communicate())[0] == b"[]\n"


async def test_the_event_loop_stays_free_while_jobs_run(runner: Runner) -> None:
    """By the processor time of the loop's thread: other processes on the machine do not count."""
    held: list[float] = []

    async def tick() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.005)
            held.append(time.thread_time() - before)

    ticking = asyncio.create_task(tick())
    source = "for n in range(20_000): print(n)\nopen('big', 'wb').write(bytes(30_000_000))"
    lasts = await asyncio.gather(*(events_of(runner, Job(source, makes=("big",))) for _ in range(6)))
    ticking.cancel()
    assert all(isinstance(events[-1], Finished | Failed) for events in lasts)
    assert sorted(held)[len(held) * 95 // 100] < 0.1


async def test_a_runner_closed_while_its_sandbox_is_launched_leaves_no_process() -> None:
    """Other runners of this process may fork cells meanwhile, so only the processes of this launch are looked at."""
    program = "import time; time.sleep(600)  # launched in vain"

    def launched() -> list[int]:
        return [pid for pid in descendants() if program in command_of(pid)]

    launcher = ThreadPoolExecutor(1)
    launcher.submit(time.sleep, 0.3)  # a machine that is slow to start a process
    plan = bubblewrap.Plan((sys.executable, "-c", program), {}, (), (), False, False)
    sandbox = Sandbox(plan, launcher, print, print)
    starting = asyncio.create_task(sandbox.start())
    await asyncio.sleep(0.05)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    launcher.shutdown()
    await eventually(lambda: not launched(), "the end of the process that was launched in vain")


def command_of(pid: int) -> str:
    """The command line of a process; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


async def test_jobs_are_told_when_not_even_a_folder_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("runner.keeper.tempfile.mkdtemp", full)
    monkeypatch.setattr("runner.keeper.LONGEST_PAUSE", 0.01)
    async with opened(options=Options(bubblewrap=False)) as (runner, _):
        told = await failed(runner, "1")
        assert told.reason is Reason.LOST
        assert "No space left" in told.detail


async def test_a_sandbox_that_was_replaced_leaves_no_folder(temporary: Path) -> None:
    def there() -> set[str]:
        return {path.name for path in temporary.glob("runner-*")}

    def folders() -> set[str]:
        return there() - others

    others = there()  # of runners that live as long as the session
    async with opened(options=Options(bubblewrap=False, warm=False)) as (runner, pool):
        await runner.ready()
        first = folders()
        pool._keeper.renew()
        async with asyncio.timeout(60):
            while not folders() or folders() & first:  # noqa: ASYNC110 - a folder goes without telling
                await asyncio.sleep(0.05)
        assert len(folders()) == 1
        assert (await finished(runner, "print('still here')")).output == "still here\n"
    assert folders() == set()
