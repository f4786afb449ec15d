"""Whether an answer is right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import spelling
from bot.domain.grading import Miss, NotAnAnswer, ReadNumber, grade_choices, grade_text, read_number
from lessons import numbers
from lessons.model import Choice, Kind, Question


def choice(id: str, correct: bool) -> Choice:
    return Choice(id, id, correct, "")


SINGLE = Question("s", Kind.SINGLE, "?", "", "", choices=(choice("a", False), choice("b", True), choice("c", False)))
SEVERAL = Question("m", Kind.MULTIPLE, "?", "", "", choices=(choice("a", True), choice("b", False), choice("c", True)))
WORD = Question("w", Kind.TEXT, "?", "", "", answers=("Epoch", "an  epoch", "e.g.", "Straße"))


def number(right: float, tolerance: float = 0.0) -> Question:
    return Question("n", Kind.NUMERIC, "?", "", "", number=right, tolerance=tolerance)


def test_a_single_choice_is_right_or_wrong_and_says_what_was_taken() -> None:
    assert (grade_choices(SINGLE, 0b010).answer, grade_choices(SINGLE, 0b010).correct) == (("b",), True)
    assert (grade_choices(SINGLE, 0b100).answer, grade_choices(SINGLE, 0b100).correct) == (("c",), False)


@pytest.mark.parametrize(
    ("chosen", "correct"), [(0b101, True), (0b001, False), (0b100, False), (0b111, False), (0b010, False), (0, False)]
)
def test_a_multiple_choice_wants_exactly_the_right_ones(chosen: int, correct: bool) -> None:
    assert grade_choices(SEVERAL, chosen).correct is correct


def test_a_choice_that_is_not_there_is_no_answer() -> None:
    assert grade_choices(SINGLE, 1 << 3).answer == ()
    assert grade_choices(SINGLE, 1 << 3).correct is False


@pytest.mark.parametrize(
    ("right", "given"),
    [
        (0.5, "0.5"),
        (0.5, "0,5"),
        (0.5, "50 %"),
        (0.5, " 50% "),
        (0.5, ".5"),
        (1000, "1 000"),
        (1000, "1\u202f000"),
        (1000, "1e3"),
        (4, "4.0"),
        (-2, "-2"),
        (0.3, "0.30000000000000004"),
    ],
)
def test_a_number_is_read_as_people_write_it(right: float, given: str) -> None:
    assert grade_text(number(right), given).correct
    assert grade_text(number(right), given).answer == (given.strip(),)


@pytest.mark.parametrize(
    ("right", "given"),
    [
        (50240, "50,240"),
        (50240, "50,240 (196.25 KB)"),
        (1000, "1.000"),
        (1234567.89, "1’234’567,89"),
        (1234567, "12,34,567"),
        (50, "50%"),
        (0.5, "50 %"),
        (-2, "−2"),
        (0.5, "０．５"),
        (3.14, "٣٫١٤"),
        (0.001, "10^-3"),
        (0.002, "2·10⁻³"),
        (0.25, "1/4"),
        (1.5, "1½"),
        (4, "4 batches"),
        (4, "x = 4"),
        (1500000, "1.5M"),
        (1.0e-10, "1e-10"),
        (0.5, "50 Prozent"),
        (0.5, "50 por ciento"),
        (-2, "minus 2"),
        (-2, "menos 2"),
        (4, "I think 4"),
        (4, "4 👍"),
        (4, "#4"),
        (1875, "60000/32 = 1875"),
        (0.333, "0.333..."),
        (60000, "60 тыс."),
        (60000, "6万"),
    ],
)
def test_one_reading_that_is_right_is_enough(right: float, given: str) -> None:
    assert grade_text(number(right), given).correct


@pytest.mark.parametrize(
    ("right", "given"),
    [
        (1.0e-10, "0"),
        (1.0e-10, "2e-10"),
        (500, "0,500"),
        (4, "4k"),
        (1e10, "10000000001"),
        (0, "1e-12"),
        (3, "3 million"),
        (6, "6万"),
        (2, "minus 2"),
        (60000, "60000/32 = 1875"),
    ],
)
def test_a_wrong_number_is_wrong_however_small_or_large(right: float, given: str) -> None:
    assert not grade_text(number(right), given).correct


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_number_is_read_back_in_each_usual_writing(value: float) -> None:
    value = round(value, 6)
    american = f"{value:,.6f}"
    swapped = american.translate(str.maketrans(",.", ".,"))
    spaced, swiss = american.replace(",", "\u202f"), american.replace(",", "’")
    for text in (repr(value), american, swapped, spaced, swiss, american.replace("-", "−"), f"{value:.17e}"):
        assert grade_text(number(value), text).correct, text


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_another_whole_number_is_never_right(right: int, other: int) -> None:
    """Where it is written without a separator that could be a decimal point."""
    assert grade_text(number(right), str(other)).correct is (right == other)


@pytest.mark.parametrize(
    ("right", "given", "shown", "miss"),
    [
        (4, "5", ("5",), Miss.HIGH),
        (4, "3", ("3",), Miss.LOW),
        (4, "-4", ("-4",), Miss.SIGN),
        (0.5, "50", ("50",), Miss.POINT),
        (5, "1.000", ("1", "1000"), None),
        (4, "4", ("4",), None),
    ],
)
def test_a_wrong_number_is_told_how_it_was_read_and_what_is_wrong(
    right: float, given: str, shown: tuple[str, ...], miss: Miss | None
) -> None:
    assert read_number(number(right), given) == ReadNumber(shown, miss)


@pytest.mark.parametrize(
    ("answer", "given"),
    [
        ("Schätzung", "Scha\u0308tzung"),
        ("model.fit", "model.fit()"),
        ("model.fit", "`model.fit`"),
        ("over-fitting", "overfitting"),
        ("over-fitting", "over fitting"),
        ("don't", "Don’t"),
        ("softmax", "soft\u200bmax"),
        ("relu", "ｒｅｌｕ"),
        ("x²", "x^2"),
        ("F1-score", "f1 score"),
        ("don't", "don`t"),
        ("don't", "don´t"),
        ("softmax", "- softmax"),
        ("softmax", "• softmax"),
        ("过拟合", "「过拟合」。"),
        (":", ":"),
        ("?", " ? "),
        ("...", "…"),
    ],
)
def test_the_same_words_in_another_spelling_are_right(answer: str, given: str) -> None:
    assert spelling.same(given, answer)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("relu", "elu"),
        ("a+b", "a-b"),
        ("a-b", "ab"),
        ("C++", "C"),
        ("__init__", "init"),
        ("x²", "x2"),
        ("**kwargs", "kwargs"),
        ("[32]", "32"),
        ("!=", "="),
        ("model.fit(x)", "model.fit"),
        ("-1", "1"),
        ("loss-1", "loss 1"),
        (":", ";"),
        ("-1", "- 1"),
    ],
)
def test_different_things_stay_different(one: str, other: str) -> None:
    assert not spelling.same(one, other)
    assert not spelling.same(other, one)


@pytest.mark.parametrize(
    ("value", "shown"), [(1234567.0, "1234567"), (0.1, "0.1"), (1e-10, "1e-10"), (0.00001, "0.00001"), (-2.5, "-2.5")]
)
def test_a_number_is_shown_with_all_its_digits(value: float, shown: str) -> None:
    assert numbers.shown(value) == shown


def test_the_tolerance_is_inclusive() -> None:
    assert grade_text(number(4, 0.5), "4.5").correct
    assert grade_text(number(4, 0.5), "3.5").correct
    assert not grade_text(number(4, 0.5), "4.51").correct
    assert not grade_text(number(4), "5").correct


@pytest.mark.parametrize(
    "given",
    [
        "four",
        "",
        "4 or 5",
        "nan",
        "inf",
        "-inf",
        "1,2,3",
        "%",
        "4/0",
        "1e999",
        "2026-12-01",
        "minus",
        "minus -4",
        "5 minus 1",
        "= =",
    ],
)
def test_what_is_no_number_is_no_answer(given: str) -> None:
    with pytest.raises(NotAnAnswer):
        grade_text(number(4), given)


@pytest.mark.parametrize(
    "given", ["epoch", " EPOCH ", "Epoch.", "epoch !", "an epoch?", "An   epoch", "e.g.", "e.g", "STRASSE"]
)
def test_a_word_is_compared_without_case_spaces_and_closing_marks(given: str) -> None:
    assert grade_text(WORD, given).correct


@pytest.mark.parametrize("given", ["epochs", "anepoch", ".", "", "the epoch"])
def test_another_word_is_wrong(given: str) -> None:
    assert not grade_text(WORD, given).correct
