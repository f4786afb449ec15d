"""What the loader makes of the good course in `course/`."""

import subprocess
import sys
from pathlib import Path

import pytest

from lessons.loader import COURSE, example_of, load
from lessons.model import Choice, Course, Kind, Literal, Parameter, Role
from lessons.problem import CourseError


@pytest.fixture
def course(folder: Path) -> Course:
    return load(folder)


def test_lessons_come_in_the_order_of_the_list(course: Course) -> None:
    assert (course.title, course.description) == ("A course", "Small, and without a mistake.")
    assert [(lesson.id, lesson.title, lesson.minutes, lesson.summary) for lesson in course.lessons] == [
        ("first", "The first lesson", 5, "It has examples."),
        ("second", "The second lesson", 3, "It has none."),
    ]


def test_sections_are_cut_at_second_level_headings(course: Course) -> None:
    first, second = course.lessons
    assert [(section.id, section.title, section.examples) for section in first.sections] == [
        ("introduction", "Introduction", ()),
        ("training", "Training", ("train",)),
        ("judging", "Judging", ("judge",)),
    ]
    assert first.sections[0].body == "An introduction."
    assert [section.id for section in second.sections] == ["only"]


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("The `fit` method", "The fit method"),
        ("**Why** _this_ &amp; that", "Why this & that"),
        ("See [Keras](https://keras.io)", "See Keras"),
        ("From <OOV> to val_loss and 2 * 3", "From <OOV> to val_loss and 2 * 3"),
    ],
)
def test_a_title_is_the_words_of_its_heading(folder: Path, heading: str, title: str) -> None:
    """It stands on buttons, where marks of Markdown would be seen."""
    lesson = folder / "first" / "lesson.md"
    lesson.write_text(lesson.read_text().replace("## Judging {", f"## {heading} {{"))
    assert load(folder).lessons[0].sections[2].title == title


def test_a_fence_that_names_an_example_holds_its_source(course: Course) -> None:
    section = course.lessons[0].sections[1]
    source = course.lessons[0].examples[0].source.rstrip("\n")
    assert section.body == (
        f"Text before the code.\n\n```python\n{source}\n```\n\n"
        '- A list with a fence:\n\n  ```python\n  print("not an example")\n  ```'
    )


def test_a_source_with_backticks_does_not_end_its_fence(folder: Path) -> None:
    (folder / "first/examples/judge.py").write_text('print("""\n```\n````\n""")\n')
    body = load(folder).lessons[0].sections[2].body
    assert body.endswith('`````python\nprint("""\n```\n````\n""")\n`````')


def test_a_link_defined_below_stays_in_its_section(folder: Path) -> None:
    lesson = folder / "second/lesson.md"
    lesson.write_text(lesson.read_text() + "\nSee [Keras][k].\n\n[k]: https://keras.io\n")
    assert load(folder).lessons[1].sections[0].body == "Text.\n\nSee [Keras][k].\n\n[k]: https://keras.io"


def test_questions_of_every_kind(course: Course) -> None:
    one, some, number, word = course.lessons[0].questions
    assert (one.kind, one.prompt, one.section, one.hint) == (Kind.SINGLE, "Which one?", "training", "Look.")
    assert one.choices == (Choice("a", "This one", True, "Yes."), Choice("b", "That one", False, "No."))
    assert (some.kind, [choice.correct for choice in some.choices]) == (Kind.MULTIPLE, [True, True])
    assert (number.kind, number.number, number.tolerance) == (Kind.NUMERIC, 4.0, 0.5)
    assert (word.kind, word.answers, word.explanation) == (Kind.TEXT, ("epoch", "an epoch"), "By definition.")


def test_examples_with_their_files(course: Course, folder: Path) -> None:
    train, judge = course.lessons[0].examples
    assert (train.id, train.role, train.file, train.makes) == ("train", Role.TRAIN, "train.py", ("model.keras",))
    assert train.source == (folder / "first/examples/train.py").read_text()
    assert train.data == {"data.csv": folder / "first/examples/data.csv"}
    assert (judge.role, judge.needs, judge.chance) == (Role.EVALUATE, "train", 0.1)
    assert course.lessons[0].judge_of("train") is judge


def test_parameters(course: Course) -> None:
    assert course.lessons[0].examples[0].parameters == (
        Parameter("epochs", 10, "Passes over the data", minimum=1, maximum=50, presets=(5, 10, 20)),
        Parameter("optimizer", "adam", "The rule for each change", choices=("adam", "sgd")),
        Parameter(
            "rate",
            0.5,
            "The size of each change",
            minimum=0,
            maximum=1,
            replaces="size",
            template="scaled({value})",
        ),
    )


def test_a_whole_preset_of_a_fraction_is_a_fraction(folder: Path) -> None:
    lesson = folder / "first/lesson.md"
    lesson.write_text(lesson.read_text().replace("default: 0.5", "default: 0.5\n        presets: [0, 0.5, 1]"))
    presets: tuple[Literal, ...] = load(folder).lessons[0].examples[0].parameters[2].presets
    assert presets == (0.0, 0.5, 1.0)
    assert {type(preset) for preset in presets} == {float}


def test_line_ends_and_byte_order_marks_of_other_systems_are_read(folder: Path, course: Course) -> None:
    for file in [*folder.rglob("*.md"), *folder.rglob("*.yaml"), *folder.rglob("*.py")]:
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder) == course


def test_an_example_is_found_by_its_file(folder: Path) -> None:
    example = example_of(folder / "first/examples/judge.py")
    assert example
    assert example.id == "judge"
    (folder / "first/examples/helper.py").write_text("")
    assert example_of(folder / "first/examples/helper.py") is None
    assert example_of(folder / "course.yaml") is None
    assert example_of(Path("/judge.py")) is None


def test_an_example_of_a_broken_course_is_not_found(folder: Path) -> None:
    (folder / "first/questions.yaml").write_text("[]")
    with pytest.raises(CourseError, match="no questions"):
        example_of(folder / "first/examples/judge.py")


def test_the_packaged_course_is_the_default() -> None:
    assert load() == load(COURSE)


def test_loading_needs_neither_numpy_nor_tensorflow() -> None:
    code = "import sys, lessons.loader as l; l.load(); print(sorted({'numpy', 'tensorflow', 'keras'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
