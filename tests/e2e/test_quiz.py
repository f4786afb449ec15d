"""A quiz answered in the chat: wrong, right, twice, by text, by ticks; and what progress makes of it."""

from __future__ import annotations

import pytest

from .people import Learner, Message

RIGHT = {1: "B", 3: "C", 5: "B", 6: "A"}
"""The right letters of the single-choice questions; 2 wants a number, 4 several ticks."""


def asks(learner: Learner, number: int) -> Message:
    """The question, open for an answer."""
    return learner.sees(f"Question {number} of 6", where=lambda m: "Right!" not in m.text and "Not quite" not in m.text)


def answers_rightly(learner: Learner, number: int) -> Message:
    """Answers the open question."""
    if number == 2:
        learner.says("4")
    elif number == 4:
        for letter in "AC":
            ticks(learner, letter)
        learner.presses("Hand in")
    else:
        learner.presses(RIGHT[number])
    return learner.sees("✅ Right!", f"Question {number} of 6")


def ticks(learner: Learner, letter: str) -> Message:
    learner.presses(f"☐ {letter}")
    return learner.sees(where=lambda m: f"☑ {letter}" in m.labels)


def reaches(learner: Learner, number: int) -> Message:
    """From `/quiz` to a question, all right before it."""
    learner.says("/quiz")
    question = asks(learner, 1)
    for before in range(1, number):
        answers_rightly(learner, before)
        learner.presses("Next question")
        question = asks(learner, before + 1)
    return question


def test_wrong_then_right_in_one_message(learner: Learner) -> None:
    question = reaches(learner, 1)
    assert question.labels[:4] == ["A", "B", "C", "D"]
    assert learner.presses("A") == "Not quite."
    wrong = learner.sees("❌ Not quite.", "luck is far too slow")
    assert wrong.rows[0] == ["A ❌", "B", "C", "D"], "marked, and the right one stays hidden"
    assert "The optimizer, a form of gradient descent" not in wrong.text, "no explanation before it is right"
    learner.presses("Try again")
    assert "another try" in asks(learner, 1).text
    assert learner.presses("B") == "Right!"
    right = learner.sees("✅ Right!", "The error is passed back", "The optimizer, a form of gradient descent")
    assert right.rows[0] == ["A", "B ✅", "C", "D"]
    assert right.id == wrong.id == question.id
    assert learner.presses("B ✅") == "", "a press on the marks is answered and changes nothing"
    assert learner.again(right).json == right.json


def test_of_two_quick_presses_the_first_counts(learner: Learner) -> None:
    question = reaches(learner, 1)
    learner.tutor.act("fault", kind="delay", method="editMessageText", chat=learner.id, seconds=0.5)  # a slow network
    assert learner.presses("A", on=question) == "Not quite."
    assert learner.presses("B", on=question) == "You have answered this one already."
    learner.sees("❌ Not quite.", where=lambda m: m.rows[0] == ["A ❌", "B", "C", "D"])


def test_a_double_press_on_next_asks_once(learner: Learner) -> None:
    question = reaches(learner, 1)
    learner.presses("B")
    learner.sees("✅ Right!")
    learner.tutor.act("fault", kind="delay", method="editMessageText", chat=learner.id, seconds=0.5)
    learner.presses("Next question", on=question)
    learner.presses("Next question", on=question)
    asks(learner, 2)
    learner.says("/help")
    learner.sees("What I can do")
    assert sum("Question 2 of 6" in m.text for m in learner.messages()) == 1


def test_a_hint_helps_without_an_answer(learner: Learner) -> None:
    question = reaches(learner, 1)
    learner.presses("Hint")
    helped = learner.sees("Hint:", "works its way back")
    assert helped.id == question.id
    assert helped.labels == ["A", "B", "C", "D"], "the hint is there, so its button is not"
    learner.presses("B")
    learner.sees("✅ Right!")


def test_reading_it_again_and_coming_back_to_the_question(learner: Learner) -> None:
    reaches(learner, 1)
    learner.presses("D")
    learner.presses("Read it again")
    learner.sees("2 of 8", "Training Neural Networks")
    learner.says("/quiz")
    learner.sees("Question 2 of 6")


@pytest.mark.parametrize("typed", ["4", " 4.0 ", "4,0"])
def test_a_number_is_written(learner: Learner, typed: str) -> None:
    question = reaches(learner, 2)
    assert "Write a number" in question.text
    learner.says(typed)
    learner.sees("Question 2 of 6", "✅ Right!", "Three full batches")


def test_what_is_no_number_does_not_count_and_a_wrong_one_does(learner: Learner) -> None:
    reaches(learner, 2)
    learner.says("banana")
    learner.sees("wants a number", "did not count")
    learner.says("3")
    learner.sees("❌ Not quite.", "Your answer: 3")
    learner.presses("Try again")
    asks(learner, 2)
    learner.says("4")
    learner.sees("✅ Right!")


def test_several_choices_are_ticked_and_handed_in(learner: Learner) -> None:
    question = reaches(learner, 4)
    assert question.rows[0] == ["☐ A", "☐ B", "☐ C", "☐ D"]
    assert "Hand in" not in question.labels, "nothing to hand in yet"
    assert ticks(learner, "A").id == question.id
    ticks(learner, "B")
    learner.presses("Hand in")
    wrong = learner.sees("❌ Not quite.", "Shuffling only changes the order")
    assert wrong.rows[0] == ["A ✅", "B ❌", "C", "D"]
    learner.presses("Try again")
    assert learner.sees("another try").rows[0] == ["☐ A", "☐ B", "☐ C", "☐ D"]
    assert "✅ Right!" in answers_rightly(learner, 4).text


def test_the_result_counts_first_tries_and_progress_knows_it(learner: Learner) -> None:
    question = reaches(learner, 1)
    learner.tutor.act("fault", kind="delay", method="editMessageText", chat=learner.id, seconds=0.5)
    assert learner.presses("C", on=question) == "Not quite."
    assert learner.presses("C", on=question) == "You have answered this one already.", "a double press scores once"
    learner.presses("Try again")
    asks(learner, 1)
    answers_rightly(learner, 1)
    for number in range(2, 7):
        learner.presses("Next question")
        asks(learner, number)
        answers_rightly(learner, number)
    learner.presses("See the result")
    result = learner.sees("5 of 6 right at the first try", "You have passed")
    assert (result.text.count("❌"), result.text.count("✅")) == (1, 5)
    learner.presses("My progress")
    learner.sees("Where you stand", "5 of 6 right", "passed")
    learner.says("/quiz")
    asks(learner, 1)
    learner.says("/progress")
    learner.sees("5 of 6 right")  # a new round that is not finished leaves the best result


def test_an_open_quiz_goes_on_where_it_was(learner: Learner) -> None:
    reaches(learner, 3)
    learner.says("/lessons")
    learner.sees("Lessons")
    learner.says("/quiz")
    asks(learner, 3)


def test_a_text_is_no_answer_where_letters_are_wanted(learner: Learner) -> None:
    reaches(learner, 1)
    learner.says("Backpropagation")
    learner.sees("small talk")
    learner.presses("B")
    learner.sees("✅ Right!")
