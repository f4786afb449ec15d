"""The course that ships: all of its source text is served, its data is honest, and its examples run alone."""

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lessons.check import check
from lessons.loader import COURSE, load
from lessons.model import Lesson

SOURCE = (Path(__file__).parent / "source.txt").read_text()
"""The customer's text of the first lesson, as it was given."""
EXAMPLES = COURSE / "model-training-and-evaluation" / "examples"


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return load().lessons[0]


@pytest.fixture(scope="module")
def digits() -> dict[str, np.ndarray]:
    with np.load(EXAMPLES / "digits.npz", allow_pickle=False) as data:
        return dict(data)


def test_it_has_no_mistakes() -> None:
    assert check(COURSE) == []


def test_every_line_of_the_source_is_served_in_its_order(lesson: Lesson) -> None:
    served = "\n".join(
        [lesson.title, f"Duration: {lesson.minutes} min"]
        + [f"{section.title}\n{section.body}" for section in lesson.sections]
        + [f"❓ {lesson.question(id).prompt}" for id in ("adjusting-parameters", "classification-metric")]
    )
    # In the source three lines have lost their line break: before the output, and after it, and before the tip.
    lines = re.sub(r"(?<=\S)(Epoch 1/10|Evaluating Model|💡 Tip)", r"\n\1", SOURCE).splitlines()
    position = 0
    for line in lines:
        assert line in served[position:], line
        position = served.index(line, position) + len(line)


def test_both_code_examples_stand_as_in_the_source(lesson: Lesson) -> None:
    for id in ("train", "evaluate"):
        source = lesson.example(id).source.rstrip("\n")
        assert source in SOURCE
        assert source.startswith("import tensorflow as tf")
        assert any(f"```python\n{source}\n```" in section.body for section in lesson.sections)
    assert lesson.example("train").source.rstrip("\n").endswith("epochs=10, batch_size=32)")
    assert lesson.example("evaluate").source.rstrip("\n").endswith("print('Test accuracy:', test_acc)")


def test_the_sources_questions_come_with_help(lesson: Lesson) -> None:
    right = {"adjusting-parameters": "Backpropagation", "classification-metric": "Accuracy"}
    for id, text in right.items():
        question = lesson.question(id)
        assert [choice.text for choice in question.choices if choice.correct] == [text]
        assert len(question.choices) == 4
        assert question.hint


def test_digits_are_whole_in_three_parts_without_a_common_image(digits: dict[str, np.ndarray]) -> None:
    parts = ("train", "validation", "test")
    assert [len(digits[f"x_{part}"]) for part in parts] == [1078, 360, 359]
    images = np.concatenate([digits[f"x_{part}"] for part in parts])
    assert images.shape == (1797, 28, 28)
    assert images.dtype == np.uint8
    assert len(np.unique(images, axis=0)) == 1797
    for part in parts:
        counts = np.bincount(digits[f"y_{part}"])
        assert len(digits[f"y_{part}"]) == len(digits[f"x_{part}"])
        assert counts.max() < 1.1 * counts.min()
        assert len(counts) == 10


def test_digits_are_small() -> None:
    assert (EXAMPLES / "digits.npz").stat().st_size < 400_000


def test_digits_are_what_their_script_makes(digits: dict[str, np.ndarray]) -> None:
    made = runpy.run_path(str(EXAMPLES / "make_digits.py"))["arrays"]()
    assert list(made) == list(digits)
    for name, array in made.items():
        np.testing.assert_array_equal(array, digits[name])


IN_ORDER = ("train.py", "evaluate.py", "digits.py", "digits-evaluate.py")
ALONE = """
import runpy, sys
for file in sys.argv[1:]:
    print("=====", file, flush=True)
    runpy.run_path(file, run_name="__main__")
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each example prints when Python runs it in a copy of the folder, without a sandbox. One process runs them
    all, for TensorFlow's import takes longer than they do."""
    folder = shutil.copytree(EXAMPLES, tmp_path_factory.mktemp("alone") / "examples")
    command = [sys.executable, "-c", ALONE, *IN_ORDER]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    parts = re.split(r"^===== (.+)\n", done.stdout, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_train_runs_alone(printed: dict[str, str]) -> None:
    assert "Epoch 10/10" in printed["train.py"]
    assert "4/4" in printed["train.py"]  # as the lesson says of Keras 3


def test_evaluate_runs_alone(printed: dict[str, str]) -> None:
    assert re.search(r"^Test accuracy: [01]\.\d+$", printed["evaluate.py"], re.MULTILINE)


def test_digits_are_learned_and_judged(printed: dict[str, str]) -> None:
    assert float(re.findall(r"val_accuracy: ([\d.]+)", printed["digits.py"])[-1]) > 0.93
    judged = re.findall(r"(\w+): +([\d.]+)", printed["digits-evaluate.py"])
    accuracy = {name: float(value) for name, value in judged}
    assert accuracy["Untrained"] < 0.4
    assert accuracy["Trained"] > 0.93
