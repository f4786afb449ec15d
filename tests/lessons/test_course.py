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


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """A copy of the examples' folder."""
    return Path(shutil.copytree(EXAMPLES, tmp_path / "examples"))


def output_of(file: str, folder: Path) -> str:
    done = subprocess.run([sys.executable, file], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_train_runs_alone(alone: Path) -> None:
    output = output_of("train.py", alone)
    assert "Epoch 10/10" in output
    assert "4/4" in output  # as the lesson says of Keras 3


def test_evaluate_runs_alone(alone: Path) -> None:
    assert re.search(r"^Test accuracy: [01]\.\d+$", output_of("evaluate.py", alone), re.MULTILINE)


def test_digits_are_learned_and_judged(alone: Path) -> None:
    trained = output_of("digits.py", alone)
    assert float(re.findall(r"val_accuracy: ([\d.]+)", trained)[-1]) > 0.93
    judged = output_of("digits-evaluate.py", alone)
    accuracy = {name: float(value) for name, value in re.findall(r"(\w+): +([\d.]+)", judged)}
    assert accuracy["Untrained"] < 0.4
    assert accuracy["Trained"] > 0.93
