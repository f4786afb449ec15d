"""`tutor check`: which course it looks at, what it says, and which values it runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main

GOOD = Path(__file__).parents[1] / "lessons" / "course"

FIT = """import keras
import numpy as np

epochs = 2

x = np.linspace(0, 1, 20)
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(x, 2 * x, epochs=epochs)
"""

LESSON = """---
title: Only
minutes: 1
summary: One lesson.
examples:
  - id: fit
    title: Fit
    role: train
    parameters:
      - name: epochs
        title: Passes
        default: 2
        minimum: 1
        maximum: 3
      - name: rate
        title: The size of a step
        default: 0.001
        choices: [0.001, 0.1]
        replaces: optimizer
        template: tf.keras.optimizers.Adam(learning_rate={value})
---

## Only {#only}

Text.

```python example=fit
```
"""

QUIZ = """- id: last
  kind: numeric
  section: only
  prompt: How many?
  number: 1e0
  explanation: One.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "course"))


def checked(*words: str, course: Path | None = None) -> tuple[int, list[str]]:
    """The exit status and what was said, line by line."""
    env = {"TUTOR_COURSE": str(course)} if course else {"TUTOR_COURSE": None}
    done = CliRunner().invoke(main, ["check", *words], env=env)
    return done.exit_code, done.output.splitlines()


def test_the_packaged_course_is_checked_where_nothing_is_named() -> None:
    assert checked() == (0, ["Machine Learning with TensorFlow and Keras: 1 lesson, no mistakes."])


def test_the_course_that_is_set_is_checked() -> None:
    assert checked(course=GOOD) == (0, ["A course: 2 lessons, no mistakes."])


def test_the_folder_that_is_named_wins(folder: Path) -> None:
    (folder / "course.yaml").write_text("title: [")
    assert checked(str(GOOD), course=folder) == (0, ["A course: 2 lessons, no mistakes."])


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    """What is wrong in the files, and what would not be shown, in the order of files and lines."""
    lesson = folder / "first/lesson.md"
    lesson.write_text(
        lesson.read_text().replace("An introduction.", "See [it](it.md), <u>this.").replace("minutes: 5", "minutes: 0")
    )
    quiz = folder / "second/questions.yaml"
    quiz.write_text(quiz.read_text().replace("prompt: Yes?", "prompt: Is it #3?"))
    status, said = checked(str(folder))
    where = [line.removeprefix(f"{folder}/").split(": ")[0] for line in said[:-1]]
    line = lesson.read_text().split("\n").index("See [it](it.md), <u>this.") + 1
    assert (status, said[-1]) == (1, "4 mistakes.")
    assert where == [
        "first/lesson.md:3",
        f"first/lesson.md:{line}",
        f"first/lesson.md:{line}",
        "second/questions.yaml:4",
    ]


def test_each_value_at_the_ends_is_run_and_the_one_that_fails_is_named(tmp_path: Path) -> None:
    """The template asks for a name that the script does not have."""
    (tmp_path / "only/examples").mkdir(parents=True)
    (tmp_path / "course.yaml").write_text("title: A\ndescription: B\nlessons: [only]\n")
    (tmp_path / "only/lesson.md").write_text(LESSON)
    (tmp_path / "only/questions.yaml").write_text(QUIZ)
    (tmp_path / "only/examples/fit.py").write_text(FIT)
    status, said = checked(str(tmp_path), "--run")
    runs = [line for line in said if line.startswith("only/")]
    assert status == 1
    assert [line.split(": ")[0] for line in runs] == [
        "only/fit",
        "only/fit with epochs=1",
        "only/fit with epochs=3",
        "only/fit with rate=0.1",
    ]
    assert ["failed" in line for line in runs] == [False, False, False, True]
    assert any("name 'tf' is not defined" in line for line in said)
