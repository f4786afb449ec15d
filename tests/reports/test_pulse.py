from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reports.pulse import pulse
from bot.reports.values import PulseFigures
from tests.reports.room import HOUR, MINUTE, NOW, Room

Rooms = Callable[..., Room]


def of(ours: Room, *lessons: str, question: str = "") -> PulseFigures:
    return pulse(ours.traces, ours.asked, ours.scope(*lessons), question)


def places(seen: PulseFigures) -> list[tuple[str, list[str]]]:
    return [(place.label, [member.name for member in place.learners]) for place in seen.places]


def test_a_class_with_nobody_here_is_quiet(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    ours.opens("Ada", "training", NOW - 16 * MINUTE)
    ours.sent("Grace", "one", NOW - 16 * MINUTE)
    seen = of(ours)
    assert (seen.enrolled, seen.here, seen.places, seen.question) == (2, 0, (), None)
    assert (seen.queued, seen.running, seen.done, seen.failed) == (0, 0, 0, 0)
    assert of(room()).enrolled == 0


@pytest.mark.parametrize(("seconds", "here"), [(899, 1), (900, 0)])
def test_here_is_who_left_a_trace_within_a_quarter_of_an_hour(room: Rooms, seconds: float, here: int) -> None:
    ours = room("Ada")
    ours.answer("Ada", "one", right=True, at=NOW - seconds)
    assert of(ours).here == here


def test_who_was_sent_a_question_is_here(room: Rooms) -> None:
    ours = room("Ada")
    ours.sent("Ada", "word", NOW - MINUTE)
    assert (of(ours).here, places(of(ours))) == (1, [("Question 4", ["Ada"])])


def test_a_learner_is_where_their_newest_page_is(room: Rooms) -> None:
    ours = room("Ada", "Grace")
    ours.opens("Ada", "training", NOW - 5 * MINUTE)
    ours.opens("Ada", "only", NOW - 6 * MINUTE, lesson="second")
    ours.opens("Grace", "training", NOW - MINUTE)
    ours.opens("Grace", "only", NOW - HOUR, lesson="second")
    assert places(of(ours)) == [("Training", ["Ada", "Grace"])]
    assert [place.lesson for place in of(ours).places] == ["The first lesson"]
    assert places(of(ours, "second")) == [("Only", ["Ada"])]


def test_a_page_opened_longer_ago_is_no_place_of_somebody_who_is_here(room: Rooms) -> None:
    ours = room("Ada")
    ours.opens("Ada", "training", NOW - 15 * MINUTE)
    ours.answer("Ada", "one", right=True, at=NOW - MINUTE)
    seen = of(ours)
    assert (seen.here, seen.places) == (1, ())


def test_a_question_newer_than_the_page_is_where_they_are_also_while_they_read_the_verdict(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus")
    for name in ours.names:
        ours.opens(name, "judging", NOW - 5 * MINUTE)
    ours.sent("Ada", "some", NOW - 4 * MINUTE)
    ours.sent("Grace", "some", NOW - 6 * MINUTE)
    ours.sent("Linus", "some", NOW - 4 * MINUTE, answered=True)
    assert places(of(ours)) == [("Judging", ["Grace"]), ("Question 2", ["Ada", "Linus"])]


def test_a_run_that_goes_on_comes_before_question_and_page(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus")
    for name, state in (("Ada", "queued"), ("Grace", "running"), ("Linus", "finished")):
        ours.opens(name, "judging", NOW - 5 * MINUTE)
        ours.sent(name, "one", NOW - 4 * MINUTE)
        ours.run(name, state, at=NOW - 6 * MINUTE)
    ours.runs.append(ours.runs[0]._replace(learner=999))
    seen = of(ours)
    assert places(seen) == [("Question 1", ["Linus"]), ("Training", ["Ada", "Grace"])]
    assert (seen.queued, seen.running) == (1, 1)


def test_who_trained_a_model_and_nothing_since_is_in_training(room: Rooms) -> None:
    ours = room("Ada")
    ours.opens("Ada", "judging", NOW - 5 * MINUTE)
    ours.run("Ada", "finished", at=NOW - 2 * MINUTE)
    assert places(of(ours)) == [("Training", ["Ada"])]


def test_who_is_away_is_at_no_place_even_with_a_run_in_the_queue(room: Rooms) -> None:
    ours = room("Ada")
    ours.run("Ada", "queued", at=NOW - 20 * MINUTE)
    seen = of(ours)
    assert (seen.here, seen.places, seen.queued) == (0, (), 1)


def test_runs_that_ended_within_the_hour_are_done_and_some_of_them_failed(room: Rooms) -> None:
    ours = room("Ada")
    for state, reason, ended in (
        ("finished", None, 3599),
        ("failed", "memory", 60),
        ("cancelled", None, 60),
        ("failed", "error", 3600),
    ):
        ours.run("Ada", state, reason, ended_at=NOW - ended)
    seen = of(ours)
    assert (seen.done, seen.failed) == (3, 1)


def test_the_question_most_learners_were_sent_is_shown(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus")
    ours.sent("Ada", "one", NOW - 3 * MINUTE)
    ours.sent("Grace", "one", NOW - 4 * MINUTE)
    ours.sent("Linus", "last", NOW - MINUTE)
    ours.sent("Eve", "last", NOW - MINUTE)
    live = of(ours).question
    assert live is not None
    assert (live.lesson, live.question, live.number, live.prompt) == ("first", "one", 1, "Which one?")
    live = of(ours, "second").question
    assert live is not None
    assert live.question == "last"


def test_of_questions_with_as_many_learners_the_one_sent_latest_is_shown(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus", "Ken")
    ours.sent("Ada", "one", NOW - 3 * MINUTE)
    ours.sent("Grace", "word", NOW - MINUTE)
    ours.sent("Linus", "word", NOW - 9 * MINUTE)
    ours.sent("Ken", "one", NOW - 2 * MINUTE)
    live = of(ours).question
    assert live is not None
    assert live.question == "word"


def test_a_question_can_be_picked_and_one_that_is_gone_cannot(room: Rooms) -> None:
    ours = room("Ada")
    ours.sent("Ada", "one", NOW - MINUTE)
    picked, gone = of(ours, question="some").question, of(ours, question="gone-question").question
    assert picked is not None
    assert (picked.question, picked.number, picked.answered, picked.thinking) == ("some", 2, 0, 0)
    assert gone is not None
    assert gone.question == "one"


def test_the_live_question_counts_last_answers_and_who_still_thinks(room: Rooms) -> None:
    ours = room("Ada", "Grace", "Linus", "Ken", "Barbara")
    ours.answer("Ada", "one", right=False, at=NOW - 5 * MINUTE)
    ours.answer("Ada", "one", right=True, at=NOW - 4 * MINUTE)
    ours.answer("Grace", "one", right=False, at=NOW - 3 * MINUTE)
    ours.answer("Linus", "one", right=True, at=NOW - 16 * MINUTE)
    ours.sent("Ada", "one", NOW - 4.5 * MINUTE, answered=True)
    ours.sent("Grace", "one", NOW - MINUTE)  # another try: she has answered already
    ours.sent("Linus", "one", NOW - MINUTE)
    ours.sent("Ken", "one", NOW - 16 * MINUTE)
    ours.sent("Barbara", "one", NOW - 14 * MINUTE)
    live = of(ours).question
    assert live is not None
    assert (live.answered, live.thinking, live.right) == (2, 2, 1)
    assert [(c.label, c.first, c.last) for c in live.choices] == [("A", 0, 1), ("B", 2, 1)]


def test_a_question_answered_in_writing_shows_no_choices(room: Rooms) -> None:
    ours = room("Ada")
    ours.sent("Ada", "number", NOW - MINUTE)
    ours.answer("Ada", "number", "4", right=True, at=NOW)
    live = of(ours).question
    assert live is not None
    assert (live.choices, live.answered, live.right) == ((), 1, 1)
