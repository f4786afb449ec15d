"""What a quiz asks next, and what makes its result."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.rounds import FirstAnswer, InOrder, Pick, Round, RoundKind, counted
from lessons.model import Course

ROUND = Round(1, 1001, RoundKind.QUIZ, "first", 0.0)


def answered(*questions: str, correct: bool = True, counts: bool = True) -> tuple[FirstAnswer, ...]:
    return tuple(FirstAnswer("first", question, correct, counts) for question in questions)


def test_a_quiz_asks_the_first_question_without_an_answer(small_course: Course) -> None:
    lesson = small_course.lessons[0]
    asked = InOrder(lesson)
    assert asked.next(ROUND, ()) == Pick(lesson, lesson.questions[0], counts=True)
    wrong = answered("one", correct=False)
    assert asked.next(ROUND, wrong) == Pick(lesson, lesson.questions[1])
    assert asked.next(ROUND, answered("one", "number")) == Pick(lesson, lesson.questions[1])
    assert asked.next(ROUND, answered("one", "some", "number", "word")) is None


def test_a_question_that_the_author_adds_is_asked_and_a_withdrawn_one_is_not(small_course: Course) -> None:
    lesson = small_course.lessons[0]
    added = replace(lesson.questions[0], id="added")
    changed = replace(lesson, questions=(added, *lesson.questions[1:]))
    everything = answered(*(question.id for question in lesson.questions))
    assert InOrder(changed).next(ROUND, everything) == Pick(changed, added)
    assert InOrder(replace(lesson, questions=lesson.questions[1:])).next(ROUND, ()) == Pick(
        replace(lesson, questions=lesson.questions[1:]), lesson.questions[1]
    )


def test_the_result_leaves_out_what_was_withdrawn_and_what_does_not_count(small_course: Course) -> None:
    history = (
        *answered("one"),
        *answered("number", correct=False),
        *answered("withdrawn"),
        *answered("word", counts=False),
    )
    assert counted(small_course.lessons[0], history) == {"one": True, "number": False}
