"""What an evaluation tells beside Keras' figures, and what it must not tell: real TensorFlow in the real sandbox."""

from __future__ import annotations

import pytest

from runner import EpochEnded, Evaluated, Finished, Job, Runner

from .jobs import DATA, MODEL, events_of, finished, only

pytestmark = pytest.mark.usefixtures("at_rest")

BATCHES = """
import tensorflow as tf
class Batches(keras.utils.PyDataset):
    read = 0
    def __len__(self):
        return 5
    def __getitem__(self, n):
        Batches.read += 1
        return x[:16], y[:16]
def rows():
    for n in range(len(x)):
        Batches.read += 1
        yield x[n], y[n]
def batches():
    while True:
        Batches.read += 1
        yield x[:7], y[:7]
data_set = tf.data.Dataset.from_generator(rows, output_signature=(tf.TensorSpec((6,)), tf.TensorSpec((), 'int32')))
"""
CALLS = {
    "arrays": ("x, y", 64),
    "arrays in steps": ("x, y, batch_size=10, steps=3", 30),
    "weights": ("x, y, sample_weight=x[:, 0]", 64),
    "PyDataset": ("Batches()", 80),
    "data set": ("data_set.batch(10)", 64),
    "data set in steps": ("data_set.batch(10), steps=2", 20),
    "generator": ("batches(), steps=4", 28),
}
PLAIN = "keras.Model.evaluate.__wrapped__(model, {0}, verbose=0, return_dict=True)"
OURS = "model.evaluate({0}, verbose=0, return_dict=True)"


async def evaluated(runner: Runner, source: str) -> Evaluated:
    """The only evaluation of a script that ends well."""
    events = await events_of(runner, source)
    assert isinstance(events[-1], Finished), events[-1]
    (found,) = only(Evaluated, events)
    return found


@pytest.mark.parametrize("compiled", ["", "run_eagerly=True", "jit_compile=True"])
async def test_figures_are_keras_own_and_labels_predictions_and_examples_come_out_of_the_same_pass(
    runner: Runner, compiled: str
) -> None:
    lines = []
    for call, _ in CALLS.values():
        for how in (PLAIN, OURS):
            lines.append(f"print({how.format(call)})")
    loss = f"loss='sparse_categorical_crossentropy', metrics=['accuracy'], {compiled}"
    events = await events_of(runner, "\n".join([DATA + MODEL + BATCHES + f"model.compile({loss})", *lines]))
    told = only(Evaluated, events)
    assert [one.examples for one in told] == [examples for _, examples in CALLS.values()]
    for one in told:
        assert one.classification is not None
        assert sum(map(sum, one.classification.confusion)) == one.examples
        assert one.classification.accuracy == pytest.approx(one.metrics["accuracy"])
    printed = events[-1].output.splitlines()  # type: ignore[union-attr]
    printed = [line for line in printed if line.startswith("{")]
    assert len(printed) == 2 * len(CALLS)
    assert printed[::2] == printed[1::2]


async def test_a_data_set_is_read_once(runner: Runner) -> None:
    """Several batches ahead may be read, as Keras does; of the whole no row is read twice."""
    source = DATA + MODEL + BATCHES + "model.evaluate(data_set.batch(10), verbose=0)\nprint(Batches.read)"
    last = (await events_of(runner, source))[-1]
    assert isinstance(last, Finished)
    assert last.output.endswith("\n64\n"), "before it stands Keras' own warning"


async def test_every_metric_of_keras_is_told(runner: Runner) -> None:
    source = DATA + MODEL + "model.compile(loss='mse', metrics=['mae', 'mape'])\nmodel.evaluate(x, x[:, :3], verbose=0)"
    assert set((await evaluated(runner, source)).metrics) == {"loss", "mae", "mape"}


@pytest.mark.parametrize(
    "late",
    [
        "model.compile(loss='sparse_categorical_crossentropy', steps_per_execution=2)",
        "model.make_test_function()\nown = model.test_function\nmodel.test_function = lambda batches: own(batches)",
    ],
)
async def test_a_pass_that_cannot_be_seen_is_not_repeated_for_the_runner(runner: Runner, late: str) -> None:
    source = (
        DATA + MODEL + BATCHES + f"{late}\nmodel.evaluate(data_set.batch(10), verbose=0)\nassert Batches.read == 64"
    )
    found = await evaluated(runner, source)
    assert (found.examples, found.classification) == (None, None)


async def test_a_slow_data_set_is_not_read_again_for_a_model_of_an_earlier_run(runner: Runner) -> None:
    train = Job(DATA + MODEL + "model.fit(x, y, verbose=0)", makes=("model.keras",))
    files = {one.name: one.data for one in (await finished(runner, train)).artifacts}
    source = DATA + MODEL + BATCHES + "model.evaluate(data_set.batch(8), verbose=0)"
    events = await events_of(runner, Job(source, files=files))
    assert [(one.trained, one.examples) for one in only(Evaluated, events)] == [(False, 64)]


async def test_a_test_step_of_the_scripts_own_keeps_its_figures_and_its_examples_are_counted(
    runner: Runner,
) -> None:
    source = (
        DATA
        + "import keras\n"
        + (
            "class Own(keras.Model):\n"
            "    def __init__(self):\n"
            "        super().__init__()\n"
            "        self.dense = keras.layers.Dense(3, activation='softmax')\n"
            "    def call(self, x):\n"
            "        return self.dense(x)\n"
            "    def test_step(self, data):\n"
            "        return {'mine': keras.ops.sum(data[0])}\n"
            "model = Own()\n"
            "model.compile(loss='sparse_categorical_crossentropy')\n"
            "model.evaluate(x, y, batch_size=64, verbose=0)"
        )
    )
    found = await evaluated(runner, source)
    assert (set(found.metrics), found.examples, found.classification) == ({"mine"}, 64, None)


async def test_metrics_that_the_script_computes_itself_see_what_they_would_see(runner: Runner) -> None:
    source = (
        DATA
        + "import keras\n"
        + (
            "class Own(keras.Sequential):\n"
            "    def compute_metrics(self, x, y, y_pred, sample_weight=None):\n"
            "        return {**super().compute_metrics(x, y, y_pred, sample_weight), 'one': 1.0}\n"
            "model = Own([keras.Input((6,)), keras.layers.Dense(3, activation='softmax')])\n"
            "model.compile(loss='sparse_categorical_crossentropy', metrics=['accuracy'])\n"
            "model.evaluate(x, y, verbose=0)\n"
            "assert 'compute_metrics' not in vars(model)"
        )
    )
    found = await evaluated(runner, source)
    assert found.metrics["one"] == 1.0
    assert found.classification is not None
    assert found.classification.accuracy == pytest.approx(found.metrics["accuracy"])


HEAD = DATA + "import keras\n"
YES = "layer = keras.layers.Dense(1, activation='sigmoid')\nloss = 'binary_crossentropy'\n"
NO_MATRIX = {
    "two yes-or-no questions": (
        "layer = keras.layers.Dense(2, activation='sigmoid')\nloss = 'binary_crossentropy'\n"
        "labels = (x[:, :2] > 0.5).astype('float32')"
    ),
    "an autoencoder": "layer = keras.layers.Dense(6, activation='sigmoid')\nloss = 'binary_crossentropy'\nlabels = x",
    "soft labels": (
        "layer = keras.layers.Dense(3, activation='softmax')\nloss = 'categorical_crossentropy'\n"
        "labels = x[:, :3] / x[:, :3].sum(axis=1, keepdims=True)"
    ),
    "a soft yes": YES + "labels = x[:, :1]",
    "labels of -1 and 1": YES + "labels = np.sign(x[:, 0] - 0.5)",
    "a prediction that is no number": (
        "layer = keras.layers.Dense(3, activation='softmax')\nloss = 'sparse_categorical_crossentropy'\n"
        "labels = y\nx[5] = np.nan"
    ),
    "one output for several classes": (
        "layer = keras.layers.Dense(1, activation='softmax')\nloss = 'sparse_categorical_crossentropy'\nlabels = 0 * y"
    ),
    "a regression whose accuracy was asked for": "layer = keras.layers.Dense(1)\nloss = 'mse'\nlabels = x[:, 0]",
    "a class for each place": (
        "layer = keras.layers.Dense(9)\nlayer = keras.Sequential([layer, keras.layers.Reshape((3, 3)),"
        " keras.layers.Softmax()])\nloss = 'sparse_categorical_crossentropy'\nlabels = np.stack([y, y, y], axis=1)"
    ),
}


@pytest.mark.parametrize("kind", NO_MATRIX)
async def test_there_is_no_matrix_where_no_example_has_one_class(runner: Runner, kind: str) -> None:
    source = (
        HEAD
        + NO_MATRIX[kind]
        + "\nmodel = keras.Sequential([keras.Input((6,)), layer])\nmodel.compile(loss=loss, metrics=['accuracy'])\n"
        "model.evaluate(x, labels, verbose=0)"
    )
    found = await evaluated(runner, source)
    assert (found.classification, found.examples) == (None, 64)


async def test_a_model_of_two_outputs_has_no_matrix(runner: Runner) -> None:
    source = (
        HEAD
        + "inputs = keras.Input((6,))\n"
        + "outputs = [keras.layers.Dense(1, activation='sigmoid', name=n)(inputs) for n in 'ab']\n"
        + "model = keras.Model(inputs, outputs)\nlabels = (y > 0).astype('float32')\n"
        + "for loss in ('binary_crossentropy', ['binary_crossentropy'] * 2):\n"
        + "    model.compile(loss=loss, metrics=[['accuracy'], ['accuracy']])\n"
        + "    model.evaluate(x, [labels, labels], verbose=0)"
    )
    told = only(Evaluated, await events_of(runner, source))
    assert [(one.classification, one.examples) for one in told] == [(None, 64)] * 2
    assert {"a_accuracy", "b_accuracy"} <= set(told[0].metrics)


async def test_a_model_that_a_callback_of_another_fitted_is_a_trained_one(runner: Runner) -> None:
    source = (
        DATA
        + "import keras\n"
        + "def made():\n"
        + "    made = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3, activation='softmax')])\n"
        + "    made.compile(loss='sparse_categorical_crossentropy')\n"
        + "    return made\n"
        + "outer, inner, fresh = made(), made(), made()\n"
        + "class Fits(keras.callbacks.Callback):\n"
        + "    def on_epoch_end(self, epoch, logs=None):\n"
        + "        inner.fit(x, y, verbose=0)\n"
        + "outer.fit(x, y, epochs=2, verbose=0, callbacks=[Fits()])\n"
        + "for one in (inner, fresh): one.evaluate(x, y, verbose=0)"
    )
    events = await events_of(runner, source)
    assert [one.trained for one in only(Evaluated, events)] == [True, False]
    assert [(one.epoch, one.epochs) for one in only(EpochEnded, events)] == [(1, 2), (2, 2)]
