"""A course with all that authors write: it is read to its end, and nothing of it is lost on the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from .people import Learner, Tutor

GOOD = Path(__file__).parents[1] / "lessons" / "course"

LESSON = r"""---
title: All of it
minutes: 3
summary: Whatever authors write.
---

See [the end](#end), [a page](docs/other.md) and [Keras](https://keras.io). Unknown words become <OOV>.

## A picture {#picture}

It falls:

![A curve that falls](images/curve.png)

## Long {#long}

| name | what |
|---|---|
ROWS

ITEMS

The rate is $\eta = 10^{-3}$; `set` it with $PATH:$HOME, 10<sup>-3</sup> for $5 or $6.

## The end {#end}

That was it.
"""

QUIZ = """- id: last
  kind: single
  section: end
  prompt: 'Which of $\\theta$ and __init__ is it?'
  explanation: It is 2*3*4.
  choices:
"""
CHOICES = ["> 0.5", "2*3*4", "__init__", "# of layers", "<PAD>"]


@pytest.fixture
def learner(tmp_path: Path, start: Callable[..., Tutor]) -> Learner:
    """Somebody who learns the course in `tmp_path`."""
    folder = Path(shutil.copytree(GOOD, tmp_path / "course"))
    (folder / "course.yaml").write_text("title: A\ndescription: B\nlessons: [second, first]\n")
    (folder / "second/images").mkdir()
    Image.new("RGB", (60, 40), "white").save(folder / "second/images/curve.png")
    rows = "\n".join(f"| name{i} | {'long ' * 60} |" for i in range(12))
    items = "\n".join(f"- `a{i}` then `b{i}` then `c{i}`" for i in range(40))
    (folder / "second/lesson.md").write_text(LESSON.replace("ROWS", rows).replace("ITEMS", items))
    listed = [
        f"    - id: c{i}\n      text: '{choice}'\n      feedback: So.\n      correct: {'true' if i == 1 else 'false'}\n"
        for i, choice in enumerate(CHOICES)
    ]
    (folder / "second/questions.yaml").write_text(QUIZ + "".join(listed))
    return Learner(start(TUTOR_COURSE=str(folder)))


def test_every_page_comes_and_a_picture_is_shown(learner: Learner) -> None:
    learner.says("/start")
    learner.sees("All of it")
    learner.presses("Begin the lesson")
    first = learner.sees("See the end, a page and Keras. Unknown words become <OOV>.")
    learner.presses("📖 The end")
    learner.sees("That was it.")
    pages = [first.text]
    learner.says("/lessons")
    learner.presses("All of it")
    end = learner.sees("That was it.")
    while " · 1 of " not in end.text:
        learner.presses("‹ Back")
        number = int(end.text.split(" · ")[1].split(" of ")[0]) - 1
        end = learner.sees(f" · {number} of ")
        pages.insert(1, end.text)
        assert end.has_picture == ("A picture\n\nIt falls:\n\nA curve that falls" in end.text)
    assert any("A curve that falls" in page for page in pages)
    read = "\n".join(pages)
    assert [f"name{i}\n" in read for i in range(12)] == [True] * 12
    assert [f"• a{i} then b{i} then c{i}" in read for i in range(40)] == [True] * 40
    assert "The rate is η = 10⁻³; set it with $PATH:$HOME, 10⁻³ for $5 or $6." in read


def test_choices_are_shown_as_they_are_written(learner: Learner) -> None:
    learner.says("/start")
    learner.sees("All of it")
    learner.presses("Begin the lesson")
    learner.sees("See the end")
    learner.says("/quiz")
    asked = learner.sees("Which of θ and __init__ is it?")
    for letter, choice in zip("ABCDE", CHOICES, strict=True):
        assert f"{letter}  {choice}" in asked.text
    learner.presses("B")
    learner.sees("Right!", "It is 2*3*4.")
