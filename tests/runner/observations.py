"""What a script can see of its process, as expressions; for test_fresh and tests/bench/observe.py.

A script asks one after the other, in the order of this table: those that change something come late.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from runner import Finished, Job, LocalPool, Runner, Started
from runner.bubblewrap import bare
from runner.freshness import needs_fresh_process

from .jobs import events_of

NAME = "your_code.py"

OBSERVATIONS: dict[str, str] = {
    "help and exit are there": "[hasattr(builtins, name) for name in ('help', 'exit', 'quit', 'copyright', 'credits')]",
    "sys.argv": "sys.argv",
    "__name__": "__name__",
    "__file__": "os.path.basename(__file__)",
    "names of the module": "sorted(name for name in first_names if not name.startswith('_'))",
    "__annotations__ are values": "(lambda n: n.__annotations__['x'] is int)(annotated)",
    "__spec__, __package__": "(__spec__, __package__)",
    "sys.path[0] is the folder": "os.path.realpath(sys.path[0]) == os.path.realpath(os.getcwd())",
    "files beside the script": "sorted(os.listdir('.'))",
    "sys.flags.optimize": "sys.flags.optimize",
    "recursion limit": "sys.getrecursionlimit()",
    "sys.displayhook": "sys.displayhook is sys.__displayhook__",
    "sys.excepthook": "sys.excepthook is sys.__excepthook__",
    "gc enabled": "gc.isenabled()",
    "gc thresholds": "gc.get_threshold()",
    "threads": "(threading.active_count(), threading.current_thread().name)",
    "SIGINT handler": "signal.getsignal(signal.SIGINT) is signal.default_int_handler",
    "SIGTERM handler": "str(signal.getsignal(signal.SIGTERM))",
    "SIGPIPE handler": "str(signal.getsignal(signal.SIGPIPE))",
    "processor time is small": "time.process_time() < 60",
    "a warning is shown": "warned()",
    "root logger": "(logging.getLogger().handlers, logging.getLogger().level)",
    "logging of matplotlib": "logging.getLogger('matplotlib').level",
    "decimal precision": "decimal.getcontext().prec",
    "locale": "locale.getlocale(locale.LC_NUMERIC)",
    "touch makes a file": "(pathlib.Path('touched').touch(), os.path.exists('touched'), os.remove('touched'))[1]",
    "time of what is missing": "raised(lambda: os.utime('missing'))",
    "NumPy's error state": "np.geterr()",
    "warnings filters": "sorted({(a, m and m.pattern or '', c.__name__) for a, m, c, _, _ in warnings.filters})",
    "NumPy's print options": "{k: str(v) for k, v in np.get_printoptions().items()}",
    "matplotlib backend": "plt.get_backend().lower()",
    "matplotlib figures": "plt.get_fignums()",
    "matplotlib settings changed": "sorted(key for key, value in plt.rcParams.items() if value !="
    " matplotlib.rcParamsDefault[key])",
    "matplotlib is interactive": "plt.isinteractive()",
    "keras floatx": "keras.config.floatx()",
    "keras epsilon": "keras.config.epsilon()",
    "keras image format": "keras.config.image_data_format()",
    "keras backend": "keras.config.backend()",
    "keras dtype policy": "keras.config.dtype_policy().name",
    "keras interactive logging": "keras.config.is_interactive_logging_enabled()",
    "keras tracebacks are filtered": "keras.config.is_traceback_filtering_enabled()",
    "keras flash attention": "keras.config.is_flash_attention_enabled()",
    "keras max epochs": "(keras.config.max_epochs(), keras.config.max_steps_per_epoch())",
    "random seed of keras": "keras.utils.get_random_seed() if hasattr(keras.utils, 'get_random_seed') else None",
    "tf is eager": "(tf.executing_eagerly(), tf.config.functions_run_eagerly())",
    "tf context is there": "context.context()._context_handle is not None",
    "tf intra threads": "tf.config.threading.get_intra_op_parallelism_threads()",
    "tf inter threads": "tf.config.threading.get_inter_op_parallelism_threads()",
    "tf optimizer options": "tf.config.optimizer.get_experimental_options()",
    "tf jit": "tf.config.optimizer.get_jit()",
    "tf soft placement": "tf.config.get_soft_device_placement()",
    "tf op determinism": "tf.config.experimental.tensor_float_32_execution_enabled()",
    "tf logs device placement": "tf.debugging.get_log_device_placement()",
    "tf physical devices": "[(d.name, d.device_type) for d in tf.config.list_physical_devices()]",
    "tf visible devices": "[d.name for d in tf.config.get_visible_devices()]",
    "set intra threads": "tf.config.threading.set_intra_op_parallelism_threads(1)",
    "set inter threads": "tf.config.threading.set_inter_op_parallelism_threads(1)",
    "set virtual devices": "tf.config.set_logical_device_configuration(tf.config.list_physical_devices('CPU')[0],"
    " [tf.config.LogicalDeviceConfiguration(), tf.config.LogicalDeviceConfiguration()])",
    "set visible devices": "tf.config.set_visible_devices(tf.config.list_physical_devices('CPU'))",
    "log device placement": "tf.debugging.set_log_device_placement(False)",
    "set soft placement": "tf.config.set_soft_device_placement(False)",
    "tf logical devices": "[d.name for d in tf.config.list_logical_devices()]",
    "set threads too late": "raised(lambda: tf.config.threading.set_intra_op_parallelism_threads(2))",
    "run functions eagerly": "(tf.config.run_functions_eagerly(True), tf.config.functions_run_eagerly(),"
    " tf.config.run_functions_eagerly(False))[1]",
    "layer names": "[keras.layers.Dense(1).name, keras.Sequential().name, keras.Input((1,)).name]",
    "uids": "keras.backend.get_uid('dense')",
    "optimizer and metric names": "[keras.optimizers.Adam().name, keras.metrics.Mean().name]",
    "seeded numbers": "seeded()",
    "seeded layers": "(keras.utils.set_random_seed(5), weights())[1]",
    "a function's trace count": "traced()",
    "random numbers without a seed": "random.Random().random() == random.Random().random()",
}
"""A name a row, and the expression."""

PREAMBLE = """first_names = list(globals())
import builtins, os, sys, gc, time, json, signal, locale, decimal, logging, warnings, threading, pathlib, random
def annotated(x: int): pass
def warned():
    import contextlib, io
    with contextlib.redirect_stderr(io.StringIO()) as said:
        warnings.warn("careful")
    return said.getvalue().replace(os.getcwd() + "/", "")
def raised(act):
    try:
        act()
    except Exception as error:
        return type(error).__name__
def seeded():
    keras.utils.set_random_seed(3)
    return [random.random(), float(np.random.rand()), float(tf.random.uniform(())), float(keras.random.normal(()))]
def weights():
    return keras.layers.Dense(2, name="d")(np.ones((1, 3))).numpy().round(5).tolist()
def traced():
    count = []
    @tf.function
    def double(x):
        count.append(1)
        return x * 2
    double(tf.constant(1)); double(tf.constant(2))
    return len(count)
"""
BEGIN = """
import numpy as np, matplotlib, matplotlib.pyplot as plt, keras, tensorflow as tf
"""
CONTEXT = "from tensorflow.python.eager import context\n"
ASK = """
try:
    seen = eval({expression!r})
except Exception as error:
    seen = f"{{type(error).__name__}}: {{str(error)[:80]}}"
print("SEEN", json.dumps([{name!r}, repr(seen)]))
"""


def scripts() -> tuple[str, str]:
    """Two scripts that print what they see: one asks only what a warm cell may be asked, the other all of the rest."""
    rows = [(name, ASK.format(name=name, expression=expression)) for name, expression in OBSERVATIONS.items()]
    return _script(rows, touching=False), _script(rows, touching=True)


def _script(rows: list[tuple[str, str]], touching: bool) -> str:
    source = PREAMBLE
    for name, asked in rows:
        if name == "NumPy's error state":
            source += BEGIN + (CONTEXT if touching else "")
        source += asked if needs_fresh_process(Job(asked)) is touching else ""
    return source


def read(output: str) -> dict[str, str]:
    """What a script saw, from what it printed."""
    return dict(json.loads(line.removeprefix("SEEN ")) for line in output.splitlines() if line.startswith("SEEN "))


def plain(folder: Path) -> dict[str, str]:
    """What plain Python sees, in `folder`, with the variables that the sandbox sets."""
    seen: dict[str, str] = {}
    for number, source in enumerate(scripts()):
        place = folder / str(number)
        place.mkdir()
        (place / NAME).write_text(source)
        variables = {**os.environ, **bare((), str(folder)).environment}
        command = [sys.executable, NAME]
        done = subprocess.run(command, cwd=place, env=variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        seen |= read(done.stdout)
    return seen


async def sandboxed(runner: Runner) -> tuple[dict[str, str], list[bool]]:
    """What the two scripts see in a sandbox, and whether each had a warm cell."""
    seen: dict[str, str] = {}
    warm = []
    for source in scripts():
        events = await events_of(runner, Job(source, NAME, trusted=False))
        last = events[-1]
        assert isinstance(last, Finished), last
        warm += [event.warm for event in events if isinstance(event, Started)]
        seen |= read(last.output)
    return seen, warm


async def warmed(pool: LocalPool) -> None:
    """Wait until a warm cell waits for a job."""
    async with asyncio.timeout(60):
        while pool._warm._cell is None:  # noqa: ASYNC110 - it comes without telling
            await asyncio.sleep(0.02)
