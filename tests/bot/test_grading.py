"""Is an answer right? Is a quiz passed?"""

from __future__ import annotations

import pytest

from bot.grading import NotAnAnswer, grade_choices, grade_text, passed
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


def test_the_tolerance_is_inclusive() -> None:
    assert grade_text(number(4, 0.5), "4.5").correct
    assert grade_text(number(4, 0.5), "3.5").correct
    assert not grade_text(number(4, 0.5), "4.51").correct
    assert not grade_text(number(4), "5").correct


@pytest.mark.parametrize("given", ["four", "", "4 batches", "nan", "inf", "-inf", "1,2,3", "%", "4/1"])
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


@pytest.mark.parametrize(
    ("right", "total", "outcome"), [(7, 10, True), (6, 10, False), (1, 1, True), (0, 1, False), (0, 0, False)]
)
def test_seventy_of_a_hundred_pass(right: int, total: int, outcome: bool) -> None:
    answers = {f"q{n}": n < right for n in range(total)}
    assert passed(answers, total) is outcome


def test_questions_without_an_answer_count_against() -> None:
    assert not passed({"q1": True}, 3)
