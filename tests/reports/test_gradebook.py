from __future__ import annotations

from collections.abc import Callable

from bot.reports.due import due
from bot.reports.gradebook import gradebook
from bot.reports.values import DueFigures
from tests.reports.room import HOUR, NOW, Room

Rooms = Callable[..., Room]


def test_everybody_has_a_row_for_each_lesson_also_who_did_nothing(room: Rooms) -> None:
    ours = room("Grace", "Ada")
    rows = gradebook(ours.traces, ours.scope())
    assert [(row.member.name, row.lesson) for row in rows] == [
        ("Grace", "first"),
        ("Grace", "second"),
        ("Ada", "first"),
        ("Ada", "second"),
    ]
    assert {(row.submitted_at, row.right, row.total, row.score, row.passed) for row in rows} == {
        (None, None, None, None, False)
    }
    assert all(row.questions == {} for row in rows)
    assert gradebook(room().traces, ours.scope()) == ()


def test_the_best_pass_counts_and_of_equals_the_one_finished_first(room: Rooms) -> None:
    ours = room("Ada")
    for hours, right in ((5, 2), (4, 3), (3, 3), (2, 1)):
        ours.quiz("Ada", right, 4, NOW - hours * HOUR)
    ours.quiz("Ada", None, None, NOW)
    (row,) = gradebook(ours.traces, ours.scope("first"))
    assert (row.submitted_at, row.right, row.total, row.score, row.passed) == (NOW - 4 * HOUR, 3, 4, 0.75, True)


def test_a_pass_of_a_shorter_quiz_is_compared_by_its_share(room: Rooms) -> None:
    ours = room("Ada")
    ours.quiz("Ada", 3, 5, NOW - 2 * HOUR)
    ours.quiz("Ada", 2, 3, NOW - HOUR)
    (row,) = gradebook(ours.traces, ours.scope("first"))
    assert (row.right, row.total, row.passed) == (2, 3, False)


def test_questions_are_by_the_very_first_answer_and_only_those_answered(room: Rooms) -> None:
    ours = room("Ada")
    ours.answer("Ada", "word", "epoch", right=True, at=NOW - 3 * HOUR)
    ours.answer("Ada", "one", right=False, at=NOW - 2 * HOUR)
    ours.answer("Ada", "one", right=True)
    ours.answer("Ada", "gone-question", right=True)
    first, second = gradebook(ours.traces, ours.scope())
    assert list(first.questions.items()) == [("one", False), ("word", True)]
    assert second.questions == {}


def test_a_quiz_passed_in_time_stays_so_when_more_is_reached_later(room: Rooms) -> None:
    """Q9: passed before the due time, better afterwards: both stand, in time and the best."""
    ours = room("Ada")
    ours.quiz("Ada", 3, 4, NOW - 5 * HOUR)
    ours.quiz("Ada", 4, 4, NOW - 2 * HOUR)
    ours.due("first", NOW - 3 * HOUR)
    (row,) = gradebook(ours.traces, ours.scope("first"))
    assert (row.submitted_at, row.in_time, row.score_when_due) == (NOW - 5 * HOUR, True, 0.75)
    assert (row.best_at, row.right, row.score) == (NOW - 2 * HOUR, 4, 1.0)


def test_a_quiz_passed_after_it_was_due_is_late_whatever_was_tried_before(room: Rooms) -> None:
    ours = room("Ada")
    ours.quiz("Ada", 1, 4, NOW - 5 * HOUR)
    ours.quiz("Ada", 3, 4, NOW - 2 * HOUR)
    ours.due("first", NOW - 3 * HOUR)
    (row,) = gradebook(ours.traces, ours.scope("first"))
    assert (row.submitted_at, row.in_time, row.score_when_due) == (NOW - 2 * HOUR, False, 0.25)


def test_a_quiz_that_is_not_passed_was_submitted_when_it_was_first_finished(room: Rooms) -> None:
    ours = room("Ada")
    ours.quiz("Ada", 1, 4, NOW - 5 * HOUR)
    ours.quiz("Ada", 2, 4, NOW - 2 * HOUR)
    (row,) = gradebook(ours.traces, ours.scope("first"))
    assert (row.submitted_at, row.best_at, row.passed) == (NOW - 5 * HOUR, NOW - 2 * HOUR, False)
    assert (row.due_at, row.in_time, row.score_when_due) == (None, None, None)


def test_nobody_is_late_before_the_time_has_come(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    ours.quiz("Grace", 4, 4, NOW - HOUR)
    ours.due("first", NOW + HOUR)
    ada, grace = gradebook(ours.traces, ours.scope("first"))
    assert (ada.in_time, grace.in_time) == (None, True)
    ada, grace = gradebook(ours.traces, ours.scope("first", now=NOW + 2 * HOUR))
    assert (ada.in_time, grace.in_time) == (False, True)


def test_at_the_second_it_is_due_is_in_time(room: Rooms) -> None:
    ours = room("Ada")
    ours.quiz("Ada", 4, 4, NOW - HOUR)
    ours.due("first", NOW - HOUR)
    (row,) = gradebook(ours.traces, ours.scope("first"))
    assert row.in_time is True


def test_days_that_are_chosen_do_not_tell_who_was_in_time(room: Rooms) -> None:
    """The quiz may have been passed before them."""
    ours = room("Ada")
    ours.due("first", NOW - HOUR)
    (row,) = gradebook(ours.traces, ours.scope("first", since=NOW - 2 * HOUR))
    assert row.in_time is None


def test_what_is_due_is_counted_in_time_and_by_now(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Alan")
    for name, at in (("Ada", NOW - 5 * HOUR), ("Ada", NOW - HOUR), ("Grace", NOW - HOUR)):
        ours.quiz(name, 4, 4, at)
    ours.due("first", NOW - 3 * HOUR)
    ours.due("gone", NOW - 3 * HOUR)
    assert due(ours.traces, ours.scope()) == (DueFigures("first", "The first lesson", NOW - 3 * HOUR, 3, 2, 1),)
