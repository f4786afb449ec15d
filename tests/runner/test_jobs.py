"""What a job tells while it runs, and what it leaves: real TensorFlow in the real sandbox."""

from __future__ import annotations

import io
import zipfile

import pytest

from runner import (
    Artifact,
    EpochEnded,
    Evaluated,
    Finished,
    Job,
    Output,
    Picture,
    Queued,
    Runner,
    Started,
)
from runner.images import shape

from .jobs import DATA, MODEL, events_of, failed, finished, only

pytestmark = pytest.mark.usefixtures("at_rest")


SOURCE_TRAIN = """
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
model = Sequential([
    Dense(64, activation='relu', input_shape=(784,)),
    Dense(10, activation='softmax')
])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
import numpy as np
x_train = np.random.random((100, 784)).astype(np.float32)
y_train = np.random.randint(10, size=(100, 1)).astype(np.int32)
model.fit(x_train, y_train, epochs=10, batch_size=32)
"""
SOURCE_EVALUATE = """
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
model = Sequential([
    Dense(64, activation='relu', input_shape=(784,)),
    Dense(10, activation='softmax')
])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
import numpy as np
x_test = np.random.random((20, 784)).astype(np.float32)
y_test = np.random.randint(10, size=(20, 1)).astype(np.int32)
test_loss, test_acc = model.evaluate(x_test, y_test, verbose=2)
print('Test accuracy:', test_acc)
"""


def made(last: object, name: str) -> bytes:
    assert isinstance(last, Finished)
    return next(one.data for one in last.artifacts if one.name == name)


async def test_training_tells_queue_start_every_epoch_and_the_end_in_order(runner: Runner) -> None:
    events = await events_of(runner, Job(SOURCE_TRAIN))
    epochs = only(EpochEnded, events)
    assert [type(event) for event in events if not isinstance(event, Output)] == [
        Queued,
        Started,
        *[EpochEnded] * 10,
        Finished,
    ]
    assert [(event.epoch, event.epochs) for event in epochs] == [(n, 10) for n in range(1, 11)]
    assert all(set(event.metrics) == {"loss", "accuracy"} and not event.diverged for event in epochs)
    assert [event.seconds for event in epochs] == sorted(event.seconds for event in epochs)


async def test_the_source_trains_then_its_second_example_judges_that_model(runner: Runner) -> None:
    trained = (await events_of(runner, Job(SOURCE_TRAIN, makes=("model.keras",))))[-1]
    model = made(trained, "model.keras")
    assert "metadata.json" in zipfile.ZipFile(io.BytesIO(model)).namelist()
    events = await events_of(runner, Job(SOURCE_EVALUATE, files={"model.keras": model}))
    baseline, own = only(Evaluated, events)
    assert (baseline.trained, own.trained) == (False, True)
    assert (baseline.examples, own.examples) == (20, 20)
    for one in (baseline, own):
        assert one.classification is not None
        assert one.classification.accuracy == pytest.approx(one.metrics["accuracy"])
        assert sum(map(sum, one.classification.confusion)) == 20
    assert isinstance(events[-1], Finished)
    assert [picture.name for picture in events[-1].pictures] == ["confusion"]
    assert f"Test accuracy: {baseline.metrics['accuracy']}" in events[-1].output


async def test_a_script_that_loads_the_model_itself_is_judged_once(runner: Runner) -> None:
    first = await finished(runner, Job(DATA + MODEL + "model.fit(x, y, verbose=0)", makes=("model.keras",)))
    source = DATA + "import keras\nmodel = keras.models.load_model('model.keras')\nmodel.evaluate(x, y, verbose=0)"
    events = await events_of(runner, Job(source, files={"model.keras": made(first, "model.keras")}))
    assert [event.trained for event in only(Evaluated, events)] == [True]


async def test_a_baseline_before_the_script_loads_the_model_is_not_judged_twice(runner: Runner) -> None:
    first = await finished(runner, Job(DATA + MODEL + "model.fit(x, y, verbose=0)", makes=("model.keras",)))
    source = DATA + MODEL + "model.evaluate(x, y)\nkeras.models.load_model('model.keras').evaluate(x, y)"
    events = await events_of(runner, Job(source, files={"model.keras": made(first, "model.keras")}))
    assert [event.trained for event in only(Evaluated, events)] == [False, True]


async def test_a_model_that_does_not_fit_the_data_is_said_so_in_the_output(runner: Runner) -> None:
    first = await finished(runner, Job(SOURCE_TRAIN, makes=("model.keras",)))
    model = made(first, "model.keras")
    last = await finished(runner, Job(DATA + MODEL + "model.evaluate(x, y)", files={"model.keras": model}))
    assert "Your model could not be judged on this data" in last.output


async def test_a_learners_code_hears_nothing_of_a_model_that_it_does_not_mention(runner: Runner) -> None:
    for source in (DATA + MODEL + "model.fit(x, y, verbose=0)", SOURCE_TRAIN):
        model = made(await finished(runner, Job(source, makes=("model.keras",))), "model.keras")
        own = DATA + MODEL + "model.evaluate(x, y, verbose=0);"
        events = await events_of(runner, Job(own, files={"model.keras": model}, trusted=False))
        assert [one.trained for one in only(Evaluated, events)] == [False]
        last = events[-1]
        assert isinstance(last, Finished)
        assert last.output == ""


async def test_a_model_the_script_saved_itself_is_kept_as_it_is(runner: Runner) -> None:
    source = DATA + MODEL + "model.fit(x, y, verbose=0)\nopen('model.keras', 'w').write('mine')"
    last = await finished(runner, Job(source, makes=("model.keras",)))
    assert last.artifacts == (Artifact("model.keras", b"mine"),)


async def test_a_model_that_cannot_be_saved_is_said_so_and_ends_well(runner: Runner) -> None:
    source = DATA + MODEL + "model.fit(x, y, verbose=0)\nmodel.save = None"
    last = await finished(runner, Job(source, makes=("model.keras",)))
    assert last.artifacts == ()
    assert "The model could not be saved" in last.output


async def test_a_refit_model_replaces_the_one_that_came_in(runner: Runner) -> None:
    fit = DATA + MODEL + "model.fit(x, y, verbose=0)"
    model = made(await finished(runner, Job(fit, makes=("model.keras",))), "model.keras")
    again = DATA + "import keras\nm = keras.models.load_model('model.keras')\nm.fit(x, y, verbose=0)"
    last = await finished(runner, Job(again, files={"model.keras": model}, makes=("model.keras",)))
    assert made(last, "model.keras") != model


async def test_validation_is_part_of_the_epoch_and_no_evaluation(runner: Runner) -> None:
    events = await events_of(runner, DATA + MODEL + "model.fit(x, y, epochs=2, validation_split=0.25, verbose=0)")
    assert only(Evaluated, events) == []
    assert set(only(EpochEnded, events)[1].metrics) == {"loss", "accuracy", "val_loss", "val_accuracy"}


async def test_evaluation_returns_to_the_script_what_keras_returns(runner: Runner) -> None:
    source = (
        DATA
        + MODEL
        + (
            "print(type(model.evaluate(x, y, verbose=0)).__name__,"
            " sorted(model.evaluate(x, y, verbose=0, return_dict=True)))\n"
            "model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3)])\n"
            "model.compile(loss='mse')\n"
            "print(type(model.evaluate(x, np.zeros((64, 3)), verbose=0)).__name__)"
        )
    )
    last = await finished(runner, source)
    assert last.output.splitlines() == ["list ['accuracy', 'loss']", "float"]


async def test_metrics_that_diverge_are_named_and_never_sent(runner: Runner) -> None:
    source = (
        DATA
        + MODEL
        + (
            "model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3)])\n"
            "model.compile(optimizer=keras.optimizers.SGD(1e30), loss='mse')\n"
            "model.fit(x, np.ones((64, 3), 'float32'), epochs=3, verbose=0)\n"
            "model.evaluate(x, np.ones((64, 3), 'float32'), verbose=0)"
        )
    )
    events = await events_of(runner, source)
    last, judged = only(EpochEnded, events)[-1], only(Evaluated, events)[0]
    assert (last.metrics, last.diverged) == ({}, ("loss",))
    assert (judged.metrics, judged.diverged, judged.classification) == ({}, ("loss",), None)
    assert [picture.name for picture in events[-1].pictures] == ["curves"]  # type: ignore[union-attr]


async def test_early_stopping_and_callbacks_of_the_script_still_work(runner: Runner) -> None:
    source = (
        DATA
        + MODEL
        + (
            "class Stop(keras.callbacks.Callback):\n"
            "    def on_epoch_end(self, epoch, logs=None):\n"
            "        self.model.stop_training = epoch == 1\n"
            "history = model.fit(x, y, epochs=9, verbose=0, callbacks=Stop())\n"
            "print(len(history.history['loss']))"
        )
    )
    events = await events_of(runner, source)
    assert [(event.epoch, event.epochs) for event in only(EpochEnded, events)] == [(1, 9), (2, 9)]
    assert events[-1].output == "2\n"  # type: ignore[union-attr]


async def test_a_fit_of_very_many_epochs_does_not_drown_in_events(runner: Runner) -> None:
    source = (
        "import inside.watch\ninside.watch.FREE_EPOCHS = 20\n"  # the sandbox' own rule, with a smaller number
        + DATA
        + MODEL
        + "model.fit(x[:1], y[:1], epochs=100, verbose=0)"
    )
    epochs = only(EpochEnded, await events_of(runner, source))
    assert [event.epoch for event in epochs[:20]] == list(range(1, 21))
    assert epochs[-1].epoch == 100
    assert len(epochs) < 90


async def test_pictures_are_png_of_a_phones_width(runner: Runner) -> None:
    source = DATA + MODEL + "model.fit(x, y, epochs=2, verbose=0)\nmodel.evaluate(x, y, verbose=0)"
    last = await finished(runner, source)
    assert [picture.name for picture in last.pictures] == ["curves", "confusion"]
    for picture in last.pictures:
        assert shape(picture.data) == (picture.format, picture.width, picture.height)
        assert picture.width == 1000


async def test_pictures_a_script_draws_are_handed_on_and_show_is_harmless(runner: Runner) -> None:
    source = (
        "import matplotlib.pyplot as plt\n"
        "plt.plot([1, 2, 3])\nplt.savefig('mine.png')\nplt.show()\n"
        "open('broken.png', 'wb').write(b'no picture')"
    )
    last = await finished(runner, source)
    assert [picture.name for picture in last.pictures] == ["mine.png"]
    assert last.output == ""


async def test_input_files_lie_in_the_working_directory(runner: Runner) -> None:
    last = await finished(runner, Job("print(open('data.txt').read())", files={"data.txt": b"forty-two"}))
    assert last.output == "forty-two\n"


async def test_files_that_were_asked_for_come_back_and_others_do_not(runner: Runner) -> None:
    source = "for name in ('a.txt', 'b.txt'): open(name, 'w').write(name)"
    last = await finished(runner, Job(source, makes=("a.txt", "missing.txt")))
    assert last.artifacts == (Artifact("a.txt", b"a.txt"),)


async def test_a_large_input_file_arrives_whole(runner: Runner) -> None:
    data = bytes(range(256)) * 40_000
    source = "import hashlib; print(hashlib.sha256(open('big', 'rb').read()).hexdigest())"
    import hashlib

    last = await finished(runner, Job(source, files={"big": data}))
    assert last.output.strip() == hashlib.sha256(data).hexdigest()


async def test_a_script_sees_itself_as_python_would_run_it(runner: Runner) -> None:
    source = (
        "import sys, os, inspect, __main__\n"
        "def f(): return 1\n"
        "print(__name__, sys.argv, os.path.basename(__file__), __main__.f is f, inspect.getsource(f).strip())"
    )
    last = await finished(runner, Job(source, name="train.py"))
    assert last.output == "__main__ ['train.py'] train.py True def f(): return 1\n"


async def test_exit_threads_and_atexit_work_as_in_python(runner: Runner) -> None:
    source = (
        "import atexit, threading, time\n"
        "atexit.register(print, 'last')\n"
        "threading.Thread(target=lambda: (time.sleep(0.05), print('thread'))).start()\n"
        "print('script')"
    )
    assert (await finished(runner, source)).output == "script\nthread\nlast\n"
    assert (await finished(runner, "print('a')\nexit()\nprint('b')")).output == "a\n"
    assert (await finished(runner, "import sys; sys.exit(0)")).output == ""


async def test_printed_text_comes_as_it_is_printed(runner: Runner) -> None:
    source = "import time\nprint('one', flush=True)\ntime.sleep(0.2)\nimport sys; print('two', file=sys.stderr)"
    events = await events_of(runner, source)
    assert [event.text for event in only(Output, events)] == ["one\n", "two\n"]


async def test_a_long_output_keeps_head_and_tail(runner: Runner) -> None:
    last = await finished(runner, "for n in range(50_000): print(n)")
    assert last.output.startswith("0\n1\n")
    assert last.output.endswith("49998\n49999\n")
    assert "characters left out" in last.output
    assert len(last.output) < 70_000


async def test_a_seeded_job_repeats_itself_and_an_unseeded_one_does_not(runner: Runner) -> None:
    source = "import random, numpy, keras\nprint(random.random(), numpy.random.rand(), float(keras.random.uniform(())))"
    seeded = [(await finished(runner, Job(source, seed=7))).output for _ in range(2)]
    fresh = [(await finished(runner, Job(source))).output for _ in range(2)]
    assert seeded[0] == seeded[1]
    assert all(one != other for one, other in zip(fresh[0].split(), fresh[1].split(), strict=True))


async def test_seconds_are_the_scripts_own(runner: Runner) -> None:
    last = await finished(runner, "import time; time.sleep(0.3)")
    assert 0.3 <= last.seconds < 5


@pytest.mark.parametrize("loss", ["binary_crossentropy", "keras.losses.BinaryCrossentropy(from_logits=True)"])
async def test_a_yes_or_no_model_is_judged_as_two_classes(runner: Runner, loss: str) -> None:
    activation = "None" if "logits" in loss else "'sigmoid'"
    loss = loss if "(" in loss else repr(loss)
    source = DATA + (
        "import keras\n"
        f"model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(1, activation={activation})])\n"
        f"accuracy = keras.metrics.BinaryAccuracy(threshold={0.0 if 'logits' in loss else 0.5})\n"
        f"model.compile(loss={loss}, metrics=[accuracy])\n"
        "model.evaluate(x, (y > 0).astype('float32'), verbose=0)"
    )
    judged = only(Evaluated, await events_of(runner, source))[0]
    assert judged.classification is not None
    assert len(judged.classification.confusion) == 2
    assert judged.classification.accuracy == pytest.approx(judged.metrics["binary_accuracy"])


@pytest.mark.parametrize(
    "call",
    [
        "model.evaluate(x, keras.utils.to_categorical(y, 3), verbose=0)",
        "data = tf.data.Dataset.from_tensor_slices((x, keras.utils.to_categorical(y, 3)))\n"
        "model.evaluate(data.batch(10), verbose=0)",
    ],
)
async def test_one_hot_labels_and_data_sets_are_judged(runner: Runner, call: str) -> None:
    source = (
        DATA
        + MODEL
        + ("import tensorflow as tf\nmodel.compile(loss='categorical_crossentropy', metrics=['accuracy'])\n" + call)
    )
    judged = only(Evaluated, await events_of(runner, source))[0]
    assert judged.examples == 64
    assert judged.classification is not None
    assert judged.classification.accuracy == pytest.approx(judged.metrics["accuracy"])


async def test_a_regression_has_no_classification(runner: Runner) -> None:
    source = DATA + MODEL + "model.compile(loss='mse')\nmodel.evaluate(x, np.zeros((64, 3)), verbose=0)"
    assert [event.classification for event in only(Evaluated, await events_of(runner, source))] == [None]


async def test_a_picture_is_a_value(runner: Runner) -> None:
    last = await finished(runner, "import matplotlib.pyplot as plt\nplt.savefig('a.png', dpi=50)")
    assert isinstance(last.pictures[0], Picture)
    assert (last.pictures[0].width, last.pictures[0].height) == (320, 240)


async def test_a_traceback_has_the_examples_lines_only(runner: Runner) -> None:
    source = MODEL + "def work():\n    model.fit('nonsense')\nwork()\n"
    last = await failed(runner, Job(source, name="train.py"))
    assert 'File "train.py"' in last.detail
    assert "model.fit('nonsense')" in last.detail
    assert "site-packages" not in last.detail
    assert "/" not in last.detail
    assert last.line == source[: source.index("model.fit")].count("\n") + 1
