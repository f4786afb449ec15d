"""Every mistake is found, with its file and line, and a course with many tells them all at once."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons import check
from lessons.loader import load
from lessons.problem import CourseError

GOOD = Path(__file__).parent / "course"
COURSE, LESSON, QUIZ = "course.yaml", "first/lesson.md", "first/questions.yaml"
TRAIN = "first/examples/train.py"
LONG = "x" * 900


@dataclass(frozen=True)
class Mistake:
    """`old` becomes `new` in `file`; then a problem at the line of `at` (by default `new`'s first line) says `says`."""

    file: str
    old: str
    new: str
    says: str
    at: str = ""
    at_file: str = ""


MISTAKES = [
    # course.yaml
    Mistake(COURSE, "title: A course", "titel: A course", "unknown key `titel`; expected `title`?"),
    Mistake(COURSE, "title: A course", "", "no `title`", at="description"),
    Mistake(COURSE, "title: A course", "title: 7", "`title` is 7; expected a text"),
    Mistake(COURSE, "  - second", "  - third", "`third` in `lessons`, but no such folder"),
    Mistake(COURSE, "  - second", "", "no `second` in `lessons`", at="lessons:"),
    Mistake(COURSE, "  - second", "  - first\n  - second", "lesson `first` again", at="  - first\n  - second"),
    Mistake(COURSE, "  - second", "  - Second", "small letters, digits and single hyphens"),
    Mistake(COURSE, "[gone,", "[second,", "lesson `second`, an id withdrawn in course.yaml:6", at="  - second"),
    Mistake(COURSE, "gone-q", "Gone q", '`withdrawn` is "Gone question"; expected the id of a lesson or question'),
    Mistake(COURSE, "title: A course", "title: [", "expected well-formed YAML", at="lessons:"),
    Mistake(COURSE, "title: A course", "title: A\ntitle: B", "`title` a second time", at="title: B"),
    Mistake(COURSE, "title: A course", "title: &x A\ndescription: *x", "a YAML alias", at="title"),
    Mistake(COURSE, "title: A course", "title: !!binary A", "expected a text, a number, true or false"),
    # lesson.md: front matter
    Mistake(LESSON, "---\ntitle", "title", "no front matter"),
    Mistake(LESSON, "minutes: 5", "minutes: five", '`minutes` is "five"; expected a whole number'),
    Mistake(LESSON, "minutes: 5", "minutes: 0", "`minutes` is 0; expected at least 1"),
    Mistake(LESSON, "summary: It has examples.", f"summary: {LONG}", "expected at most 300 characters"),
    Mistake(LESSON, "role: evaluate", "role: judge", "`role` is \"judge\"; expected 'train' or 'evaluate'"),
    Mistake(LESSON, "    chance: 0.1", "    chances: 0.1", "unknown key `chances`; expected `chance`?"),
    Mistake(LESSON, "    chance: 0.1", "    chance: 10", "expected at most 1"),
    Mistake(
        LESSON, "id: judge", "id: train", "example `first/train` again, after lesson.md:7", at="id: train\n    title: J"
    ),
    Mistake(LESSON, "id: judge", "id: gone-example", "example `first/gone-example`, an id withdrawn"),
    Mistake(LESSON, "id: judge", "id: none", "example `none` without a file"),
    Mistake(
        LESSON, "needs: train", "needs: judge", "`needs` is `judge`; expected a train example of this lesson that makes"
    ),
    Mistake(LESSON, "makes: [model.keras]", "needs: train", "`needs` in an example of role train"),
    Mistake(LESSON, "data: [data.csv]", "data: [other.csv]", "data file `other.csv`, but no such file"),
    Mistake(LESSON, "data: [data.csv]", "data: [../data.csv]", "expected a plain file name"),
    # lesson.md: parameters
    Mistake(LESSON, "default: 10", "default: 11", "`default` of `epochs` is 11; expected 10, as on line 3"),
    Mistake(
        LESSON, "default: 10", "default: [10]", "`default` is a list of 1; expected a number, a text, true or false"
    ),
    Mistake(LESSON, "- name: epochs", "- name: epoch", "no literal is assigned to `epoch`"),
    Mistake(LESSON, "replaces: size", "replaces: sizes", "given as an argument `sizes=`"),
    Mistake(
        LESSON,
        "replaces: size",
        "replaces: optimizer",
        "`rate` changes the same literal as `optimizer`",
        at="- name: rate",
    ),
    Mistake(LESSON, "template: scaled({value})", "", "only one of `replaces` and `template`", at="- name: rate"),
    Mistake(LESSON, "scaled({value})", "scaled(0.5)", "without {value}"),
    Mistake(LESSON, "scaled({value})", '"scaled({value}"', "expected a Python expression around {value}"),
    Mistake(
        LESSON,
        "- name: optimizer",
        "- name: epochs",
        "parameter `epochs` again",
        at="- name: epochs\n        title: The",
    ),
    Mistake(LESSON, "minimum: 1\n", "# no minimum\n", "no bounds for `epochs`", at="- name: epochs"),
    Mistake(LESSON, "maximum: 50\n", "maximum: 9\n", "10 in `default` of `epochs`", at="default: 10"),
    Mistake(
        LESSON, "presets: [5, 10, 20]", "presets: [5, 10, 51]", "51 in `presets` of `epochs`; expected a whole number"
    ),
    Mistake(LESSON, "minimum: 1\n", "minimum: 60\n", "`minimum` 60 above `maximum` 50"),
    Mistake(LESSON, "choices: [adam, sgd]", "", "no `choices` for `optimizer`, a text", at="- name: optimizer"),
    Mistake(
        LESSON,
        "choices: [adam, sgd]",
        "choices: [rms, sgd]",
        '"adam" in `default` of `optimizer`; expected rms or sgd',
        at="default: adam",
    ),
    Mistake(
        LESSON,
        "[adam, sgd]",
        "[adam, sgd]\n        minimum: 1",
        "`minimum` for `optimizer`",
        at="minimum: 1\n      - name: rate",
    ),
    Mistake(
        LESSON,
        "presets: [5, 10, 20]",
        "presets: [10, 200]",
        "200 in `presets` of `epochs`; expected a whole number from",
    ),
    Mistake(
        LESSON,
        "presets: [5, 10, 20]",
        "presets: [10, 2.5]",
        "2.5 in `presets` of `epochs`; expected a whole number from",
    ),
    Mistake(LESSON, "presets: [5, 10, 20]", "presets: [5, 20]", "`presets` of `epochs` without the default 10"),
    # lesson.md: text
    Mistake(LESSON, "## Judging {#judging}", "## Judging", "heading `Judging` without an id"),
    Mistake(LESSON, "## Judging {#judging}", "## Judging {#Judge}", "section id `Judge`"),
    Mistake(LESSON, "## Judging {#judging}", "## Judging {#training}", "section `first/training` again"),
    Mistake(LESSON, "## Judging {", f"## {LONG} {{", "a heading of 900 characters"),
    Mistake(LESSON, "An introduction.", "# Title", "a first-level heading"),
    Mistake(LESSON, "Text before the code.", "word " * 800, "at most 3500, to fit into one message"),
    Mistake(LESSON, "## Judging", "## Empty {#empty}\n\n## Judging", "section `Empty` without text"),
    Mistake(LESSON, "example=judge", "example=jugde", "a code fence for example `jugde`; expected one of train, judge"),
    Mistake(LESSON, "```python example=judge\n```", "", "example `judge` is shown in no section", at="- id: judge"),
    Mistake(LESSON, "example=judge", "exmaple=judge", "`exmaple=judge` at a code fence"),
    Mistake(LESSON, "example=judge\n", "example=judge\nprint()\n", "text in the fence of example `judge`"),
    Mistake(LESSON, "example=judge\n```", "example=judge", "a code fence that is never closed"),
    Mistake(LESSON, "> ```text\n> quoted", "> ```python example=judge", "inside of another block"),
    # questions.yaml
    Mistake(QUIZ, "  prompt: Which one?", "  promt: Which one?", "unknown key `promt`; expected `prompt`?"),
    Mistake(QUIZ, "      correct: true", "      corect: true", "unknown key `corect`; expected `correct`?"),
    Mistake(
        QUIZ,
        "      correct: true",
        "      wrong: 1",
        "unknown key `wrong`; expected one of id, text, feedback, correct",
    ),
    Mistake(QUIZ, "  explanation: Count.", "", "no `explanation`", at="- id: number"),
    Mistake(QUIZ, "      feedback: No.", "", "no `feedback`", at="    - id: b"),
    Mistake(QUIZ, "feedback: No.", "feedback: # none", "`feedback` is empty; expected a text"),
    Mistake(QUIZ, "      feedback: No.", "      feedback: no", "`feedback` is false; expected a text, in quotes"),
    Mistake(QUIZ, "kind: text", "kind: free", "`kind` is \"free\"; expected 'single', 'multiple', 'numeric' or 'text'"),
    Mistake(
        QUIZ, "- id: some", "- id: one", "question `one` again, after questions.yaml:1", at="- id: one\n  kind: mul"
    ),
    Mistake(
        QUIZ,
        "- id: some",
        "- id: last",
        "question `last` again, after questions.yaml",
        at="- id: last",
        at_file="second/questions.yaml",
    ),
    Mistake(QUIZ, "- id: some", "- id: gone-question", "question `gone-question`, an id withdrawn in course.yaml:6"),
    Mistake(QUIZ, "- id: some", "- id: a-question-with-a-very-long-id", "expected at most 24 characters"),
    Mistake(
        QUIZ,
        "section: judging",
        "section: juging",
        "unknown section `juging`; expected one of introduction, training, judging",
    ),
    Mistake(QUIZ, "text: That one", "text: That one\n      correct: true", "2 right choices", at="  choices:"),
    Mistake(
        QUIZ,
        "      correct: true\n      feedback: Yes.\n    - id: b\n      text: That",
        "      feedback: Yes.\n    - id: b\n      text: That",
        "0 right choices",
        at="  choices:",
    ),
    Mistake(
        QUIZ,
        "      text: That one",
        "      text: This one",
        "a second choice with text `This one`",
        at="  text: This one\n      feedback: No.",
    ),
    Mistake(QUIZ, "text: That one", f"text: {LONG}", "expected at most 100 characters"),
    Mistake(QUIZ, "prompt: Which one?", f"prompt: {LONG}", "expected at most 300 characters"),
    Mistake(QUIZ, "hint: Look.", f"hint: {LONG}", "expected at most 200 characters"),
    Mistake(QUIZ, "number: 4", "", "no `number` in a question of kind numeric", at="- id: number"),
    Mistake(QUIZ, "number: 4", "number:", "`number` is empty; expected a number, such as 0.5"),
    Mistake(QUIZ, "number: 4", "number: .nan", "expected a finite number"),
    Mistake(QUIZ, "answers: [epoch, an epoch]", "answers: []", "no accepted answer"),
    Mistake(QUIZ, "hint: Look.", "answers: [this]", "`answers` in a question of kind single"),
    # examples
    Mistake(TRAIN, "def fit(epochs, optimizer, size):", "def fit(:", "expected Python that parses"),
    Mistake(TRAIN, '"""An', '\0"""An', "expected Python that parses"),
    Mistake(
        TRAIN,
        "epochs = 10",
        "epochs = 10\nepochs = 12",
        "`epochs` is assigned more than once, on lines 3 and 4",
        at="- name: epochs",
        at_file=LESSON,
    ),
    Mistake(
        TRAIN,
        "size=1)",
        "size=1)\nfit(1, 2, size=3)",
        "`size=` is given more than once, on lines 10 and 11",
        at="replaces",
        at_file=LESSON,
    ),
    Mistake(
        TRAIN, "epochs = 10", "epochs = 5 + 5", "but not as a literal of its own", at="- name: epochs", at_file=LESSON
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.says[:40])
def test_a_mistake_is_found_where_it_is(mistake: Mistake, folder: Path) -> None:
    broken = folder / mistake.file
    text = broken.read_text()
    assert mistake.old in text
    broken.write_text(text.replace(mistake.old, mistake.new, 1))

    problems = check.check(folder)

    place = folder / (mistake.at_file or mistake.file)
    before, found, _ = place.read_text().partition(mistake.at or mistake.new.partition("\n")[0])
    assert found
    line = before.count("\n") + 1
    said = [problem for problem in problems if mistake.says in str(problem)]
    assert [(problem.file, problem.line) for problem in said] == [(place, line)], problems


def test_a_good_course_has_no_problems(folder: Path) -> None:
    assert check.check(folder) == []


def test_every_mistake_is_told_at_once(folder: Path) -> None:
    """Also those in one question, where one hides nothing of the other."""
    quiz = folder / QUIZ
    text = quiz.read_text().replace("hint: Look.", "hnt: Look.").replace("kind: text", "kind: free")
    quiz.write_text(text.replace("text: That one", "text: That one\n      correct: true"))
    (folder / TRAIN).write_text("def\n")
    lesson = folder / LESSON
    lesson.write_text(
        lesson.read_text().replace("minimum: 1\n", "minimum: 11\n").replace("minutes: 5", "minutes: five")
    )
    (folder / "second/questions.yaml").unlink()

    with pytest.raises(CourseError) as error:
        load(folder)

    told = [(problem.file.name, problem.line) for problem in error.value.problems]
    assert told == [
        ("train.py", 1),
        ("lesson.md", 3),
        ("lesson.md", 13),
        ("lesson.md", 16),
        ("lesson.md", 16),
        ("questions.yaml", 5),
        ("questions.yaml", 15),
        ("questions.yaml", 38),
        ("questions.yaml", 1),
    ]
    assert str(error.value).splitlines()[5] == (
        f"{quiz}:5: 2 right choices in a question of kind single; expected exactly one with `correct: true`"
    )


@pytest.mark.parametrize("missing", [COURSE, LESSON, QUIZ, TRAIN, "first/examples/data.csv"])
def test_a_missing_file_is_one_problem(missing: str, folder: Path) -> None:
    (folder / missing).unlink()
    assert len(check.check(folder)) == 1


@pytest.mark.parametrize("file", [COURSE, LESSON, QUIZ, TRAIN])
def test_bytes_that_are_no_text_are_one_problem_at_their_line(file: str, folder: Path) -> None:
    (folder / file).write_bytes(b"\n\n\xff")
    first = check.check(folder)[0]
    assert (first.file, first.line, first.found) == (folder / file, 3, "bytes that are not UTF-8")


@pytest.mark.parametrize("text", ["", "just text", "- a list", "? [a]: b", "key: &a [*a]", "\x07"])
@pytest.mark.parametrize("file", [COURSE, QUIZ])
def test_yaml_of_any_other_shape_is_a_problem(text: str, file: str, folder: Path) -> None:
    (folder / file).write_text(text)
    assert {problem.file for problem in check.check(folder)} == {folder / file}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    file=st.sampled_from([COURSE, LESSON, QUIZ, TRAIN]),
    start=st.integers(0, 1500),
    length=st.integers(0, 40),
    text=st.text(alphabet="ab1 \n\0-:[]{}#`'\"!&*?<|%~.é", max_size=12),
)
def test_a_course_with_any_damage_is_loaded_or_refused(
    file: str, start: int, length: int, text: str, folder: Path
) -> None:
    whole = (GOOD / file).read_text()
    (folder / file).write_text(whole[:start] + text + whole[start + length :])
    problems = check.check(folder)
    try:
        load(folder)
        told = []
    except CourseError as error:
        told = list(error.problems)
    finally:
        (folder / file).write_text(whole)
    assert told == problems


@pytest.mark.parametrize(
    "body",
    [
        "- item\n\n\t```python\n\tx = 1\n\t```",
        "```python\nx = 1\n```\t",
        "```python\nx = 1\n```   ",
        "```python\nx = 1\n`````",
        "~~~python\nx = 1\n~~~~\t",
        "````\n```\n````",
        "> ```\n> x = 1\n> ```\t",
        "1. item\n   ```\n   x = 1\n   ```\n2. item",
        "A sentence of some length ends here. " * 200,
        "- an item of some length\n" * 200,
        "| a | b |\n|---|---|\n" + f"| x | {'long ' * 60}|\n" * 12,
    ],
)
def test_fences_may_end_in_any_way_and_long_blocks_that_can_be_cut_are_fine(body: str, folder: Path) -> None:
    lesson = folder / "second/lesson.md"
    lesson.write_text(lesson.read_text().replace("Text.", body))
    assert check.check(folder) == []


@pytest.mark.parametrize("body", ["```python\nx = 1", "````\nx = 1\n```", "```\nx = 1\n~~~", "```\nx = 1\n``"])
def test_a_fence_that_is_not_closed_is_named(body: str, folder: Path) -> None:
    lesson = folder / "second/lesson.md"
    lesson.write_text(lesson.read_text().replace("Text.", body))
    assert ["a code fence that is never closed" in problem.found for problem in check.check(folder)] == [True]


@pytest.mark.parametrize("text", ["# of layers", "a: b", "?", "!x"])
def test_a_sign_in_braces_is_named_at_its_line_without_words_of_yaml(text: str, folder: Path) -> None:
    quiz = folder / "second/questions.yaml"
    quiz.write_text(quiz.read_text().replace('text: "Yes"', f"text: {text}"))
    (problem,) = check.check(folder)
    assert (problem.line, "each text between the braces in quotes" in problem.expected) == (6, True)
