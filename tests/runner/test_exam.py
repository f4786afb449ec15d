"""A learner's own code made the weights; the course's code scores them, on data that the first never had."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from runner import Evaluated, Event, Exam, Failed, Finished, Job, LocalRunner, Trust, examined

from .jobs import DATA, MODEL, only

pytestmark = pytest.mark.usefixtures("at_rest")

SAVE = "np.savez('weights.npz', *model.get_weights())\n"
TRAIN = DATA + MODEL + "model.fit(x, y, epochs=60, verbose=0)\n" + SAVE
EXAM = Exam(
    DATA.replace("default_rng(0)", "default_rng(int(open('seed.txt').read()))")
    + MODEL
    + "with np.load('weights.npz', allow_pickle=False) as saved:\n"
    + "    model.set_weights([saved[name] for name in saved.files])\n"
    + "model.evaluate(x, y, verbose=0)\n",
    {"seed.txt": b"7"},
)
LIE = """
import numpy as np
class Model:
    def evaluate(self, *data, **options):
        return 0.0, 1.0
print("accuracy 1.0", Model().evaluate())
"""


async def examine(runner: LocalRunner, source: str) -> list[Event]:
    job = Job(source, trusted=False, makes=("notes.txt",))
    async with aclosing(examined(runner, job, EXAM)) as events:  # type: ignore[type-var]
        return [event async for event in events]


async def test_weights_are_scored_by_the_courses_code_and_the_result_is_checked(runner: LocalRunner) -> None:
    events = await examine(runner, TRAIN)
    (judged,) = only(Evaluated, events)
    assert judged.trained
    assert judged.examples == 64
    assert isinstance(events[-1], Finished)
    assert events[-1].trust is Trust.CHECKED
    assert [artifact.name for artifact in events[-1].artifacts] == ["weights.npz"]


async def test_what_the_code_says_of_itself_does_not_count(runner: LocalRunner) -> None:
    boast = TRAIN + "model.set_weights([0 * w for w in model.get_weights()])\n" + SAVE
    boast += "y[:] = model.predict(x, verbose=0).argmax(1)\nmodel.evaluate(x, y, verbose=0)\n"
    (judged,) = only(Evaluated, await examine(runner, boast))
    assert judged.classification
    assert judged.classification.accuracy < 0.7, "the weights are all zero, whatever the code found"


async def test_without_weights_there_is_nothing_to_check(runner: LocalRunner) -> None:
    last = (await examine(runner, LIE))[-1]
    assert isinstance(last, Failed)
    assert "saved no weights.npz" in last.detail
    assert "accuracy 1.0" in last.output


async def test_weights_of_another_shape_are_told(runner: LocalRunner) -> None:
    last = (await examine(runner, "import numpy as np\nnp.savez('weights.npz', np.zeros((2, 2)))\n"))[-1]
    assert isinstance(last, Failed)
    assert "do not fit" in last.detail


async def test_pickled_objects_among_the_weights_are_never_loaded(runner: LocalRunner) -> None:
    evil = "import numpy as np, os\nclass Evil:\n    def __reduce__(self):\n        return os._exit, (0,)\n"
    evil += "np.savez('weights.npz', np.array([Evil()], dtype=object))\n"
    last = (await examine(runner, evil))[-1]
    assert isinstance(last, Failed)
    assert "could not be checked" in last.detail


async def test_the_exams_data_are_not_there_for_the_examined_code(runner: LocalRunner) -> None:
    last = (await examine(runner, "print(open('seed.txt').read())"))[-1]
    assert isinstance(last, Failed)
    assert "FileNotFoundError" in last.detail


async def test_closing_the_iterator_cancels_the_job(runner: LocalRunner) -> None:
    async with aclosing(examined(runner, Job("while True: pass", trusted=False), EXAM)) as events:  # type: ignore[type-var]
        async for _ in events:
            break
