"""Classes for learners: links, joining, what is due, leaving; and the time zone. Prompts, too."""

from __future__ import annotations

import pytest

from bot.domain import tokens
from bot.domain.rounds import RoundKind
from bot.features.assignments.buttons import AssignNow
from bot.features.classes.buttons import EndNow, SetOpen
from bot.features.instructors.buttons import DismissNow
from bot.features.membership import screens
from bot.features.membership.buttons import Join, Leave, LeaveNow
from bot.features.progress.buttons import Progress
from bot.store import Tables
from tests.support.desk import ADA, GRACE, IRIS, JUNO, Desk, Shown
from tests.support.school import LESSON, join, make, members

# Joining


async def test_a_link_shows_what_joining_means_and_only_a_press_joins(desk: Desk) -> None:
    cohort = await make(desk)
    offered = await desk.says(f"/start j{cohort.code}")
    for part in ("Autumn", f"Learner {IRIS}", *screens.SEEN, "before you joined", "code of your own"):
        assert part in offered.text
    assert offered.labels == ["Join", "Not now"]
    assert await members(desk, cohort) == []
    joined = await desk.presses(offered.key("Join"))
    assert "You are in Autumn" in joined.text
    assert "Nothing is due" in joined.text
    assert joined.only.key == offered.only.key
    assert await members(desk, cohort) == [ADA]
    again = await desk.presses(offered.key("Join"))
    assert "already" in again.text
    assert await members(desk, cohort) == [ADA]


async def test_not_now_leaves_everything_as_it_is(desk: Desk) -> None:
    cohort = await make(desk)
    offered = await desk.says(f"/join {cohort.code}")
    said = await desk.presses(offered.key("Not now"))
    assert tokens.shown_code(cohort.code) in said.text
    assert await members(desk, cohort) == []


@pytest.mark.parametrize("typed", ["{code}", "{lower}", "{hyphen}", "{spaced}"])
async def test_codes_are_read_as_people_type_them(desk: Desk, typed: str) -> None:
    code = (await make(desk)).code
    forms = {"code": code, "lower": code.lower(), "hyphen": tokens.shown_code(code), "spaced": f"{code[:4]} {code[4:]}"}
    assert "Autumn" in (await desk.says("/join " + typed.format(**forms))).text


async def test_the_code_is_asked_for_and_may_be_mistyped(desk: Desk) -> None:
    cohort = await make(desk)
    assert "code" in (await desk.says("/join")).text
    assert "No class has the code" in (await desk.says("ABCD-EFGH")).text
    assert "Autumn" in (await desk.says(tokens.shown_code(cohort.code).lower())).text
    assert "small talk" in (await desk.says("ABCD-EFGH")).text, "asked once, answered once"


@pytest.mark.parametrize("what", ["ten minutes", "a command", "a press", "a command nobody knows"])
async def test_what_was_asked_is_forgotten(desk: Desk, what: str) -> None:
    await desk.says("/join")
    if what == "ten minutes":
        desk.now += 600
    elif what == "a press":
        await desk.presses(Progress())
    else:
        await desk.says("/progress" if what == "a command" else "/nope")
    assert "small talk" in (await desk.says("ABCD-EFGH")).text


async def test_bad_closed_and_ended_codes_say_so(desk: Desk) -> None:
    cohort = await make(desk)
    offered = await desk.says(f"/join {cohort.code}")
    for bad in ("WRONGONE", "x" * 300, "🤖", "<b>"):
        assert "No class has the code" in (await desk.says(f"/join {bad}")).text
    await desk.presses(SetOpen(cohort.id, 0), learner=IRIS)
    assert "takes nobody in" in (await desk.says(f"/join {cohort.code}")).text
    assert "takes nobody in" in (await desk.presses(offered.key("Join"))).text
    await desk.presses(EndNow(cohort.id), learner=IRIS)
    assert "No class has the code" in (await desk.says(f"/start j{cohort.code}")).text
    assert "No class has the code" in (await desk.presses(offered.key("Join"))).text
    assert await members(desk, cohort) == []


async def test_an_instructor_of_the_class_is_not_enrolled_in_it(desk: Desk) -> None:
    cohort = await make(desk)
    assert "You teach Autumn" in (await desk.says(f"/start j{cohort.code}", learner=IRIS)).text
    await desk.presses(Join(cohort.code), learner=IRIS)
    assert await members(desk, cohort) == []


# Links


async def test_a_link_opens_a_lesson(desk: Desk) -> None:
    shown = await desk.says(f"/start l-{LESSON}")
    assert desk.course.lessons[0].sections[0].title in shown.text
    assert "not in the course" in (await desk.says("/start l-gone")).text


@pytest.mark.parametrize("payload", ["x", "-", "l", "zzz", "i" + "A" * 43, "0"])
async def test_a_link_that_leads_nowhere_says_so(desk: Desk, payload: str) -> None:
    assert "does not work" in (await desk.says(f"/start {payload}")).text


async def test_a_co_instructor_s_link_tells_learners_that_it_is_not_for_them(desk: Desk) -> None:
    assert "for instructors" in (await desk.says("/start c" + "A" * 43)).text
    assert "does not work" in (await desk.says("/start c" + "A" * 43, learner=IRIS)).text


# The learner's classes


async def test_the_list_says_what_is_due_and_leaving_is_asked_for_once_more(desk: Desk) -> None:
    cohort = await make(desk)
    await join(desk, cohort, ADA, GRACE)
    await desk.presses(AssignNow(cohort.id, LESSON, int(desk.now // 60) + 3000), learner=IRIS)
    await desk.waiting()
    shown = await desk.says("/class")
    for part in ("Autumn", f"Learner {IRIS}", desk.course.lessons[0].title, "UTC", "/zone", *screens.SEEN):
        assert part in shown.text
    asked = await desk.presses(shown.key("Leave Autumn"))
    assert asked.labels == ["Leave", "Stay"]
    assert await members(desk, cohort) == [ADA, GRACE]
    left = await desk.presses(asked.key("Leave"))
    assert "no longer see what you do" in left.text
    assert await members(desk, cohort) == [GRACE]
    again = await desk.presses(asked.key("Leave"))
    assert again.toast == "You are not in this class."
    assert "in no class" in again.text


async def test_every_class_can_be_left(desk: Desk) -> None:
    made = [await make(desk, f"Class {n}") for n in range(8)]
    for cohort in made:
        await join(desk, cohort, ADA)
    shown = await desk.says("/class")
    assert shown.labels == [f"Leave Class {n}" for n in reversed(range(8))]
    assert "And 2 more" in shown.text


async def test_a_class_one_is_not_in_is_not_shown(desk: Desk) -> None:
    cohort = await make(desk, "Secret")
    for action in (Leave(cohort.id), LeaveNow(cohort.id), Leave(999)):
        shown = await desk.presses(action)
        assert "Secret" not in shown.text + shown.toast


async def test_a_passed_quiz_is_ticked_off(desk: Desk) -> None:
    cohort = await make(desk)
    await join(desk, cohort, ADA)
    await desk.presses(AssignNow(cohort.id, LESSON, int(desk.now // 60) + 3000), learner=IRIS)
    await desk.waiting()
    assert f"• {desk.course.lessons[0].title}" in (await desk.says("/class")).text

    def passes(tables: Tables) -> None:
        tables.rounds.finish(tables.rounds.start(ADA, RoundKind.QUIZ, LESSON, desk.now).id, 5, 6, desk.now)

    await desk.store.transact(passes)
    assert f"✓ {desk.course.lessons[0].title}" in (await desk.says("/class")).text


async def test_a_dismissed_instructor_is_not_named(desk: Desk) -> None:
    """Instructors who cannot see them any more are not named."""
    await desk.says("/start", learner=JUNO, name="Juno", username="juno")
    await desk.says("/appoint @Juno", learner=IRIS)
    await desk.waiting()
    await desk.says("/newclass Winter", learner=JUNO, name="Juno")
    (cohort,) = await desk.store.read(lambda t: t.cohorts.taught_by(JUNO))
    await join(desk, cohort, ADA)
    assert "Juno" in (await desk.says("/class")).text
    await desk.presses(DismissNow(JUNO), learner=IRIS)
    assert "Juno" not in (await desk.says("/class")).text


# Time zone


async def zone_of(desk: Desk, learner: int = ADA) -> str | None:
    known = await desk.store.read(lambda t: t.learners.get(learner))
    assert known
    return known.zone


async def test_a_zone_is_set_by_its_name_or_its_city(desk: Desk) -> None:
    assert "no time zone" in (await desk.says("/zone")).text
    assert "Europe/Berlin" in (await desk.says("berlin")).text
    assert await zone_of(desk) == "Europe/Berlin"
    assert "Your time zone is Europe/Berlin" in (await desk.says("/zone")).text
    await desk.says("/zone america/new_york")
    assert await zone_of(desk) == "America/New_York"
    await desk.says("/zone New York")
    assert await zone_of(desk) == "America/New_York"


async def test_a_zone_nobody_knows_is_refused_with_those_like_it(desk: Desk) -> None:
    shown: Shown = await desk.says("/zone Europe/Berln")
    assert "/zone Europe/Berlin" in shown.text
    for odd in ("../../etc/passwd", "🤖", "x" * 4000, "Europe", "\u202e"):
        assert "I know no time zone" in (await desk.says(f"/zone {odd}")).text
    await desk.says("/zone")
    assert "Europe/Berlin" in (await desk.says("Brlin")).text
    assert "Europe/Berlin" in (await desk.says("Berlin")).text, "a slip may be put right"
    assert await zone_of(desk) == "Europe/Berlin"
