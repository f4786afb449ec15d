from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reports.attention import attention
from bot.reports.scope import DAY
from bot.reports.values import Concern, ConcernKind
from tests.reports.room import ENROLLED, HOUR, NOW, Room, enrolled_at

Rooms = Callable[..., Room]


def concerns(ours: Room, kind: ConcernKind, *lessons: str) -> tuple[Concern, ...]:
    return next(group.concerns for group in attention(ours.traces, ours.scope(*lessons)) if group.kind is kind)


def test_all_four_groups_are_there_in_order_even_for_an_empty_class(room: Rooms) -> None:
    empty = room()
    groups = attention(empty.traces, empty.scope())
    assert [group.kind for group in groups] == list(ConcernKind)
    assert all(group.title and group.advice and not group.concerns for group in groups)


def test_who_never_started_is_listed_by_how_long_they_are_enrolled(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus")
    ours.read("Linus", "training")
    traces = enrolled_at(ours.traces, {"Ada": NOW - HOUR, "Grace": NOW - 2 * DAY})
    never = attention(traces, ours.scope())[0].concerns
    assert [(c.member.name, c.reason, c.since) for c in never] == [
        ("Grace", "enrolled 2 days ago", None),
        ("Ada", "enrolled 1 h ago", None),
    ]


def test_a_class_that_is_all_away_is_listed_longest_first(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus")
    ours.read("Ada", "training", NOW - 8 * DAY)
    ours.answer("Grace", "one", right=True, at=NOW - 20 * DAY)
    ours.run("Linus", at=NOW - 10 * DAY)
    away = concerns(ours, ConcernKind.AWAY)
    assert [(c.member.name, c.reason, c.since) for c in away] == [
        ("Grace", "last seen 20 days ago", NOW - 20 * DAY),
        ("Linus", "last seen 10 days ago", NOW - 10 * DAY),
        ("Ada", "last seen 8 days ago", NOW - 8 * DAY),
    ]


def test_who_passed_everything_in_view_may_be_away(room: Rooms) -> None:
    ours = room("Ada")
    ours.quiz("Ada", 3, 4, NOW - 20 * DAY)
    assert concerns(ours, ConcernKind.AWAY, "first") == ()
    assert len(concerns(ours, ConcernKind.AWAY)) == 1


def test_three_wrong_answers_to_a_question_make_stuck_and_two_do_not(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    for hours in (5, 4, 3):
        ours.answer("Ada", "some", "b", right=False, at=NOW - hours * HOUR)
    ours.answer("Grace", "some", "b", right=False, at=NOW - 2 * HOUR)
    ours.answer("Grace", "some", "b", right=False)
    ours.answer("Grace", "one", right=False)
    (ada,) = concerns(ours, ConcernKind.STUCK)
    assert (ada.member.name, ada.since) == ("Ada", NOW - 5 * HOUR)
    assert ada.reason == "3 wrong answers to question 2 of “The first lesson”"


def test_a_right_answer_ends_being_stuck_and_counting_begins_anew(room: Rooms) -> None:
    ours = room("Ada")
    for hours in (9, 8, 7):
        ours.answer("Ada", "one", right=False, at=NOW - hours * HOUR)
    ours.answer("Ada", "one", right=True, at=NOW - 6 * HOUR)
    assert concerns(ours, ConcernKind.STUCK) == ()
    for hours in (5, 4):
        ours.answer("Ada", "one", right=False, at=NOW - hours * HOUR)
    assert concerns(ours, ConcernKind.STUCK) == ()
    ours.answer("Ada", "one", right=False, at=NOW - 3 * HOUR)
    assert [c.since for c in concerns(ours, ConcernKind.STUCK)] == [NOW - 5 * HOUR]


def test_stuck_at_several_questions_is_one_concern_that_names_the_oldest(room: Rooms) -> None:
    ours = room("Ada")
    for hours in (1, 2, 3, 4):
        ours.answer("Ada", "last", right=False, at=NOW - hours * HOUR)
        ours.answer("Ada", "word", "a batch", right=False, at=NOW - (hours + 10) * HOUR)
        ours.answer("Ada", "gone-question", right=False, at=NOW - (hours + 20) * HOUR)
    (ada,) = concerns(ours, ConcernKind.STUCK)
    assert ada.reason == "4 wrong answers to question 4 of “The first lesson”, and 1 question more"
    assert ada.since == NOW - 14 * HOUR
    (ada,) = concerns(ours, ConcernKind.STUCK, "second")
    assert ada.reason == "4 wrong answers to question 1 of “The second lesson”"


def states(ours: Room, *made: str) -> None:
    """The learner's runs, oldest first."""
    for i, state in enumerate(made):
        reason = {"failed": "timeout"}.get(state)
        ours.run("Ada", state, reason, at=NOW - (len(made) - i) * HOUR)


@pytest.mark.parametrize(
    ("made", "failing"),
    [
        (("failed", "failed"), False),
        (("failed", "failed", "failed"), True),
        (("failed", "failed", "finished", "failed"), False),
        (("failed", "failed", "failed", "finished"), False),
        (("failed", "cancelled", "failed", "failed", "queued"), True),
        (("failed", "cancelled", "failed", "running"), False),
        (("finished", "failed", "failed", "cancelled", "failed"), True),
    ],
)
def test_three_failed_runs_in_a_row_stopped_and_open_ones_aside(
    room: Rooms, made: tuple[str, ...], failing: bool
) -> None:
    ours = room("Ada")
    states(ours, *made)
    assert bool(concerns(ours, ConcernKind.FAILING_RUNS)) is failing


def test_failing_runs_began_when_the_first_of_the_row_ended(room: Rooms) -> None:
    ours = room("Ada")
    states(ours, "failed", "finished", "failed", "failed", "failed", "failed")
    (ada,) = concerns(ours, ConcernKind.FAILING_RUNS)
    assert ada.since == NOW - 4 * HOUR + 12
    assert ada.reason == "4 runs failed in a row, the last one: time-out"


def test_code_of_their_own_fails_as_well(room: Rooms) -> None:
    ours = room("Ada")
    for hours in (3, 2, 1):
        ours.own_code("Ada", "failed", at=NOW - hours * HOUR, reason="error")
    assert len(concerns(ours, ConcernKind.FAILING_RUNS)) == 1


def test_a_learner_may_be_in_several_groups_and_a_stranger_in_none(room: Rooms) -> None:
    ours = room("Ada")
    for name in ("Ada", "Eve"):
        for days in (9, 10, 11):
            ours.answer(name, "one", right=False, at=NOW - days * DAY)
            ours.run(name, "failed", "error", at=NOW - days * DAY)
    names = {g.kind: [c.member.name for c in g.concerns] for g in attention(ours.traces, ours.scope())}
    assert names == {
        ConcernKind.NEVER_STARTED: [],
        ConcernKind.AWAY: ["Ada"],
        ConcernKind.STUCK: ["Ada"],
        ConcernKind.FAILING_RUNS: ["Ada"],
    }
    assert ours.member("Ada").enrolled_at == ENROLLED
