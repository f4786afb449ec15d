from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reports.questions import questions
from bot.reports.values import FlagKind, QuestionFigures
from tests.reports.room import HOUR, NOW, Room

Rooms = Callable[..., Room]


def of(ours: Room, question: str, *lessons: str) -> QuestionFigures:
    return next(q for q in questions(ours.traces, ours.scope(*lessons)) if q.question == question)


def kinds(figures: QuestionFigures) -> list[FlagKind]:
    return [flag.kind for flag in figures.flags]


def crowd(room: Rooms, n: int) -> Room:
    return room(*(f"L{i:02}" for i in range(n)))


def test_questions_nobody_answered_are_listed_without_figures(room: Rooms) -> None:
    empty = room()
    found = questions(empty.traces, empty.scope())
    assert [(q.lesson, q.question, q.number) for q in found] == [
        ("first", "one", 1),
        ("first", "some", 2),
        ("first", "number", 3),
        ("first", "word", 4),
        ("second", "last", 1),
    ]
    assert {(q.n, q.facility, q.median_seconds, q.discrimination, q.flags, q.hinted) for q in found} == {
        (0, None, None, None, (), 0)
    }
    assert found[0].prompt == "Which one?"
    assert [(c.label, c.text, c.correct, c.first, c.last) for c in found[0].choices] == [
        ("A", "This one", True, 0, 0),
        ("B", "That one", False, 0, 0),
    ]
    assert [q.question for q in questions(empty.traces, empty.scope("second"))] == ["last"]


def test_the_very_first_answer_of_a_learner_makes_the_facility_not_the_first_of_each_pass(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    ours.answer("Ada", "one", right=False, at=NOW - 3 * HOUR)
    ours.answer("Ada", "one", right=True, at=NOW - 2 * HOUR)
    ours.answer("Grace", "one", right=True)
    one = of(ours, "one")
    assert (one.n, one.facility) == (2, 0.5)
    assert [(c.label, c.first, c.last) for c in one.choices] == [("A", 1, 2), ("B", 1, 0)]


def test_every_ticked_choice_of_a_multiple_choice_counts(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    ours.answer("Ada", "some", "b", right=False, at=NOW - 3 * HOUR)
    ours.answer("Ada", "some", "a", "b", right=True)
    ours.answer("Grace", "some", "a", "b", right=True)
    some = of(ours, "some")
    assert [(c.label, c.first, c.last) for c in some.choices] == [("A", 1, 2), ("B", 2, 2)]
    assert some.written == ()


def test_a_choice_that_was_withdrawn_is_passed_over(room: Rooms) -> None:
    ours = room("Ada")
    ours.answer("Ada", "one", "z", right=False)
    assert of(ours, "one").n == 1
    assert [c.first for c in of(ours, "one").choices] == [0, 0]


def test_written_answers_differing_in_case_and_spaces_are_one_in_its_usual_spelling(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus", "Ken")
    ours.answer("Ada", "word", "An  epoch", right=True)
    ours.answer("Grace", "word", "an epoch", right=True)
    ours.answer("Linus", "word", "an epoch", right=True)
    ours.answer("Ken", "word", "a batch", right=False, at=NOW - 2 * HOUR)
    ours.answer("Ken", "word", "epoch", right=True)
    word = of(ours, "word")
    assert [(w.text, w.correct, w.learners) for w in word.written] == [("an epoch", True, 3), ("a batch", False, 1)]
    assert word.choices == ()


def test_eight_written_answers_are_shown_at_most(room: Rooms) -> None:
    ours = crowd(room, 12)
    for i, name in enumerate(ours.names):
        ours.answer(name, "number", str(min(i, 10)), right=False)
    assert [w.text for w in of(ours, "number").written] == ["10", "0", "1", "2", "3", "4", "5", "6"]


def test_a_learner_who_took_the_hint_twice_counts_once(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    ours.answer("Ada", "one", right=False, hinted=1, at=NOW - 2 * HOUR)
    ours.answer("Ada", "one", right=True, hinted=1)
    ours.answer("Grace", "one", right=True)
    assert of(ours, "one").hinted == 1


def test_the_time_is_the_median_over_first_answers_of_known_duration(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus")
    ours.answer("Ada", "one", right=False, seconds=10.0, at=NOW - 2 * HOUR)
    ours.answer("Ada", "one", right=True, seconds=500.0)
    ours.answer("Grace", "one", right=True, seconds=20.0)
    ours.answer("Linus", "one", right=True, seconds=None)
    assert of(ours, "one").median_seconds == 15.0


@pytest.mark.parametrize(
    ("n", "right", "expected"),
    [
        (4, 0, []),
        (4, 4, []),
        (5, 1, [FlagKind.HARD]),
        (10, 3, []),
        (10, 7, []),
        (5, 4, [FlagKind.EASY]),
    ],
)
def test_flags_of_facility_need_five_learners_and_more_than_the_limit(
    room: Rooms, n: int, right: int, expected: list[FlagKind]
) -> None:
    ours = crowd(room, n)
    for i, name in enumerate(ours.names):
        ours.answer(name, "last", right=i < right)
    assert kinds(of(ours, "last")) == expected


def test_a_hard_question_names_the_choice_that_draws_learners_away(room: Rooms) -> None:
    ours = crowd(room, 5)
    for i, name in enumerate(ours.names):
        ours.answer(name, "one", right=i < 1)
        ours.answer(name, "word", "a batch", right=False)
    assert of(ours, "one").flags[0].meaning.startswith("Only 20\u202f% get it right at first, and 80\u202f% choose B:")
    assert of(ours, "word").flags[0].meaning.startswith("Only 0\u202f% get it right at first: see whether its section")


def graded(room: Rooms, n: int, right: Callable[[int, str], bool]) -> Room:
    """Learners who answered all four questions of the first lesson."""
    ours = crowd(room, n)
    for i, name in enumerate(ours.names):
        for question in ("one", "some", "number", "word"):
            ours.answer(name, question, "x", right=right(i, question))
    return ours


def test_discrimination_needs_thirty_learners_who_answered_the_whole_lesson(room: Rooms) -> None:
    thirty = graded(room, 30, lambda i, _: i % 2 == 0)
    assert of(thirty, "one").discrimination == 1.0
    assert of(graded(room, 29, lambda i, _: i % 2 == 0), "one").discrimination is None
    thirty.answers.pop()  # the last learner's last question
    assert of(thirty, "one").discrimination is None


def test_a_question_that_the_best_get_right_discriminates_and_one_by_chance_does_not(room: Rooms) -> None:
    ours = graded(room, 40, lambda i, question: i % 2 == 0 if question == "one" else i < 20)
    assert of(ours, "number").discrimination == pytest.approx(1.0)
    assert of(ours, "one").discrimination == pytest.approx(0.0)
    assert kinds(of(ours, "one")) == [FlagKind.BLUNT]
    assert kinds(of(ours, "number")) == []


def test_a_question_does_not_discriminate_by_its_own_score(room: Rooms) -> None:
    """With the question in the score, the best would be those who got it right, and it would reach 1."""
    ours = graded(room, 40, lambda i, question: question == "one" and i % 2 == 0)
    assert of(ours, "one").discrimination is None, "all the same in the other questions: nobody is best"
    assert of(ours, "some").discrimination == 0.0


def test_learners_with_equal_scores_count_in_part_whatever_their_order(room: Rooms) -> None:
    """Rest scores 3 for ten, 0 for thirty: the weakest 27 % (10.8 learners) are any of thirty, 6 of whom are right;
    the best are ten who are right and 0.8 of a learner of those thirty."""

    def right(i: int, question: str) -> bool:
        return i < 16 if question == "one" else i < 10

    forwards, backwards = graded(room, 40, right), graded(room, 40, lambda i, q: right(39 - i, q))
    expected = (10 + 0.8 * 6 / 30) / 10.8 - 6 / 30
    assert of(forwards, "one").discrimination == pytest.approx(expected)
    assert of(backwards, "one").discrimination == pytest.approx(expected)


def test_a_question_that_weak_learners_get_right_more_often_is_said_so(room: Rooms) -> None:
    ours = graded(room, 40, lambda i, question: (i < 20) != (question == "one"))
    one = of(ours, "one")
    assert one.discrimination == pytest.approx(-1.0)
    assert [flag.meaning for flag in one.flags] == [
        "Learners who do well in the other questions get this one wrong more often than the rest: check the wording,"
        " and what counts as right."
    ]


def test_a_question_that_nearly_all_get_right_is_easy_not_blunt(room: Rooms) -> None:
    ours = graded(room, 40, lambda i, question: i != 0 if question == "one" else i % 2 == 0)
    assert of(ours, "one").discrimination is not None
    assert kinds(of(ours, "one")) == [FlagKind.EASY]


def test_the_only_question_of_a_lesson_has_nothing_to_be_compared_with(room: Rooms) -> None:
    ours = crowd(room, 40)
    for i, name in enumerate(ours.names):
        ours.answer(name, "last", right=i < 20)
    assert (of(ours, "last").n, of(ours, "last").discrimination) == (40, None)


def test_answers_of_strangers_and_under_another_lesson_are_ignored(room: Rooms) -> None:
    ours = room("Ada")
    ours.answer("Eve", "one", right=True)
    ours.answer("Ada", "one", right=True, lesson="second")
    assert of(ours, "one").n == 0
