"""YAML's traps and refusals: each is named on its line, with what to write."""

from pathlib import Path

import pytest

from lessons import document, forms
from lessons.check import check

FILE = Path("f.yaml")


def told(text: str) -> list[tuple[int, str]]:
    _, problems = document.read(f"id: a\n{text}\nlast: x\n", FILE, 1, forms.NUMERIC)
    return [(problem.line, f"{problem.found}; expected {problem.expected}") for problem in problems]


def value(text: str) -> object:
    node, problems = document.read(text, FILE, 1, forms.NUMERIC)
    assert problems == []
    return next(iter(node.children.values())).value


TRAPS = [
    ("prompt: Which layer is wrong in exercise #3?", 'quotes: "Which layer is wrong in exercise #3?"'),
    ("title: C #", 'quotes: "C #"'),
    ("text: # of layers", 'quotes: "# of layers"'),
    ("prompt: What is it? # ask again", "`# ask again`, which YAML takes for a comment"),
    ("number: 012", "`012`, which YAML reads as 10; expected 12 for a number"),
    ("text: -007", "`-007`, which YAML reads as -7; expected -7 for a number"),
    ("number: 1:30", "`1:30`, which YAML reads as 90; expected 90 for a number"),
    ("text: 12:30:15", '"12:30:15" for a text'),
    ("text: null", '`null`, which YAML reads as nothing; expected "null" in quotes'),
    ("text: ~", "`~`, which YAML reads as nothing"),
    ('prompt: "What is $\\theta$?"', "a backslash stays as it is: 'What is $\\theta$?'"),
    ('prompt: "What is $\\nabla L$?"', "`\\nabla` in double quotes"),
    ('prompt: "$\\frac{a}{b}$"', "`\\frac` in double quotes"),
    ('prompt: "$\\lambda$"', "`\\l` in double quotes; expected single quotes"),
    ("title: Loss: what it measures", 'a colon and a space in it; expected the text in quotes: title: "Loss: what it'),
    ("  - text: One: two", 'a colon and a space in it; expected the text in quotes: text: "One: two"'),
    ("text: @tf.function", 'a text that begins with `@`; expected the text in quotes: text: "@tf.function"'),
    ("text: `fit` trains", 'text: "`fit` trains"'),
    ("text: %timeit fit", 'text: "%timeit fit"'),
    ("text: > 0.5", 'text: "> 0.5"'),
    ("text: | or", 'text: "| or"'),
    ("text: - 3", 'text: "- 3"'),
    ("text: ? or !", 'text: "? or !"'),
    ("text: *args", 'text: "*args"'),
    ("text: **kwargs are", 'text: "**kwargs are"'),
    ("text: & and", 'text: "& and"'),
    ("text: &x words", "`&x`, which YAML takes for the name of what follows"),
    ("text: ! not", "a text that begins with `!`"),
    ("text: !important", "`!important`; expected a text"),
    ("text: [0, 1] is it", 'text: "[0, 1] is it"'),
    (
        "text: [0, 1) is it",
        'a bracket that is not closed; expected its end, or the text in quotes: text: "[0, 1) is it"',
    ),
    ("text: {x} is it", 'text: "{x} is it"'),
    ("text: 'It's wrong'", "`s wrong'` after the quote that closes the text"),
    ('text: "Say "yes" now"', '`yes" now"` after the quote that closes the text'),
    ("\ttext: x", "a tab before a key or a value; expected spaces"),
    ("text: 2024-13-45", "`2024-13-45`; expected a text"),
    ("text: a\x07b", "a character that YAML does not allow"),
]


@pytest.mark.parametrize(("line", "says"), TRAPS)
def test_a_trap_is_named_with_what_to_write(line: str, says: str) -> None:
    if line.startswith("  - "):
        line = line[4:]
    ((at, words),) = told(line)
    assert at == 2
    assert says in words


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('text: "open\nhint: x', 2, "a quote that is not closed"),
        ('text: "open\nhint: "closed"', 2, "a quote that is not closed before line 3"),
        ("text: 'open\nhint: 'closed'\nmore: x", 2, "a quote that is not closed before line 3"),
        ("text: The loss\n  measures: how far", 3, "`measures: how far` further to the right"),
        ("text: The loss\n  is small #3 and more\n  of it", 3, "`#3 and more`, which YAML takes for a comment"),
        ("text: x\n\tmore", 3, "a tab before a key or a value"),
        ("text: 'two\n  lines'\nhint: @x", 4, "a text that begins with `@`"),
    ],
)
def test_the_line_is_that_of_the_mistake(text: str, line: int, says: str) -> None:
    ((at, words),) = told(text)
    assert at == line
    assert says in words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("number: 1e-3", 0.001),
        ("number: -2E+4", -20000.0),
        ("tolerance: .5e1", 5.0),
        ("presets: [1e-4, 1e-3]", [0.0001, 0.001]),
        ("text: 1e-3", "1e-3"),
        ("number: 0", 0),
        ("number: 0.5", 0.5),
        ("number: 1_000", 1000),
        ("number: 4 # of them", 4),
        ("role: train # the main one", "train"),
        ('text: "#3 and 012"', "#3 and 012"),
        ("text: 'What is $\\theta$?'", "What is $\\theta$?"),
        ('text: "$\\\\theta$"', "$\\theta$"),
        ('text: "one\\ntwo"', "one\ntwo"),
        ('text: "a\\u2026"', "a…"),
        ("text: C# or F#", "C# or F#"),
        ("text: a:b", "a:b"),
        ("text: >\n  two\n  lines", "two lines"),
        ("text: 'two\n  lines'", "two lines"),
    ],
)
def test_what_can_be_meant_in_one_way_only_is_read_so(text: str, expected: object) -> None:
    assert value(text) == expected


def test_a_mistake_in_one_file_hides_none_of_the_others(folder: Path) -> None:
    for name, old, new in (
        ("course.yaml", "title: A course", "title: A: course"),
        ("first/lesson.md", "title: The first", "title: @The first"),
        ("first/questions.yaml", "prompt: Which one?", "prompt: 'Which one?"),
        ("second/questions.yaml", "prompt: Yes?", "prompt: [Yes?"),
        ("second/lesson.md", "minutes: 3", "minutes: 012"),
    ):
        file = folder / name
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new, 1))
    found = {(problem.file.relative_to(folder).as_posix(), problem.line) for problem in check(folder)}
    assert found == {
        ("course.yaml", 1),
        ("first/lesson.md", 2),
        ("first/questions.yaml", 4),
        ("second/questions.yaml", 4),
        ("second/lesson.md", 3),
    }
