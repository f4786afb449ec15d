"""A cell behaves as a fresh Python process in everything that a script can see, warm or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner import Job, Options, Runner, Started
from runner.freshness import needs_fresh_process

from . import observations
from .conftest import opened
from .jobs import events_of, failed, finished


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
@pytest.mark.asyncio
async def test_a_cell_is_seen_as_plain_python_is(tmp_path: Path, warm: bool) -> None:
    async with opened(options=Options(warm=warm)) as (runner, pool):
        await (observations.warmed(pool) if warm else runner.ready())
        seen, was_warm = await observations.sandboxed(runner)
    assert was_warm == [warm, False], "what touches the start of TensorFlow gets a cell that was only forked"
    assert seen == observations.plain(tmp_path)


@pytest.mark.parametrize(
    "source",
    [
        "import tensorflow as tf\ntf.config.threading.set_intra_op_parallelism_threads(1)",
        "from tensorflow.config import set_visible_devices",
        "tf.compat.v1.disable_eager_execution()",
        "tf.debugging.set_log_device_placement(True)",
        "import helper",
    ],
)
def test_code_that_touches_the_start_of_tensorflow_is_recognised(source: str) -> None:
    helper = {"helper.py": b"import tensorflow as tf\ntf.config.run_functions_eagerly(True)"}
    assert needs_fresh_process(Job(source, files=helper if "helper" in source else {}))


def test_ordinary_code_keeps_the_warm_cell() -> None:
    assert not needs_fresh_process(Job("model.get_config()\nmodel.fit(x, y)", files={"notes.txt": b"tf.config"}))


@pytest.mark.asyncio
async def test_a_job_that_needs_a_fresh_process_leaves_the_warm_one_to_the_next() -> None:
    async with opened() as (runner, pool):
        await observations.warmed(pool)
        for source, warm in (("import tensorflow as tf; tf.config.list_physical_devices()", False), ("1", True)):
            events = await events_of(runner, source)
            assert [event.warm for event in events if isinstance(event, Started)] == [warm]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("import numpy as np\nw = np.eye(2)\nw", "array([[1., 0.],\n       [0., 1.]])\n"),
        ("import pandas as pd\npd.DataFrame({'age': [3, 4]})", "   age\n0    3\n1    4\n"),
        ("'text'", "'text'\n"),
        ("# only\n1 + 1  # a comment; here", "2\n"),
        ("from __future__ import annotations\ndef f(x: no): pass\nf.__annotations__", "{'x': 'no'}\n"),
        ("x = 3\n(x,\n x)", "(3, 3)\n"),
        ("s = 'é'; s", "'é'\n"),
    ],
)
async def test_the_value_of_the_last_line_is_shown(runner: Runner, source: str, shown: str) -> None:
    assert (await finished(runner, Job(source, trusted=False))).output == shown


@pytest.mark.parametrize(
    "source",
    [
        "None",
        "5;",
        "5 ; # no",
        "x = 5",
        "if True: 5",
        "print(end='')",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])",
        "import matplotlib.pyplot as plt\nplt.hist([1, 2])",
        "import matplotlib.pyplot as plt\nplt.subplots(2, 2)",
        "import matplotlib.pyplot as plt\nplt.imshow([[1, 2]])",
    ],
)
async def test_what_says_nothing_is_not_shown(runner: Runner, source: str) -> None:
    assert (await finished(runner, Job(source, trusted=False))).output == ""


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import os\nos.environ['KERAS_BACKEND'] = 'jax'\nimport keras\nprint(keras.backend.backend())", True),
        ("import os, sys\nos.environ.update(KERAS_BACKEND='torch')\nprint('tensorflow')\nsys.stdout.close()", True),
        ("import os\nos.environ['KERAS_BACKEND'] = 'tensorflow'\nprint('tensorflow')", False),
        ("import os\ndel os.environ['KERAS_BACKEND']\nprint('tensorflow')", False),
        ("print('tensorflow')", False),
    ],
)
async def test_another_backend_is_not_passed_over_in_silence(runner: Runner, source: str, said: bool) -> None:
    line = "Keras runs on TensorFlow here: what KERAS_BACKEND was set to changes nothing.\n"
    assert (await finished(runner, source)).output == "tensorflow\n" + (line if said else "")


async def test_a_figure_in_the_last_line_is_shown_as_a_picture(runner: Runner) -> None:
    source = "from matplotlib.figure import Figure\nf = Figure(); f.subplots().plot([1, 2])\nf"
    last = await finished(runner, Job(source, trusted=False))
    assert ([picture.name for picture in last.pictures], last.output) == (["figure 1"], "")


async def test_a_very_long_value_loses_its_middle(runner: Runner) -> None:
    last = await finished(runner, Job("list(range(1_000_000))", trusted=False))
    assert last.output.startswith("[0, 1, 2,")
    assert last.output.endswith("999999]\n")
    assert "characters left out" in last.output


async def test_examples_of_the_course_stay_plain_scripts(runner: Runner) -> None:
    assert (await finished(runner, Job("5"))).output == ""


async def test_an_error_in_the_last_line_has_its_line(runner: Runner) -> None:
    last = await failed(runner, Job("x = 1\nx / 0", trusted=False))
    assert (last.line, "ZeroDivisionError" in last.detail) == (2, True)
