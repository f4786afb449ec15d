"""Several models and fits in one job, and where the data of an evaluation come from: real TensorFlow in the sandbox."""

from __future__ import annotations

import pytest

from runner import EpochEnded, Evaluated, Finished, Job, Origin, Runner

from .jobs import DATA, MODEL, events_of, finished, only

pytestmark = pytest.mark.usefixtures("at_rest")

MAKE = (
    DATA
    + """
import keras
import tensorflow as tf
def make(units=4):
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(units, activation="relu"),
                              keras.layers.Dense(3, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
def fit(model, *data, **options):
    model.fit(*data, verbose=0, **options)
def evaluate(model, *data, **options):
    model.evaluate(*data, verbose=0, **options)
"""
)
T, V, U, Q = Origin.TRAINING, Origin.VALIDATION, Origin.UNSEEN, Origin.UNKNOWN


async def told_by(runner: Runner, source: str) -> tuple[list[EpochEnded], list[Evaluated]]:
    events = await events_of(runner, MAKE + source)
    assert isinstance(events[-1], Finished), events[-1]
    return only(EpochEnded, events), only(Evaluated, events)


async def test_folds_are_told_apart_by_fit_and_model(runner: Runner) -> None:
    source = (
        "for fold in range(3):\n"
        "    held = np.arange(64) % 3 == fold\n"
        "    model = make()\n"
        "    fit(model, x[~held], y[~held], epochs=2)\n"
        "    evaluate(model, x[held], y[held])\n"
    )
    epochs, judged = await told_by(runner, source)
    assert [(one.fit, one.model) for one in epochs] == [(1, 1), (1, 1), (2, 2), (2, 2), (3, 3), (3, 3)]
    assert [(one.fit, one.model, one.data) for one in judged] == [(1, 1, U), (2, 2, U), (3, 3, U)]
    assert all(one.classifier for one in epochs)


async def test_one_model_may_be_fitted_again_go_on_or_start_over(runner: Runner) -> None:
    source = (
        "a, b = make(), make()\n"
        "first = a.get_weights()\n"
        "evaluate(b, x, y)\n"
        "fit(a, x[:30], y[:30])\nfit(b, x[:30], y[:30])\nfit(a, x[:30], y[:30])\n"
        "a.set_weights(first)\n"
        "fit(a, x[30:], y[30:])\nevaluate(a, x[:30], y[:30])\nevaluate(a, x[30:], y[30:])\n"
    )
    epochs, judged = await told_by(runner, source)
    assert [(one.fit, one.model) for one in epochs] == [(1, 2), (2, 1), (3, 2), (4, 3)]
    assert [(one.fit, one.model, one.trained, one.data) for one in judged] == [
        (None, 1, False, Q),
        (4, 3, True, U),
        (4, 3, True, T),
    ]


ORIGINS = {
    "the arrays that were fitted": ("fit(m, x, y)", "x, y", T),
    "a part of them": ("fit(m, x, y)", "x[:50], y[:50]", T),
    "a shuffled copy": ("fit(m, x, y)\norder = rng.permutation(64)", "x[order], y[order]", T),
    "another type and shape": ("fit(m, x.astype('float64'), y)", "tf.constant(x), y.reshape(-1, 1)", T),
    "copies that are gone": ("fit(m, x[np.arange(64)], y.copy())", "x, y", T),
    "other labels": ("fit(m, x, y)", "x, 2 - y", Q),
    "others": ("fit(m, x[:40], y[:40])", "x[40:], y[40:]", U),
    "some and others": ("fit(m, x[:40], y[:40])", "x[30:], y[30:]", Q),
    "another scale": ("fit(m, x[:40], y[:40])", "255 * x[:40], y[:40]", Q),
    "a validation split": ("fit(m, x, y, validation_split=0.25)", "x[48:], y[48:]", V),
    "what a validation split left": ("fit(m, x, y, validation_split=0.25)", "x[:48], y[:48]", T),
    "both parts of a split": ("fit(m, x, y, validation_split=0.25)", "x, y", Q),
    "validation data": ("fit(m, x[:40], y[:40], validation_data=(x[40:], y[40:]))", "x[40:], y[40:]", V),
    "validated on the training data": ("fit(m, x, y, validation_data=(x, y))", "x, y", T),
    "a data set": ("d = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)\nfit(m, d)", "d", T),
    "a data set to validate": (
        "d = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)\nfit(m, d.take(4), validation_data=d)",
        "d",
        V,
    ),
    "a data set in steps": (
        "d = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)\nfit(m, d, steps_per_epoch=2)",
        "d",
        Q,
    ),
    "another data set of the same": (
        "fit(m, x, y)\nd = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)",
        "d",
        Q,
    ),
    "arrays after a data set": (
        "fit(m, tf.data.Dataset.from_tensor_slices((x[:40], y[:40])).batch(8))",
        "x[40:], y[40:]",
        Q,
    ),
    "arrays after batches": ("m.train_on_batch(x, y)\nfit(m, x[:40], y[:40])", "x[40:], y[40:]", Q),
    "arrays after weights of another": (
        "o = make()\nfit(o, x, y)\nm.set_weights(o.get_weights())\nfit(m, x[:40], y[:40])",
        "x[40:], y[40:]",
        Q,
    ),
    "layers that another model trained": (
        "fit(m, x[:40], y[:40])\no = keras.Sequential([keras.Input((6,)), *m.layers])\n"
        "o.compile('adam', 'sparse_categorical_crossentropy')\nfit(o, x[40:], y[40:])",
        "x[40:], y[40:]",
        Q,
    ),
    "a buffer that was filled again": ("b = x[:40].copy()\nfit(m, b, y[:40])\nb[:] = x[24:]", "b, y[24:]", Q),
    "no epoch at all": ("fit(m, x, y, epochs=0)", "x, y", Q),
    "large arrays": (
        "inside.provenance.MOST_VALUES = 100\nfit(m, x[:40], y[:40])",
        "x[:30], y[:30]",
        T,
    ),
    "others of a large array": (
        "inside.provenance.MOST_VALUES = 100\nfit(m, x[:40], y[:40])",
        "x[40:], y[40:]",
        Q,
    ),
    "a split of a large array": (
        "inside.provenance.MOST_VALUES = 100\nfit(m, x, y, validation_split=0.5)",
        "x[40:], y[40:]",
        V,
    ),
}


async def test_it_is_told_whether_the_model_learned_from_the_data(runner: Runner) -> None:
    """One job for all: each has a model of its own."""
    head = "import inside.provenance\nusual = inside.provenance.MOST_VALUES\n"  # the sandbox' own limit, made smaller
    parts = [
        f"m = make()\n{before}\nevaluate(m, {data})\ninside.provenance.MOST_VALUES = usual\n"
        for before, data, _ in ORIGINS.values()
    ]
    _, judged = await told_by(runner, head + "".join(parts))
    found = dict(zip(ORIGINS, (one.data for one in judged), strict=True))
    assert found == {name: wanted for name, (_, _, wanted) in ORIGINS.items()}


async def test_of_a_model_of_an_earlier_run_nothing_is_known(runner: Runner) -> None:
    train = Job(DATA + MODEL + "model.fit(x, y, verbose=0)", makes=("model.keras",))
    files = {one.name: one.data for one in (await finished(runner, train)).artifacts}
    load = "m = keras.models.load_model('model.keras')\n"
    source = MAKE + load + "evaluate(m, x, y)\nfit(m, x[:9], y[:9])\nevaluate(m, x[9:], y[9:])"
    events = await events_of(runner, Job(source, files=files))
    assert [(one.data, one.trained) for one in only(Evaluated, events)] == [(Q, True), (Q, True)]


async def test_a_model_trained_by_a_loop_of_the_scripts_own_is_no_untrained_one(runner: Runner) -> None:
    source = (
        "m, optimizer = make(), keras.optimizers.SGD()\n"
        "evaluate(m, x, y)\n"
        "with tf.GradientTape() as tape:\n"
        "    loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, m(x)))\n"
        "weights = m.trainable_variables\n"
        "optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))\n"
        "evaluate(m, x, y)\n"
    )
    _, judged = await told_by(runner, source)
    assert [(one.trained, one.data) for one in judged] == [(False, Q), (True, Q)]


@pytest.mark.parametrize(
    ("layer", "loss", "is_one"),
    [
        ("Dense(3, activation='softmax')", "sparse_categorical_crossentropy", True),
        ("Dense(1, activation='sigmoid')", "binary_crossentropy", True),
        ("Dense(2, activation='sigmoid')", "binary_crossentropy", False),
        ("Dense(1)", "mse", False),
    ],
)
async def test_an_epoch_tells_whether_its_accuracy_counts_examples(
    runner: Runner, layer: str, loss: str, is_one: bool
) -> None:
    source = (
        f"m = keras.Sequential([keras.Input((6,)), keras.layers.{layer}])\n"
        f"m.compile('adam', '{loss}', metrics=['accuracy'])\n"
        "labels = y if m.output_shape[1] == 3 else x[:, :m.output_shape[1]] > 0.5\n"
        "fit(m, x, labels)"
    )
    epochs, _ = await told_by(runner, source)
    assert [one.classifier for one in epochs] == [is_one]


async def test_a_model_of_the_scripts_own_class_is_known_by_its_labels(runner: Runner) -> None:
    source = (
        "class Own(keras.Model):\n"
        "    def __init__(self, *layers):\n"
        "        super().__init__()\n"
        "        self.parts = keras.Sequential(layers)\n"
        "    def call(self, x):\n"
        "        return self.parts(x)\n"
        "def learn(loss, layers, *data):\n"
        "    m = Own(*layers)\n"
        "    m.compile('adam', loss, metrics=['accuracy'])\n"
        "    fit(m, *data)\n"
        "three = [keras.layers.Dense(3, activation='softmax')]\n"
        "places = [keras.layers.Dense(9), keras.layers.Reshape((3, 3)), keras.layers.Softmax()]\n"
        "learn('sparse_categorical_crossentropy', three, x, y)\n"
        "learn('sparse_categorical_crossentropy', three, tf.data.Dataset.from_tensor_slices((x, y)).batch(8))\n"
        "learn('categorical_crossentropy', three, x, keras.utils.to_categorical(y, 3))\n"
        "learn('sparse_categorical_crossentropy', places, x, np.stack([y, y, y], axis=1))\n"
        "learn('binary_crossentropy', [keras.layers.Dense(2, activation='sigmoid')], x, x[:, :2] > 0.5)\n"
        "learn('mse', [keras.layers.Dense(1)], x, y)\n"
    )
    epochs, _ = await told_by(runner, source)
    assert [one.classifier for one in epochs] == [True, True, True, False, False, False]
