"""What a course would not show as it was meant is named with its file and line, and nothing keeps a page from being
sent."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.commands import preview
from bot.domain.messages import Outgoing
from bot.features.progress import screens as progress
from bot.features.reading import screens
from bot.telegram.richtext import Text, bold, text
from bot.telegram.screen import Button, Screen
from lessons import draft
from lessons.check import check
from lessons.loader import COURSE, load
from lessons.model import Course

GOOD = Path(__file__).parents[1] / "lessons" / "course"
LESSON, QUIZ = "second/lesson.md", "second/questions.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "course"))


def named(folder: Path) -> list[tuple[str, int, str]]:
    """File, line and words of all that is named."""
    problems = preview.problems(draft.read(folder))
    return [(p.file.relative_to(folder).as_posix(), p.line, f"{p.found}; expected {p.expected}") for p in problems]


def png(width: int = 40, height: int = 30) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return file.getvalue()


def test_good_courses_are_shown_as_they_are_meant() -> None:
    assert named(COURSE) == []
    assert named(GOOD) == []


BODIES = [
    ("See [above](#only).", []),
    ("See [above](#model).", [(0, "a link to `#model`; expected one of #only")]),
    ("a\n\n[x](docs/other.md)", [(2, "a link to `docs/other.md`, which Telegram cannot open; expected a web address")]),
    ("[x](other.md) and\n[y](http://server/)", [(0, "`other.md`"), (1, "`http://server/`")]),
    ("a\n![x](my pic.png)", [(1, "`![x](my pic.png)`, which is no picture")]),
    ("`![x](my pic.png)` and f![x]", []),
    ("maps unknown words to <OOV>, if a<b then c>d, 10<sup>-3</sup>", []),
    ("a\n<font color=red>b</font>", [(1, "the HTML tag `<font color=red>`")]),
    ("a </p> b", [(0, "the HTML tag `</p>`")]),
    ("| a | b |\n|---|---|\n" + f"| x | {'long ' * 60}|\n" * 12, []),
    ("\n".join("- `a`, `b` and `c`" for _ in range(40)), []),
    (" ".join(f"Sentence {i} ends here." for i in range(300)), []),
    ("- fine\n- " + "word " * 900, [(1, "a sentence that does not fit on a page")]),
    ("set $PATH:$HOME, from $5 to $6, $\\theta$", []),
    ("a\n\n$\\begin{matrix}a\\end{matrix}$", [(2, "the formula")]),
    ("<!-- nothing but this -->", [(-2, "without anything to show")]),
    ("![Loss](curves.png)", []),
    ("![Loss](missing.png)", [(0, "picture `missing.png`, but no such file")]),
    ("a\n\n- ![](curves.png)", [(2, "picture `curves.png` without words")]),
    ("![Loss](notes.txt)", [(0, "`notes.txt`, which is no picture")]),
    ("![Loss](wide.png)", [(0, "picture `wide.png` of 3000 x 100 pixels")]),
    ("![Loss](../first/x.png)", [(0, "a picture at `../first/x.png`; expected a file in the lesson's folder")]),
    ("![Loss](https://keras.io/x.png)", [(0, "a picture at `https://keras.io/x.png`")]),
]


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_a_section_is_held_against_what_can_be_shown(body: str, expected: list[tuple[int, str]], folder: Path) -> None:
    lesson = folder / LESSON
    (folder / "second/curves.png").write_bytes(png())
    (folder / "second/wide.png").write_bytes(png(3000, 100))
    (folder / "second/notes.txt").write_text("none")
    lesson.write_text(lesson.read_text().replace("Text.", body))
    first = lesson.read_text().partition(body)[0].count("\n") + 1

    found = named(folder)

    assert [(file, line) for file, line, _ in found] == [(LESSON, first + line) for line, _ in expected]
    assert all(words in said for (_, words), (_, _, said) in zip(expected, found, strict=True))
    if check(folder) == []:
        shown = load(folder).lessons[1]
        for page in screens.all_pages(shown):
            assert list(preview.limits(screens.page(shown, page))) == []


def test_lines_after_an_example_are_those_of_the_file(folder: Path) -> None:
    """The example's code is longer than the fence that names it."""
    lesson = folder / "first/lesson.md"
    lesson.write_text(lesson.read_text().replace("- A list with a fence:", "- A [list](list.md) with a fence:"))
    line = lesson.read_text().partition("list.md")[0].count("\n") + 1
    assert [(file, at) for file, at, _ in named(folder)] == [("first/lesson.md", line)]


QUESTIONS: list[tuple[str, str, str]] = [
    ("prompt: Yes?", "prompt: 'See [it](other.md)?'", "a link to `other.md`"),
    ("prompt: Yes?", "prompt: 'See [it](#nowhere)?'", "a link to `#nowhere`; expected one of #only"),
    ("feedback: Wrong.", "feedback: a <table> b", "the HTML tag `<table>`"),
    ("explanation: So it is.", "explanation: '$\\unknown$'", "the formula `$\\unknown$`"),
]


@pytest.mark.parametrize(("old", "new", "says"), QUESTIONS)
def test_a_question_is_held_against_what_can_be_shown(old: str, new: str, says: str, folder: Path) -> None:
    quiz = folder / QUIZ
    assert old in quiz.read_text()
    quiz.write_text(quiz.read_text().replace(old, new, 1))
    line = quiz.read_text().partition(new)[0].count("\n") + 1
    ((file, at, said),) = named(folder)
    assert (file, at) == (QUIZ, line)
    assert says in said


def choices(number: int, feedback: str = "No.") -> str:
    rows = [
        f"    - id: c{i}\n      text: Choice {i} {'of many ' * 8}\n"
        f"      correct: {'true' if i == 0 else 'false'}\n      feedback: {feedback}\n"
        for i in range(number)
    ]
    return "".join(rows)


def question(kind: str, listed: str) -> str:
    head = f"- id: last\n  kind: {kind}\n  section: only\n  prompt: Which?\n  explanation: Because.\n"
    return f"{head}  choices:\n{listed}"


def test_ten_choices_are_fine(folder: Path) -> None:
    (folder / QUIZ).write_text(question("single", choices(10)))
    assert check(folder) == []
    assert named(folder) == []


def test_a_verdict_that_is_too_long_is_named(folder: Path) -> None:
    """Nine wrong ticks have nine feedbacks of 400 characters."""
    (folder / QUIZ).write_text(question("multiple", choices(10, "word " * 79)))
    assert check(folder) == []
    assert {(file, line) for file, line, _ in named(folder)} == {(QUIZ, 1)}
    assert all("question `last` and its verdict: " in said for _, _, said in named(folder))
    assert all("characters; expected at most 4096 in a message" in said for _, _, said in named(folder))


def pages_of(shown: Callable[[int], Screen]) -> list[Outgoing]:
    """All pages of a list, by the button that leads on; nothing of them is cut."""
    pages = [shown(0)]
    while any(button.label == "More ›" for row in pages[-1].buttons for button in row):
        pages.append(shown(len(pages)))
    for page in pages:
        assert list(preview.limits(page)) == []
    return [page.outgoing(1) for page in pages]


def many_lessons(count: int, summary: str) -> Course:
    course = load(GOOD)
    lesson = course.lessons[0]
    made = (replace(lesson, id=f"l{n}", title=f"Lesson {n:02}", summary=summary) for n in range(count))
    return replace(course, lessons=tuple(made))


@pytest.mark.parametrize(("count", "summary"), [(1, "x"), (25, "x"), (26, "x"), (60, "word " * 59), (40, "😀" * 300)])
def test_each_of_many_lessons_is_listed_once_with_its_button(count: int, summary: str) -> None:
    course = many_lessons(count, summary)
    for shown in (
        lambda page: screens.lesson_list(course, {}, page),
        lambda page: progress.progress(course, "Ada", {}, None, "", page=page),
    ):
        pages = pages_of(shown)
        labels = [key.text for page in pages for row in page.keyboard for key in row]
        texts = "\n".join(page.text for page in pages)
        for lesson in course.lessons:
            assert texts.count(f"\n{lesson.title}\n") == 1
            assert sum(lesson.title in label for label in labels) == 1
        assert labels.count("More ›") == labels.count("‹ Back") == len(pages) - 1
        assert shown(10**6).outgoing(1) == pages[-1], "a page of a list that has become shorter"


def test_a_list_of_many_lessons_stands_on_pages(folder: Path) -> None:
    lessons = [f"lesson-{i}" for i in range(14)]
    for i, name in enumerate(lessons):
        shutil.copytree(folder / "second", folder / name)
        quiz = folder / name / "questions.yaml"
        quiz.write_text(quiz.read_text().replace("id: last", f"id: last-{i}"))
        lesson = folder / name / "lesson.md"
        lesson.write_text(lesson.read_text().replace("It has none.", "word " * 59))
    course = folder / "course.yaml"
    course.write_text(
        course.read_text().replace("  - second", "\n".join(["  - second", *[f"  - {n}" for n in lessons]]))
    )
    assert check(folder) == []
    assert named(folder) == []
    assert len(pages_of(lambda page: screens.lesson_list(load(folder), {}, page))) > 1


def test_a_mistake_elsewhere_hides_nothing(folder: Path) -> None:
    (folder / "first/questions.yaml").write_text("- id: [")
    lesson = folder / LESSON
    lesson.write_text(lesson.read_text().replace("Text.", "[x](other.md)"))
    assert [(file, "other.md" in said) for file, _, said in named(folder)] == [(LESSON, True)]


@pytest.mark.parametrize(
    ("screen", "found"),
    [
        (Screen(Text("x" * 4097)), "4097 characters"),
        (Screen(Text("😀" * 2049)), "4098 characters"),
        (Screen(text(*(bold("b") for _ in range(101)))), "101 formatted stretches"),
        (Screen(Text("a"), tuple((Button("语" * 60, copy="x" * 64),) for _ in range(100))), "buttons of "),
        (Screen(Text("a"), tuple((Button("a", copy="b"),) for _ in range(101))), "101 buttons"),
    ],
)
def test_a_screen_beyond_telegrams_limits_is_found(screen: Screen, found: str) -> None:
    assert [said[: len(found)] for said, _ in preview.limits(screen)] == [found]


def test_a_screen_at_telegrams_limits_is_fine() -> None:
    full: Callable[[], Screen] = lambda: Screen(  # noqa: E731
        text("x" * 3996, *(bold("b") for _ in range(100))), tuple((Button("a", copy="b"),) for _ in range(100))
    )
    assert list(preview.limits(full())) == []


def test_a_long_quiz_has_a_result_that_fits(folder: Path) -> None:
    """Each prompt is shown as far as there is room for all of them."""
    asked = question("single", choices(2)).replace("prompt: Which?", f"prompt: {'word ' * 55}?")
    (folder / QUIZ).write_text("".join(asked.replace("id: last", f"id: last-{i}") for i in range(30)))
    assert check(folder) == []
    assert named(folder) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    file=st.sampled_from(["course.yaml", "first/lesson.md", "first/questions.yaml", "first/examples/train.py"]),
    start=st.integers(0, 1500),
    length=st.integers(0, 40),
    new=st.text(alphabet="ab1 \n\0-:[]{}()#`'\"!&*?<>|$%~_.é😀\\", max_size=12),
)
def test_a_course_with_any_damage_is_looked_at(file: str, start: int, length: int, new: str, folder: Path) -> None:
    """Nothing that is wrong keeps the rest from being looked at, and what is named has a line of a file."""
    whole = (GOOD / file).read_text()
    (folder / file).write_text(whole[:start] + new + whole[start + length :])
    try:
        for problem in preview.problems(draft.read(folder)):
            assert 1 <= problem.line <= len(problem.file.read_text().split("\n"))
    finally:
        (folder / file).write_text(whole)


@pytest.mark.parametrize("number", ["number:", "number: null", ""])
def test_a_question_without_its_number_is_passed_over_here_and_named_by_the_check(folder: Path, number: str) -> None:
    quiz = folder / "first/questions.yaml"
    quiz.write_text(quiz.read_text().replace("number: 4", number))
    assert named(folder) == []
    assert len(check(folder)) >= 1
