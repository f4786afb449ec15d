"""What the runner does for speed changes no number: seeded runs agree with plain Python, to 1e-5 in every epoch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from runner import EpochEnded, Finished, Job, Runner

from .jobs import DATA, MODEL, events_of, only

COURSE = Path(__file__).parents[2] / "lessons/course"
SEED = "import keras\nkeras.utils.set_random_seed(7)\n"
SCRIPTS = {
    "dense": DATA + MODEL + "model.fit(x, y, epochs=3, batch_size=16, verbose=0)",
    "validation and dropout": DATA
    + (
        "import keras\n"
        "model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(16, activation='relu'),"
        " keras.layers.Dropout(0.5), keras.layers.Dense(3, activation='softmax')])\n"
        "model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])\n"
        "model.fit(x, y, epochs=3, validation_split=0.25, verbose=0)"
    ),
    "built late": DATA
    + (
        "import keras\n"
        "model = keras.Sequential([keras.layers.Dense(16, activation='relu'), keras.layers.Dropout(0.2),"
        " keras.layers.Dense(3, activation='softmax')])\n"
        "model.compile('sgd', 'sparse_categorical_crossentropy', metrics=['accuracy'])\n"
        "model.fit(x, y, epochs=3, verbose=0)"
    ),
    "float64 and weights": DATA
    + MODEL
    + "model.fit(x.astype('float64'), y, epochs=2, verbose=0, class_weight={0: 1.0, 1: 2.0, 2: 0.5})",
    "convolution": (
        "import numpy as np, keras\n"
        "rng = np.random.default_rng(0)\n"
        "x, y = rng.random((64, 12, 12, 1), dtype='float32'), rng.integers(0, 4, 64)\n"
        "model = keras.Sequential([keras.Input((12, 12, 1)), keras.layers.Conv2D(4, 3, activation='relu'),"
        " keras.layers.BatchNormalization(), keras.layers.Flatten(), keras.layers.Dense(4, activation='softmax')])\n"
        "model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])\n"
        "model.fit(x, y, epochs=3, verbose=0)"
    ),
    "data set": DATA
    + MODEL
    + (
        "import tensorflow as tf\n"
        "data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(64).batch(16)\n"
        "model.fit(data, epochs=3, verbose=0)"
    ),
    "fitted twice": DATA + MODEL + "model.fit(x, y, epochs=2, verbose=0)\nmodel.fit(x, y, epochs=2, verbose=0)",
    "judged between": DATA
    + MODEL
    + "model.evaluate(x, y, verbose=0)\nmodel.fit(x, y, epochs=2, verbose=0)\nmodel.evaluate(x, y, verbose=0)",
}
for path in sorted(COURSE.glob("*/examples/*.py")):
    if ".fit(" in path.read_text():
        SCRIPTS[f"{path.parts[-3]}/{path.name}"] = path.read_text()


def files_for(name: str) -> dict[str, bytes]:
    """The data sets that lie beside a course's example."""
    folder = (COURSE / name).parent / "examples" if "/" in name else None
    return {} if folder is None else {path.name: path.read_bytes() for path in folder.glob("*.npz")}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, list[float]]]]:
    """The histories of all scripts, run by plain Python."""
    folders = {}
    for name, source in SCRIPTS.items():
        folders[name] = tmp_path_factory.mktemp("plain")
        (folders[name] / "script.py").write_text(SEED + source)
        for file, data in files_for(name).items():
            (folders[name] / file).write_bytes(data)
    command = [sys.executable, str(Path(__file__).with_name("plain.py")), *map(str, folders.values())]
    subprocess.run(command, check=True, env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}, stdout=subprocess.DEVNULL)
    return {name: json.loads((folder / "history.json").read_text()) for name, folder in folders.items()}


@pytest.mark.parametrize("seed", [None, 7], ids=["seeded by the script", "seeded by the job"])
@pytest.mark.parametrize("name", SCRIPTS)
async def test_the_runner_agrees_with_plain_python(
    runner: Runner, plain: dict[str, list[dict[str, list[float]]]], name: str, seed: int | None
) -> None:
    source = SCRIPTS[name] if seed else SEED + SCRIPTS[name]
    events = await events_of(runner, Job(source, files=files_for(name), seed=seed))
    assert isinstance(events[-1], Finished), events[-1]
    epochs = [event.metrics for event in only(EpochEnded, events)]
    wanted = [
        {metric: values[epoch] for metric, values in history.items()}
        for history in plain[name]
        for epoch in range(len(history["loss"]))
    ]
    assert len(epochs) == len(wanted) > 0
    for ours, theirs in zip(epochs, wanted, strict=True):
        assert dict(ours) == pytest.approx(theirs, abs=1e-5, rel=1e-5)
