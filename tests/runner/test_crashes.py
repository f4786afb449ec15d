"""What a learner reads about an error: their own lines and the reason, nothing of the machine or of Keras' files."""

from __future__ import annotations

import pytest

from runner import Job, Reason, Runner
from runner.inside import crash as crashes
from runner.inside.crash import crash, without_paths

from .jobs import DATA, MODEL, failed

pytestmark = pytest.mark.usefixtures("at_rest")

FOREIGN = ("site-packages/", "/usr", "/tmp", "/scratch", "/work", "/home", "keras/src", "tensorflow/python", "inside/")
NOISE = ("{{node", "[[{", "Op:", "Detected at node", "stack traces", "\x1b", "Graph execution error")

RAISES = DATA + MODEL + "import tensorflow as tf\ndata = tf.data.Dataset.from_tensor_slices((x, y))\n"
CASES = {
    "labels out of range": (
        RAISES + "model.fit(x, y + 1, verbose=0)",
        "model.fit(x, y + 1",
        "Received a label value of 3 which is outside the valid range of [0, 3)",
    ),
    "labels out of range in evaluate": (
        RAISES + "model.evaluate(x, y + 1, verbose=0)",
        "model.evaluate(x, y + 1",
        "outside the valid range of [0, 3)",
    ),
    "a wrong width": (
        RAISES + "model.fit(x, y, verbose=0)\nmodel.fit(x[:, :5], y, verbose=0)",
        "model.fit(x[:, :5]",
        "",
    ),
    "a map function that raises": (
        RAISES + "def double(a, b):\n    raise ValueError('no doubling')\ndata.map(double)",
        "raise ValueError('no doubling')",
        "ValueError: no doubling",
    ),
    "a map function with a wrong shape": (
        RAISES + "def flat(a, b):\n    return tf.reshape(a, (7,)), b\ndata.map(flat)",
        "return tf.reshape(a, (7,)), b",
        "Cannot reshape a tensor with 6 elements to shape [7]",
    ),
    "a map function that fails while it runs": (
        RAISES + "list(data.map(lambda a, b: a[tf.cast(b, tf.int32) + 9]))",
        "list(data.map",
        "slice index",
    ),
    "a generator": (
        RAISES + "def pairs():\n    yield x[:4], y[:4]\n    raise RuntimeError('broke')\nmodel.fit(pairs(), verbose=0)",
        "raise RuntimeError('broke')",
        "RuntimeError: broke",
    ),
    "a generator of a data set": (
        RAISES
        + "def pairs():\n    yield x[:4], y[:4]\n    raise RuntimeError('broke')\n"
        + "made = tf.data.Dataset.from_generator(pairs, output_signature=("
        + "tf.TensorSpec((None, 6)), tf.TensorSpec((None,), tf.int32)))\nmodel.fit(made, verbose=0)",
        "model.fit(made",
        "RuntimeError: broke",
    ),
    "a callback": (
        RAISES
        + "class Note(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n"
        + "        self.notes.append(epoch)\nmodel.fit(x, y, verbose=0, callbacks=[Note()])",
        "self.notes.append(epoch)",
        "'Note' object has no attribute 'notes'",
    ),
    "a layer": (
        RAISES
        + "class Twice(keras.layers.Layer):\n    def call(self, v):\n        return tf.matmul(v, tf.ones((5, 2)))\n"
        + "Twice()(x)",
        "return tf.matmul(v, tf.ones((5, 2)))",
        "Matrix size-incompatible: In[0]: [64,6], In[1]: [5,2]",
    ),
    "a train step": (
        RAISES
        + "class Own(keras.Model):\n    def train_step(self, data):\n        return missing\n"
        + "own = Own()\nown.compile('adam')\nown.fit(x, y, verbose=0)",
        "return missing",
        "NameError: name 'missing' is not defined",
    ),
    "a word too large for an embedding": (
        RAISES
        + "words = keras.Sequential([keras.layers.Embedding(3, 2), keras.layers.Flatten(), keras.layers.Dense(1)])\n"
        + "words.compile('adam', 'mse')\nwords.fit(np.array([[5]] * 8), np.zeros(8), verbose=0)",
        "words.fit(",
        "indices[0,0] = 5 is not in [0, 3)",
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_the_learners_line_and_the_reason_are_there_and_nothing_of_ours(runner: Runner, case: str) -> None:
    source, line, reason = CASES[case]
    last = await failed(runner, Job(source, name="your_code.py"))
    assert last.reason is Reason.ERROR
    assert line in last.detail
    assert reason in last.detail
    assert not [word for word in (*FOREIGN, *NOISE) if word in last.detail], last.detail
    assert len(last.detail.splitlines()) <= 16, last.detail
    assert last.line is not None
    assert source.splitlines()[last.line - 1].strip() in last.detail


def of(source: str, name: str = "your_code.py") -> crashes.Crash:
    """How a script that needs no Keras crashes, without a sandbox."""
    import linecache

    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        exec(compile(source, name, "exec"), {"__name__": "__main__"})
    except BaseException as error:
        return crash(error, name)
    finally:
        del linecache.cache[name]
    raise AssertionError("it did not crash")


def test_a_cause_in_the_learners_own_lines_is_shown_before_the_error() -> None:
    said = of(
        "def load():\n    try:\n        {}['x']\n    except KeyError as e:\n"
        "        raise ValueError('no x') from e\nload()"
    )
    assert said.line == 5
    first, second = said.detail.split("direct cause of the following exception")
    assert "{}['x']" in first
    assert "KeyError: 'x'" in first
    assert second.endswith("ValueError: no x")


def test_a_context_outside_the_learners_lines_is_left_out() -> None:
    said = of("import json\njson.loads('{')")
    assert said.detail.count("Error") == 1
    assert "During handling" not in said.detail


def test_every_error_of_a_group_is_named_with_its_line() -> None:
    said = of("def one():\n    raise KeyError('a')\ndef two():\n    raise TypeError('b')\nfound = []\n"
              "for f in (one, two):\n    try:\n        f()\n    except Exception as e:\n        found.append(e)\n"
              "raise ExceptionGroup('both', found)")  # fmt: skip
    for words in ("ExceptionGroup: both (2 sub-exceptions)", "raise KeyError('a')", "TypeError: b"):
        assert words in said.detail


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("class Odd(Exception):\n    def __str__(self): return 1 / 0\nraise Odd", "Odd"),
        ("class Odd:\n    def __repr__(self): return 1 / 0\n{}[Odd()]", "KeyError"),
        ("raise SystemError", "SystemError"),
        ("raise ValueError('a\\n\\n\\n\\nb')", "ValueError: a\n\nb"),
    ],
)
def test_errors_with_odd_words(source: str, words: str) -> None:
    assert words in of(source).detail


def test_a_deep_traceback_is_cut_from_the_front_and_keeps_the_reason_whole() -> None:
    chain = "".join(f"def step_{n}():\n    return step_{n + 1}()  # {'x' * 60}\n" for n in range(60))
    said = of(f"{chain}def step_60():\n    raise ValueError('the end of it')\nstep_0()")
    assert said.detail.endswith("raise ValueError('the end of it')\nValueError: the end of it")
    assert "step_0()" not in said.detail
    assert "  ...\n" in said.detail
    assert len(said.detail) < crashes.FRAMES_CHARS + crashes.REASON_CHARS + 100


def test_a_long_message_keeps_its_start_and_its_end() -> None:
    said = of("raise ValueError('first ' + 'x' * 100_000 + ' last')")
    assert "ValueError: first " in said.detail
    assert said.detail.endswith(" last")
    assert len(said.detail) < 4000


def test_paths_of_the_machine_become_names_and_the_learners_own_stay() -> None:
    assert without_paths("no file /opt/python/lib/x.py here") == "no file x.py here"
    assert without_paths("open('/data/pupils.csv')", source="open('/data/pupils.csv')") == "open('/data/pupils.csv')"
    for text in ("https://keras.io/api/layers/", "a / b", "1/2", "dtype float32/int32", "</b>"):
        assert without_paths(text) == text


async def test_no_path_of_the_machine_in_any_detail(runner: Runner) -> None:
    sources = (
        "import os\nraise ValueError(os.getcwd())",
        "import os\nraise ValueError(os.path.abspath('a.csv'))",
        "import keras\nraise ValueError(keras.__file__)",
        "import sys\nraise ValueError(sys.executable, *sys.path)",
        "import tempfile\nraise ValueError(tempfile.gettempdir() + '/x')",
        "import json\nraise ValueError(str(json.loads))",
        "import traceback, json\n"
        "try:\n    json.loads('{')\nexcept ValueError:\n    raise ValueError(traceback.format_exc())",
        "import keras\nkeras.models.load_model('nothing.keras')",
        "import ast\nast.literal_eval('(1')",
    )
    for source in sources:
        last = await failed(runner, Job(source, name="your_code.py"))
        assert not [word for word in FOREIGN if word in last.detail], (source, last.detail)
