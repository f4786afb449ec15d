from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.reports.person import person
from bot.reports.scope import DAY
from bot.reports.values import Against, MomentKind, PersonFigures
from tests.reports.room import ENROLLED, HOUR, NOW, Room

Rooms = Callable[..., Room]


def of(ours: Room, name: str, *lessons: str) -> PersonFigures:
    found = person(ours.traces, ours.scope(*lessons), ours.id(name))
    assert found is not None
    return found


def against(found: PersonFigures) -> dict[str, Against]:
    return {row.label: row for row in found.against}


def test_who_is_no_member_is_nobody(room: Rooms) -> None:
    ours = room("Ada")
    ours.answer("Eve", "one", right=True)
    assert person(ours.traces, ours.scope(), ours.id("Eve")) is None


@pytest.mark.parametrize(("since", "until", "joined"), [(0, 1, True), (None, 0, False), (1, None, False)])
def test_who_joined_out_of_the_span_did_not_join_in_it(
    room: Rooms, since: float | None, until: float | None, joined: bool
) -> None:
    ours = room("Ada")
    begin, end = (None if at is None else ENROLLED + at for at in (since, until))
    found = person(ours.traces, replace(ours.scope(), since=begin, until=end), ours.id("Ada"))
    assert found
    assert bool(found.timeline) == joined


def test_a_learner_who_did_nothing_has_joined_and_no_more(room: Rooms) -> None:
    ours = room("Ada")
    ada = of(ours, "Ada")
    assert (ada.member.name, ada.last_seen) == ("Ada", None)
    assert [(m.kind, m.at, m.good) for m in ada.timeline] == [(MomentKind.JOINED, ENROLLED, None)]
    assert [(r.label, r.unit, r.own, r.median) for r in ada.against] == [
        ("Sections read", "count", 0.0, None),
        ("Right at the first try", "share", None, None),
        ("Best score", "share", None, None),
        ("Answers given", "count", 0.0, None),
        ("Median time for a question", "seconds", None, None),
        ("Runs", "count", 0.0, None),
        ("Runs finished", "share", None, None),
    ]
    assert [(s.lesson, s.sections_read, s.sections, s.best_right, s.passed, s.runs) for s in ada.standings] == [
        ("The first lesson", 0, 3, None, False, 0),
        ("The second lesson", 0, 1, None, False, 0),
    ]


def test_standings_are_the_learner_s_own(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    for name in ("Ada", "Grace"):
        ours.read(name, "training")
        ours.read(name, "judging")
        ours.quiz(name, 3, 4)
        ours.run(name)
    ours.quiz("Ada", 4, 4)
    first = of(ours, "Ada").standings[0]
    assert (first.sections_read, first.sections, first.best_right, first.best_total) == (2, 3, 4, 4)
    assert (first.passed, first.runs) == (True, 1)


def test_a_learner_stands_beside_the_median_of_all_who_started(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus", "Ken")
    ours.answer("Ada", "one", right=False, at=NOW - 5 * HOUR, seconds=30.0)
    ours.answer("Ada", "one", right=True, at=NOW - 4 * HOUR, seconds=400.0)
    ours.answer("Ada", "some", right=True, seconds=50.0)
    ours.answer("Grace", "one", right=True, seconds=10.0)
    ours.quiz("Grace", 3, 4)
    ours.quiz("Grace", 1, 1, lesson="second")
    ours.read("Linus", "training")
    for state in ("finished", "failed", "cancelled", "finished", "running"):
        ours.run("Linus", state)
    rows = against(of(ours, "Ada"))
    assert (rows["Right at the first try"].own, rows["Right at the first try"].median) == (0.5, 0.75)
    assert (rows["Median time for a question"].own, rows["Median time for a question"].median) == (40.0, 25.0)
    assert (rows["Answers given"].own, rows["Answers given"].median) == (3.0, 1.0)
    assert (rows["Sections read"].own, rows["Sections read"].median) == (0.0, 0.0)
    assert (rows["Best score"].own, rows["Best score"].median) == (None, 0.875)
    rows = against(of(ours, "Linus"))
    assert (rows["Runs"].own, rows["Runs"].median) == (5.0, 0.0)
    assert (rows["Runs finished"].own, rows["Runs finished"].median) == (0.5, 0.5)
    assert against(of(ours, "Ken"))["Answers given"].median == 1.0


def test_one_learner_alone_is_their_own_median(room: Rooms) -> None:
    ours = room("Ada")
    ours.answer("Ada", "one", right=True)
    ours.quiz("Ada", 2, 4)
    ours.run("Ada")
    assert all(row.own == row.median for row in of(ours, "Ada").against)


def test_the_timeline_tells_newest_first_what_was_done(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    ours.answer("Grace", "one", right=True)
    ours.opens("Ada", "training", NOW - 1)
    ours.read("Ada", "training", NOW - 9 * HOUR)
    ours.answer("Ada", "one", right=False, at=NOW - 8 * HOUR, hinted=1)
    ours.answer("Ada", "some", "a", "b", right=True, at=NOW - 7 * HOUR)
    ours.answer("Ada", "number", "4" * 50, right=False, at=NOW - 6.5 * HOUR)
    ours.quiz("Ada", 3, 4, NOW - 6 * HOUR)
    ours.quiz("Ada", None, None, NOW - 5 * HOUR)
    ours.run("Ada", at=NOW - 4 * HOUR, figure=0.91234)
    ours.run("Ada", "failed", "timeout", at=NOW - 3 * HOUR, example="judge")
    ours.own_code("Ada", "cancelled", NOW - 2 * HOUR)
    ada = of(ours, "Ada", "first")
    assert ada.last_seen == NOW - 1
    assert [(m.kind, m.title, m.detail, m.good) for m in ada.timeline] == [
        (MomentKind.RUN, "Own code", "stopped by the learner", None),
        (MomentKind.RUN, "Judge", "time-out", False),
        (MomentKind.RUN, "Train", "finished · val accuracy 0.912", True),
        (MomentKind.QUIZ, "Began the quiz", "", None),
        (MomentKind.QUIZ, "Finished the quiz", "3 of 4 right at first, passed", True),
        (MomentKind.ANSWER, "Question 3", f"wrong: “{'4' * 39}…”", False),
        (MomentKind.ANSWER, "Question 2", "right: A, B", True),
        (MomentKind.ANSWER, "Question 1", "wrong: B, after the hint", False),
        (MomentKind.SECTION, "Read “Training”", "", None),
        (MomentKind.JOINED, "Joined the class", "", None),
    ]


def test_with_several_lessons_in_view_a_moment_says_which(room: Rooms) -> None:
    ours = room("Ada")
    ours.answer("Ada", "last", right=True)
    assert of(ours, "Ada").timeline[0].detail == "right: A · The second lesson"
    assert of(ours, "Ada", "second").timeline[0].detail == "right: A"


@pytest.mark.parametrize(("answers", "shown"), [(199, 200), (250, 200)])
def test_two_hundred_moments_are_shown_at_most_and_they_are_the_newest(room: Rooms, answers: int, shown: int) -> None:
    ours = room("Ada")
    for i in range(answers):
        ours.answer("Ada", "one", right=True, at=NOW - DAY + i)
    moments = of(ours, "Ada").timeline
    assert len(moments) == shown
    assert moments[0].at == NOW - DAY + answers - 1
    assert [m.at for m in moments] == sorted((m.at for m in moments), reverse=True)
