from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.reports.overview import overview
from bot.reports.scope import DAY
from tests.reports.room import HOUR, MINUTE, NOW, Room

Rooms = Callable[..., Room]


def at(*when: int, zone: str = "UTC") -> float:
    return datetime(*when, tzinfo=ZoneInfo(zone)).timestamp()


def test_an_empty_class_has_no_figures_and_no_days(room: Rooms) -> None:
    empty = room()
    seen = overview(empty.traces, empty.scope())
    assert (seen.enrolled, seen.started, seen.finished, seen.passed, seen.never_started, seen.inactive) == (0,) * 6
    assert seen.median_score is None
    assert [b.learners for b in seen.scores] == [0] * 10
    assert seen.days == ()
    assert {stage.learners for stage in seen.funnel} == {0}


def test_a_class_in_which_nobody_began_has_members_only(room: Rooms) -> None:
    waiting = room("Ada", "Grace")
    seen = overview(waiting.traces, waiting.scope())
    assert (seen.enrolled, seen.started, seen.never_started, seen.inactive) == (2, 0, 2, 0)


def test_learners_are_counted_by_how_far_they_came(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus", "Ken")
    ours.quiz("Ada", 4, 4)
    ours.quiz("Ada", 1, 1, lesson="second")
    ours.quiz("Grace", 1, 4)
    ours.quiz("Grace", 1, 1, lesson="second")
    ours.quiz("Linus", 4, 4)
    seen = overview(ours.traces, ours.scope())
    assert (seen.enrolled, seen.started, seen.finished, seen.passed, seen.never_started) == (4, 3, 2, 1, 1)
    first = overview(ours.traces, ours.scope("first"))
    assert (first.finished, first.passed) == (3, 2)


def test_away_begins_after_seven_full_days_and_not_for_those_who_passed(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus")
    ours.read("Ada", "training", NOW - 7 * DAY)
    ours.read("Grace", "training", NOW - 7 * DAY - 1)
    ours.quiz("Linus", 3, 4, NOW - 20 * DAY)
    assert overview(ours.traces, ours.scope("first")).inactive == 1
    assert overview(ours.traces, ours.scope()).inactive == 2, "of the whole course, Linus passed a half"


def test_the_end_of_a_run_is_no_trace_of_its_learner(room: Rooms) -> None:
    ours = room("Ada")
    ours.run("Ada", at=NOW - 8 * DAY, started_at=NOW - 5, ended_at=NOW)
    assert overview(ours.traces, ours.scope()).inactive == 1


def test_scores_are_means_of_the_best_passes_and_lie_in_their_bins(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus", "Ken")
    for right in (1, 3, 2):
        ours.quiz("Ada", right, 4, NOW - right * HOUR)
    ours.quiz("Grace", 4, 4)
    ours.quiz("Grace", 0, 1, lesson="second")
    ours.quiz("Linus", 4, 4)
    ours.quiz("Ken", None, None)
    seen = overview(ours.traces, ours.scope())
    assert {b.low: b.learners for b in seen.scores if b.learners} == {0.7: 1, 0.5: 1, 0.9: 1}
    assert seen.scores[-1].high == 1.0
    assert seen.median_score == 0.75


def test_a_score_on_the_limit_of_two_bins_is_in_the_upper_one(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    ours.quiz("Ada", 1, 10)
    ours.quiz("Ada", 5, 10, lesson="second")  # 0.1 and 0.5: 0.3 exactly
    ours.quiz("Grace", 7, 10)
    assert [b.low for b in overview(ours.traces, ours.scope()).scores if b.learners] == [0.3, 0.7]


def test_the_funnel_goes_through_the_lessons_in_order(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus")
    ours.opens("Linus", "introduction")
    for name in ("Ada", "Grace"):
        ours.read(name, "introduction")
    ours.read("Ada", "training")
    ours.quiz("Ada", 3, 4)
    ours.quiz("Grace", 2, 4)
    ours.answer("Grace", "last", right=True)
    seen = overview(ours.traces, ours.scope())
    assert [(stage.lesson, stage.label, stage.learners) for stage in seen.funnel] == [
        ("The first lesson", "Started", 3),
        ("The first lesson", ours.course.lessons[0].sections[0].title, 2),
        ("The first lesson", "Training", 1),
        ("The first lesson", "Judging", 0),
        ("The first lesson", "Quiz finished", 2),
        ("The first lesson", "Quiz passed", 1),
        ("The second lesson", "Started", 1),
        ("The second lesson", "Only", 0),
        ("The second lesson", "Quiz finished", 0),
        ("The second lesson", "Quiz passed", 0),
    ]


def test_withdrawn_parts_and_strangers_leave_nothing(room: Rooms) -> None:
    ours = room("Ada")
    ours.answer("Ada", "gone-question", right=True)
    ours.read("Ada", "gone")
    ours.opens("Ada", "gone")
    ours.quiz("Ada", 4, 4, lesson="gone")
    ours.run("Ada", example="gone-example")
    ours.answer("Ada", "last", right=True, lesson="first")
    ours.answer("Eve", "one", right=True)
    ours.quiz("Eve", 4, 4)
    ours.run("Eve")
    seen = overview(ours.traces, ours.scope())
    assert (seen.started, seen.finished, seen.median_score, seen.days) == (0, 0, None, ())


def test_days_hold_the_quiet_ones_too(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    ours.answer("Ada", "one", right=False, at=at(2027, 1, 10, 9))
    ours.answer("Ada", "one", right=True, at=at(2027, 1, 10, 10))
    ours.opens("Grace", "training", at(2027, 1, 10, 11))
    ours.run("Grace", at=at(2027, 1, 12, 23))
    days = overview(ours.traces, ours.scope()).days
    assert [(d.day, d.learners, d.answers, d.runs) for d in days] == [
        (date(2027, 1, 10), 2, 2, 0),
        (date(2027, 1, 11), 0, 0, 0),
        (date(2027, 1, 12), 1, 0, 1),
    ]


def test_days_begin_where_the_instructor_lives(room: Rooms) -> None:
    ours = room("Ada")
    ours.answer("Ada", "one", right=True, at=at(2027, 1, 10, 23, 30))
    days = {zone: overview(ours.traces, ours.scope(zone=ZoneInfo(zone))).days for zone in ("UTC", "Europe/Berlin")}
    assert [d.day.day for d in days["UTC"]] == [10]
    assert [d.day.day for d in days["Europe/Berlin"]] == [11]


def test_the_day_on_which_clocks_change_is_one_day(room: Rooms) -> None:
    ours = room("Ada")
    for hour in (0, 23):
        ours.answer("Ada", "one", right=True, at=at(2026, 3, 29, hour, 30, zone="Europe/Berlin"))
    ours.answer("Ada", "one", right=True, at=at(2026, 3, 30, 0, 30, zone="Europe/Berlin"))
    days = overview(ours.traces, ours.scope(zone=ZoneInfo("Europe/Berlin"))).days
    assert [(d.day.day, d.answers) for d in days] == [(29, 2), (30, 1)]


def test_a_span_shows_all_its_days_and_none_of_the_day_it_ends_before(room: Rooms) -> None:
    ours = room("Ada")
    ours.answer("Ada", "one", right=True, at=at(2027, 1, 11, 12))
    scope = ours.scope(since=at(2027, 1, 10), until=at(2027, 1, 13), zone=UTC)
    assert [d.day.day for d in overview(ours.traces, scope).days] == [10, 11, 12]


def test_no_day_lies_in_the_future(room: Rooms) -> None:
    ours = room("Ada")
    ours.answer("Ada", "one", right=True, at=NOW - HOUR)
    days = overview(ours.traces, ours.scope(until=NOW + 30 * DAY)).days
    assert [d.day for d in days] == [datetime.fromtimestamp(NOW, UTC).date()]


def test_a_pass_begun_before_the_span_counts_on_the_day_it_was_finished(room: Rooms) -> None:
    ours = room("Ada")
    midnight = at(2027, 1, 11)
    ours.quiz("Ada", 4, 4, midnight + 30)
    days = overview(ours.traces, ours.scope(since=midnight - 30 * MINUTE)).days
    assert [(d.day.day, d.learners) for d in days] == [(10, 1), (11, 1)]
    days = overview(ours.traces, ours.scope(since=midnight - 10)).days
    assert [(d.day.day, d.learners) for d in days] == [(10, 0), (11, 1)]


def test_of_a_long_time_the_last_ninety_two_days_are_shown(room: Rooms) -> None:
    ours = room("Ada")
    ours.answer("Ada", "one", right=True, at=NOW - 200 * DAY)
    ours.answer("Ada", "one", right=True, at=NOW - 91 * DAY)
    ours.answer("Ada", "one", right=True, at=NOW)
    days = overview(ours.traces, ours.scope()).days
    assert len(days) == 92
    assert (days[0].answers, days[-1].answers, sum(d.answers for d in days)) == (1, 1, 2)
