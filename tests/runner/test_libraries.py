"""What learners' code may use: libraries, data sets and files; and what is said of those that are not there."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from runner import Hint, HintCode, Job, LocalPool, Options, Queue, Runner
from runner.admission import check

from .conftest import MODES
from .jobs import DATA, failed, finished


async def test_pandas_and_scikit_learn_work(runner: Runner) -> None:
    source = (
        "import pandas as pd\nfrom sklearn.model_selection import train_test_split, cross_val_score\n"
        "from sklearn.linear_model import LogisticRegression\n"
        "table = pd.read_csv('ages.csv')\nprint(table.groupby('kind').age.mean().to_dict())\n"
        "x = np.arange(40.0).reshape(-1, 1); y = (x[:, 0] > 20).astype(int)\n"
        "a, b, c, d = train_test_split(x, y, random_state=0)\n"
        "print(LogisticRegression().fit(a, c).score(b, d) > 0.5)"
    )
    files = {"ages.csv": b"kind,age\ncat,2\ncat,4\ndog,5\n"}
    last = await finished(runner, Job("import numpy as np\n" + source, files=files))
    assert last.output == "{'cat': 3.0, 'dog': 5.0}\nTrue\n"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("from multiprocessing import Pool\nwith Pool(2) as pool: print(pool.map(abs, [-1, 2]))", "[1, 2]"),
        (
            "from concurrent.futures import ProcessPoolExecutor\n"
            "with ProcessPoolExecutor(2) as pool: print(list(pool.map(abs, [-1, 2])))",
            "[1, 2]",
        ),
        (
            "import multiprocessing as mp\nq = mp.Queue()\np = mp.Process(target=q.put, args=(5,))\n"
            "p.start(); p.join(); print(q.get(), p.exitcode)",
            "5 0",
        ),
        ("import multiprocessing as mp\nwith mp.get_context('spawn').Pool(2) as p: print(p.map(abs, [-3]))", "[3]"),
        (
            "from joblib import Parallel, delayed\nprint(Parallel(n_jobs=-1)(delayed(abs)(n) for n in (-1, 2)))",
            "[1, 2]",
        ),
        (
            "from sklearn.ensemble import RandomForestClassifier\nimport numpy as np\n"
            "x = np.arange(20.0).reshape(-1, 1)\n"
            "print(RandomForestClassifier(5, n_jobs=-1).fit(x, x[:, 0] > 9).predict([[19.0]]))",
            "[ True]",
        ),
        (
            DATA + "import keras\nclass Batches(keras.utils.PyDataset):\n"
            "    def __len__(self): return 4\n"
            "    def __getitem__(self, n): return x[n * 16:][:16], y[n * 16:][:16]\n"
            "model = keras.Sequential([keras.layers.Dense(3, 'softmax')])\n"
            "model.compile('sgd', 'sparse_categorical_crossentropy')\n"
            "model.fit(Batches(workers=2, use_multiprocessing=True), verbose=0)\nprint('fitted')",
            "fitted",
        ),
    ],
    ids=["Pool", "executor", "Process", "spawn", "joblib", "n_jobs", "PyDataset"],
)
async def test_what_asks_for_processes_gets_threads_and_one_line_says_so(
    runner: Runner, source: str, wanted: str
) -> None:
    lines = (await finished(runner, source)).output.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("A job here is one process: ")
    assert lines[1] == wanted


@pytest.mark.parametrize(
    ("source", "name", "nearest"),
    [
        ("import torch", "torch", "keras"),
        ("import cv2", "cv2", "PIL"),
        ("import seaborn as sns", "seaborn", "matplotlib"),
        ("import plotly.express", "plotly", "matplotlib"),
        ("import panda", "panda", "pandas"),
        ("import nothing_at_all", "nothing_at_all", ""),
        ("import tensorflow_datasets", "tensorflow_datasets", "keras.datasets"),
    ],
)
async def test_a_missing_module_says_what_is_there(runner: Runner, source: str, name: str, nearest: str) -> None:
    hint = (await failed(runner, source)).hint
    assert hint
    assert (hint.code, hint.name, hint.nearest) == (HintCode.MISSING_MODULE, name, nearest)
    assert {"tensorflow", "pandas", "sklearn"} <= set(hint.there)


async def test_a_missing_part_of_a_module_that_is_there(runner: Runner) -> None:
    hint = (await failed(runner, "import sklearn.foo")).hint
    assert hint == Hint(HintCode.MISSING_PART, "sklearn", "foo")


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nnp.loadtxt('patients.csv', delimiter=',')",
        "open('patients.csv')",
        "import pandas as pd\npd.read_csv('data/patients.csv')",
        "import tensorflow as tf\ntf.io.read_file('patients.csv')",
    ],
)
async def test_a_missing_file_names_those_that_are_there(runner: Runner, source: str) -> None:
    last = await failed(runner, Job(source, files={"Patients.csv": b"1,2", "other.txt": b""}, trusted=False))
    assert last.hint == Hint(
        HintCode.MISSING_FILE, "patients.csv", nearest="Patients.csv", there=("Patients.csv", "other.txt")
    )
    assert (await failed(runner, "open('x.csv')")).hint == Hint(HintCode.MISSING_FILE, "x.csv")
    many = {f"{n:02}.txt": b"" for n in range(12)}
    hint = (await failed(runner, Job("open('y.csv')", files=many))).hint
    assert hint == Hint(HintCode.MISSING_FILE, "y.csv", there=tuple(many)[:10], more=2)


async def test_five_files_of_five_megabytes_are_handed_over(runner: Runner) -> None:
    files = {f"{number}.csv": os.urandom(5_000_000) for number in range(5)}
    job = Job("import os; print(sum(os.path.getsize(f'{n}.csv') for n in range(5)))", files=files, trusted=False)
    check(job)
    began = time.monotonic()
    assert (await finished(runner, job)).output == "25000000\n"
    print(f"{time.monotonic() - began:.2f} s")


LOADED = "(a, b), (c, d) = mnist.load_data()\nprint(a.shape, a.dtype, b.shape, c.shape, d.dtype)"


@pytest.mark.parametrize(
    "start", ["from keras.datasets import mnist\n", "from tensorflow.keras.datasets import mnist\n",
              "import tensorflow as tf; mnist = tf.keras.datasets.mnist\n"]
)  # fmt: skip
async def test_mnist_is_there_as_a_sample_and_says_so(runner: Runner, start: str) -> None:
    note, shapes = (await finished(runner, start + LOADED)).output.splitlines()
    assert "a sample of 5,000 images" in note
    assert shapes == "(4000, 28, 28) uint8 (4000,) (1000, 28, 28) uint8"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import keras\nkeras.datasets.cifar10.load_data()", "cifar10 is not on this machine"),
        ("import keras\nkeras.datasets.fashion_mnist.load_data()", "fashion_mnist is not on this machine"),
        ("import keras\nkeras.datasets.imdb.get_word_index()", "imdb is not on this machine"),
        ("import tensorflow as tf\ntf.keras.utils.get_file('a.csv', 'https://example.org/a.csv')", "a.csv cannot be"),
        (
            "from keras.utils import get_file\nget_file(origin='https://example.org/b.zip', extract=True)",
            "b.zip cannot",
        ),
    ],
)
async def test_what_is_not_there_says_what_is(runner: Runner, source: str, said: str) -> None:
    detail = (await failed(runner, source)).detail
    assert said in detail
    assert "mnist (a sample)" in detail


@pytest_asyncio.fixture(loop_scope="session", params=MODES.values(), ids=MODES.keys())
async def furnished(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Runner]:
    """A runner of an operator who has a folder of data sets."""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    shape = {"x_train": np.ones((3, 28, 28), "uint8"), "y_train": np.ones(3, "uint8")}
    np.savez(tmp_path / "mnist.npz", **shape, x_test=shape["x_train"], y_test=shape["y_train"])
    (tmp_path / "imdb_word_index.json").write_text('{"the": 1}')
    options: Options = request.param
    made = Queue(
        LocalPool(slots=1, options=Options(options.bubblewrap, options.namespaces, warm=False, datasets=tmp_path))
    )
    await made.ready()
    yield made
    await made.aclose()


async def test_a_folder_of_data_sets_is_seen_and_cannot_be_changed(furnished: Runner, tmp_path: Path) -> None:
    source = (
        "import keras\n"
        "print(keras.datasets.mnist.load_data()[0][0].shape, keras.datasets.imdb.get_word_index())\n"
        "path = keras.utils.get_file('mnist.npz', 'https://example.org/mnist.npz')\n"
        "try:\n    open(path, 'ab')\nexcept OSError: print('closed')"
    )
    assert (await finished(furnished, source)).output == "(3, 28, 28) {'the': 1}\nclosed\n"
    detail = (await failed(furnished, "import keras\nkeras.datasets.reuters.load_data()")).detail
    assert "There are: mnist." in detail
    assert str(tmp_path) not in detail
