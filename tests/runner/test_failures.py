"""Every way a job can fail is told apart, in a sentence that a learner understands."""

from __future__ import annotations

import pytest

from runner import Failed, Hint, HintCode, Job, Limits, Output, Reason, Runner

from .jobs import MODEL, events_of, failed, finished, only

pytestmark = pytest.mark.usefixtures("at_rest")


async def test_wall_time(runner: Runner) -> None:
    last = await failed(runner, Job("import time; time.sleep(60)", limits=Limits(wall_seconds=0.5)))
    assert (last.reason, last.detail) == (
        Reason.TIMEOUT,
        "The example took longer than the 0.5 seconds it may take.",
    )
    assert 0.5 <= last.seconds < 5


async def test_processor_time_even_when_the_signal_is_ignored(runner: Runner) -> None:
    busy = "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    for source in ("while True: pass", busy):
        last = await failed(runner, Job(source, limits=Limits(cpu_seconds=1)))
        assert (last.reason, last.detail) == (
            Reason.TIMEOUT,
            "The example used up its 1 seconds of processor time.",
        )


@pytest.mark.parametrize(
    "source",
    [
        "x = bytearray(600_000_000)",
        "import numpy as np\nx = np.ones(100_000_000)",
        "import tensorflow as tf\nx = tf.ones([100_000_000])",
        "x = []\nwhile True: x.append(bytes(100_000))",
        "try:\n    x = bytearray(10**12)\nexcept MemoryError as error:\n    raise ValueError('wrapped') from error",
    ],
)
async def test_memory(runner: Runner, source: str) -> None:
    last = await failed(runner, Job(source, limits=Limits(memory_bytes=300_000_000)))
    assert last.reason is Reason.MEMORY
    assert last.detail.startswith("The example needed more memory than the 300 MB it may use (line ")


async def test_memory_that_native_code_runs_out_of(runner: Runner) -> None:
    source = 'import os, sys\nsys.stderr.write("terminate called: what():  std::bad_alloc\\n")\nos.abort()'
    last = await failed(runner, source)
    assert (last.reason, last.detail) == (
        Reason.MEMORY,
        "The example needed more memory than the 1.5 GB it may use.",
    )


async def test_too_much_printed(runner: Runner) -> None:
    job = Job("while True: print('x' * 1000)", limits=Limits(output_bytes=1_000_000))
    events = await events_of(runner, job)
    last = events[-1]
    assert isinstance(last, Failed)
    assert (last.reason, last.detail) == (Reason.OUTPUT, "The example printed more than 1 MB.")
    assert sum(len(event.text) for event in only(Output, events)) < 1_200_000
    assert len(last.output) < 70_000


async def test_a_file_too_large(runner: Runner) -> None:
    last = await failed(runner, Job("open('big', 'wb').write(bytes(2_000_000))", limits=Limits(file_bytes=1_000_000)))
    assert last.reason is Reason.OUTPUT
    assert last.detail == "The example wrote more to its files than it may: 1 MB in one, twice that in all."
    assert last.line == 1


async def test_files_too_large_together(runner: Runner) -> None:
    source = "for n in range(9): open(f'{n}', 'wb').write(bytes(900_000))"
    last = await failed(runner, Job(source, limits=Limits(file_bytes=1_000_000)))
    assert last.reason is Reason.OUTPUT


async def test_too_many_files(runner: Runner) -> None:
    last = await failed(runner, "for n in range(9000): open(f'{n}', 'w').close()")
    assert last.reason is Reason.OUTPUT


async def test_too_many_threads(runner: Runner) -> None:
    source = (
        "import threading\nthreading.stack_size(65536)\n"
        "for n in range(900): threading.Thread(target=threading.Event().wait, daemon=True).start()"
    )
    last = await failed(runner, Job(source, limits=Limits(threads=30)))
    assert last.reason is Reason.ERROR
    assert last.hint == Hint(HintCode.THREADS)


async def test_an_event_flood(runner: Runner) -> None:
    source = (
        "import os, struct\n"
        'body = b\'{"epoch":1,"epochs":1,"metrics":{},"seconds":1,"diverged":[]}\'\n'
        "while True: os.write(3, struct.pack('>IB', len(body), 2) + body)"
    )
    last = await failed(runner, source)
    assert (last.reason, last.detail) == (
        Reason.OUTPUT,
        "The example reported more epochs and evaluations than a job may.",
    )


async def test_garbage_in_the_runners_channel(runner: Runner) -> None:
    last = await failed(runner, "import os, time; os.write(3, b'\\xff' * 100); time.sleep(30)")
    assert (last.reason, last.detail) == (Reason.ERROR, "The example wrote into the runner's own channel.")


async def test_a_closed_channel_is_noticed_at_once(runner: Runner) -> None:
    last = await failed(runner, "import os, time; os.close(3); time.sleep(30)")
    assert last.reason is Reason.ERROR
    assert "closed the runner's own channel" in last.detail
    assert last.seconds < 5


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "signal 15"),
        ("import ctypes; ctypes.string_at(1)", "segmentation fault"),
        ("import os; os.abort()", "aborted by native code"),
        ("import os; os._exit(0)", "without a result (exit status 0)"),
        ("import os; os._exit(3)", "without a result (exit status 3)"),
        ("import sys; sys.exit(3)", "sys.exit(3)"),
        ("import sys; sys.exit('no data')", "sys.exit('no data')"),
        ("import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)", "the sandbox forbids"),
    ],
)
async def test_a_process_that_ends_itself(runner: Runner, source: str, words: str) -> None:
    last = await failed(runner, source)
    assert last.reason is Reason.ERROR
    assert words in last.detail


async def test_the_examples_own_exception(runner: Runner) -> None:
    source = "def f(n):\n    return 1 / n\n\nf(0)\n"
    last = await failed(runner, Job(source, name="train.py"))
    assert last.reason is Reason.ERROR
    assert (last.line, last.hint) == (2, None)
    assert last.detail == (
        "Traceback (most recent call last):\n"
        '  File "train.py", line 4, in <module>\n    f(0)\n'
        '  File "train.py", line 2, in f\n    return 1 / n\n           ~~^~~\n'
        "ZeroDivisionError: division by zero"
    )


async def test_a_syntax_error_shows_where(runner: Runner) -> None:
    last = await failed(runner, Job("x = 1\nmodel = Sequential([\n", name="train.py"))
    assert last.line == 2
    assert last.detail == (
        '  File "train.py", line 2\n    model = Sequential([\n                       ^\n'
        "SyntaxError: '[' was never closed"
    )


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import urllib.request; urllib.request.urlopen('http://127.0.0.1/')", HintCode.REFUSED),
        ("import subprocess; subprocess.run(['ls'])", HintCode.REFUSED),
        ("open('/tmp/x', 'w')", HintCode.REFUSED),
        ("input('Name? ')", HintCode.TYPING),
    ],
)
async def test_what_the_sandbox_refuses_has_a_hint(runner: Runner, source: str, code: HintCode) -> None:
    last = await failed(runner, source)
    assert last.reason is Reason.ERROR
    assert last.hint == Hint(code)
    assert last.line == 1


async def test_a_download_by_keras_says_that_there_is_no_network(runner: Runner) -> None:
    last = await failed(runner, "import keras; keras.utils.get_file('a', 'http://127.0.0.1/a')")
    assert (last.reason, last.line) == (Reason.ERROR, 1)
    assert "no network" in last.detail


async def test_an_exception_whose_text_raises(runner: Runner) -> None:
    source = "class Odd(Exception):\n    def __str__(self): raise ValueError\nraise Odd"
    last = await failed(runner, source)
    assert "Odd" in last.detail


async def test_an_exception_of_any_length_fits(runner: Runner) -> None:
    last = await failed(runner, "raise ValueError('x' * 1_000_000)")
    assert 1000 < len(last.detail) < 10_000


async def test_recursion_without_end(runner: Runner) -> None:
    last = await failed(runner, "def f(): f()\nf()")
    assert "RecursionError" in last.detail


async def test_terminal_codes_never_reach_the_reader(runner: Runner) -> None:
    last = await failed(runner, "print('\\x1b[31mred\\x1b[0m\\x00\\u202e')\nraise ValueError('\\x1b[2J\\u202egone')")
    assert last.output == "red\n"
    assert last.detail.endswith("ValueError: gone")


async def test_a_failed_job_keeps_what_it_printed(runner: Runner) -> None:
    assert (await failed(runner, "print('so far')\n1 / 0")).output == "so far\n"


async def test_a_wrong_shape_is_explained_by_keras_with_the_scripts_line(runner: Runner) -> None:
    last = await failed(runner, MODEL + "import numpy as np\nmodel.fit(np.zeros((4, 5)), np.zeros(4), verbose=0)\n")
    assert last.reason is Reason.ERROR
    assert "model.fit(np.zeros((4, 5))" in last.detail
    assert "expected axis -1 of input shape to have value 6" in last.detail


async def test_a_failure_harms_nobody_who_comes_after(runner: Runner) -> None:
    await failed(runner, "import os; os.abort()")
    assert (await finished(runner, "print('fine')")).output == "fine\n"
