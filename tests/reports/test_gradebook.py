from __future__ import annotations

from collections.abc import Callable

from bot.reports.gradebook import gradebook
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
