"""What a class has to do by when: read, shown, told, and reminded of once."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.classes import Assignment, Cohort
from bot.features.assignments import jobs as assigning
from bot.features.assignments.buttons import Assign, AssignNow
from bot.features.classes.buttons import Card, EndNow
from bot.features.membership.buttons import LeaveNow
from tests.support.desk import ADA, GRACE, IRIS, NOW, Desk
from tests.support.school import LESSON, join, make, pass_quiz

DAY = 86400.0
TITLE = "Model Training and Evaluation"


def local(at: float, zone: str = "UTC") -> str:
    return f"{datetime.fromtimestamp(at, ZoneInfo(zone)):%Y-%m-%d %H:%M}"


async def a_class(desk: Desk, *learners: int) -> Cohort:
    cohort = await make(desk)
    await join(desk, cohort, *(learners or (ADA, GRACE)))
    return cohort


async def due(desk: Desk, cohort: Cohort, lesson: str = LESSON) -> Assignment | None:
    return await desk.store.read(lambda t: t.cohorts.assignment(cohort.id, lesson))


async def assign(desk: Desk, cohort: Cohort, seconds: float, lesson: str = LESSON) -> float:
    """Have it due in about so many seconds; the exact time. What learners are told is taken out."""
    minute = int((desk.now + seconds) // 60)
    await desk.presses(AssignNow(cohort.id, lesson, minute), learner=IRIS)
    await desk.ticks()
    return 60.0 * minute


# Saying it

assert local(NOW) == "2027-01-15 08:00", "a Friday"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (f"{LESSON} by 2027-02-01", "2027-02-01 23:59"),
        ("model training by 1 Feb 18:00", "2027-02-01 18:00"),
        ("MODEL TRAINING AND EVALUATION by tomorrow", "2027-01-16 23:59"),
        ("by friday 17:00", "2027-01-15 17:00"),
        ("BY in 3 days", "2027-01-18 23:59"),
        ("1.2. 18:00", "2027-02-01 18:00"),
        ("in 3 days", "2027-01-18 23:59"),
    ],
)
async def test_a_lesson_and_a_date_are_read(desk: Desk, typed: str, meant: str) -> None:
    cohort = await a_class(desk)
    preview = await desk.says(f"/assign {typed}", learner=IRIS)
    assert TITLE in preview.text
    assert "UTC; /zone sets yours" in preview.text
    assert preview.labels == ["Assign", "Cancel"]
    assert await due(desk, cohort) is None
    await desk.presses(preview.key("Assign"), learner=IRIS)
    found = await due(desk, cohort)
    assert found
    assert local(found.due_at) == meant


async def test_dates_are_those_of_the_instructor_s_zone(desk: Desk) -> None:
    cohort = await a_class(desk)
    await desk.says("/zone Europe/Berlin", learner=IRIS)
    preview = await desk.says("/assign 2027-07-01 18:00", learner=IRIS)
    assert "Thursday, 1 July 2027, 18:00 (CEST)" in preview.text
    assert "/zone" not in preview.text
    await desk.presses(preview.key("Assign"), learner=IRIS)
    found = await due(desk, cohort)
    assert found
    assert local(found.due_at) == "2027-07-01 16:00"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("by soon", "I cannot read “soon” as a date"),
        ("rubbish", "I cannot read “rubbish” as a date"),
        ("by 2020-01-01", "Wednesday, 1 January 2020, 23:59 (UTC)"),
        ("by 1.1.2030", "more than a year ahead"),
        ("poetry by friday", "No lesson with a quiz is called “poetry”"),
        (TITLE, "By when?"),
        (f"{TITLE} by", "By when?"),
    ],
)
async def test_what_cannot_be_read_is_refused_and_may_be_put_right(desk: Desk, typed: str, said: str) -> None:
    await a_class(desk)
    assert said in (await desk.says(f"/assign {typed}", learner=IRIS)).text
    preview = await desk.says("friday 17:00", learner=IRIS)
    assert "Friday, 15 January 2027, 17:00" in preview.text


async def test_who_has_passed_is_not_asked_to(desk: Desk) -> None:
    cohort = await a_class(desk, ADA, GRACE)
    await pass_quiz(desk, GRACE)
    await desk.presses(AssignNow(cohort.id, LESSON, int(desk.now // 60) + 9000), learner=IRIS)
    assert set(await desk.ticks()) == {ADA}


async def test_several_lessons_have_to_be_named(small_desk: Desk) -> None:
    desk = small_desk
    first, second = desk.course.lessons
    cohort = await a_class(desk)
    asked = await desk.presses(Assign(cohort.id), learner=IRIS)
    assert first.title in asked.text
    assert "Which lesson" in (await desk.says("by friday", learner=IRIS)).text
    assert "Several lessons begin with" in (await desk.says("the", learner=IRIS)).text
    assert "By when?" in (await desk.says(first.title[:8].upper(), learner=IRIS)).text
    assert first.title in (await desk.says("in 3 days", learner=IRIS)).text
    if second.questions:
        shown = await desk.says(f"/assign {second.id} by friday", learner=IRIS)
        assert second.title in shown.text


# Telling it


async def test_everybody_is_told_in_their_own_zone_once(desk: Desk) -> None:
    cohort = await a_class(desk)
    await desk.says("/zone Asia/Kolkata", learner=ADA)
    preview = await desk.says("/assign 2027-02-01 18:00", learner=IRIS)
    card = await desk.presses(preview.key("Assign"), learner=IRIS)
    assert f"• {TITLE}" in card.text
    told = await desk.ticks()
    assert "Monday, 1 February 2027, 23:30 (IST)" in told[ADA][0].text
    assert "Monday, 1 February 2027, 18:00 (UTC)" in told[GRACE][0].text
    assert {e["type"] for e in told[ADA][0].entities} == {"bold", "date_time"}
    again = await desk.presses(preview.key("Assign"), learner=IRIS)
    assert again.toast == "It is assigned already."
    assert await desk.ticks() == {}
    assert len([t for t in await desk.store.read(lambda t: t.timers.all()) if t.kind == "remind"]) == 1
    assert (await due(desk, cohort)) is not None


async def test_an_old_or_made_up_preview_assigns_nothing(desk: Desk) -> None:
    cohort = await a_class(desk)
    for minute in (0, int(desk.now // 60) - 1, int(desk.now // 60) + 370 * 1440, 10**15):
        shown = await desk.presses(AssignNow(cohort.id, LESSON, minute), learner=IRIS)
        assert "over, or too far ahead" in shown.toast
    assert "no longer" in (await desk.presses(AssignNow(cohort.id, "gone", 1), learner=IRIS)).toast
    assert await due(desk, cohort) is None


# Reminding


@pytest.mark.parametrize(("left", "after"), [(10 * DAY, 9 * DAY), (2 * DAY, DAY), (DAY, DAY / 2), (600.0, 300.0)])
def test_one_reminds_a_day_before_or_midway(left: float, after: float) -> None:
    assert assigning.reminded_at(NOW + left, NOW) == NOW + after


async def test_those_who_have_not_passed_are_reminded_once(desk: Desk) -> None:
    cohort = await a_class(desk, ADA, GRACE, 2001, 2002)
    due_at = await assign(desk, cohort, 5 * DAY)
    await pass_quiz(desk, GRACE)
    await pass_quiz(desk, 2001, right=4)
    await desk.store.transact(lambda t: t.learners.unreachable(2002))
    assert await desk.ticks(due_at - DAY - desk.now - 60) == {}
    told = await desk.ticks(120)
    assert set(told) == {ADA, 2001}
    (reminder,) = told[ADA]
    assert TITLE in reminder.text
    assert "not passed it yet" in reminder.text
    (button,) = [key for row in reminder.keyboard for key in row]
    assert desk.course.lessons[0].sections[0].title in (await desk.presses(button)).text
    assert await desk.ticks(DAY) == {}
    assert await desk.ticks(DAY) == {}


async def test_a_changed_date_moves_the_reminder(desk: Desk) -> None:
    cohort = await a_class(desk)
    await assign(desk, cohort, 5 * DAY)
    later = await assign(desk, cohort, 10 * DAY)
    assert await desk.ticks(5 * DAY) == {}
    assert set(await desk.ticks(later - DAY - desk.now)) == {ADA, GRACE}


async def test_a_preview_says_what_was_due(desk: Desk) -> None:
    cohort = await a_class(desk)
    at = await assign(desk, cohort, 5 * DAY)
    preview = await desk.says("/assign in 9 days", learner=IRIS)
    assert f"Until now it was due {datetime.fromtimestamp(at, UTC):%A}" in preview.text


@pytest.mark.parametrize("how", ["unassigned", "ended", "left", "withdrawn"])
async def test_what_is_not_due_any_more_is_not_reminded_of(desk: Desk, how: str) -> None:
    cohort = await a_class(desk, ADA)
    await assign(desk, cohort, 5 * DAY)
    if how == "unassigned":
        card = await desk.presses(Card(cohort.id), learner=IRIS)
        done = await desk.presses(card.key(f"✕ {TITLE}"), learner=IRIS)
        assert "Nothing is due" in done.text
        again = await desk.presses(card.key(f"✕ {TITLE}"), learner=IRIS)
        assert again.toast == "It was not assigned."
    elif how == "ended":
        await desk.presses(EndNow(cohort.id), learner=IRIS)
    elif how == "left":
        await desk.presses(LeaveNow(cohort.id), learner=ADA)
    else:
        await assign(desk, cohort, 5 * DAY, LESSON)
        await desk.store.transact(lambda t: t.cohorts.unassign(cohort.id, LESSON))
    assert await desk.ticks(5 * DAY) == {}


async def test_nothing_is_said_when_it_was_due_already(desk: Desk) -> None:
    """The bot was off, say."""
    cohort = await a_class(desk)
    await assign(desk, cohort, 2 * DAY)
    assert await desk.ticks(2 * DAY + 60) == {}


# In time, and the best


async def test_passed_in_time_and_better_afterwards_both_stand(desk: Desk) -> None:
    """Q9: passed before the due time, better afterwards."""
    cohort = await a_class(desk, ADA)
    await assign(desk, cohort, DAY)
    await pass_quiz(desk, ADA, right=5)
    desk.now += 2 * DAY
    await pass_quiz(desk, ADA, right=6)
    progress = (await desk.says("/progress")).text
    assert "6 of 6 right at the first try (best of 2) · passed" in progress
    assert "✓ Autumn: by " in progress
    assert "passed in time" in progress
    assert "passed in time" in (await desk.says("/class")).text
    await desk.says("/report", learner=IRIS)
    report, written, _ = (await desk.ticks())[IRIS]
    assert "1 of 1 passed in time, 1 by now" in report.text
    assert written.attachment
    row = written.attachment.content.decode("utf-8-sig").splitlines()[1].split(",")
    assert (row[5], row[8], row[11], row[12]) == ("100.0", "TRUE", "TRUE", "83.3")


async def test_passed_too_late_is_passed_all_the_same(desk: Desk) -> None:
    cohort = await a_class(desk, ADA)
    await assign(desk, cohort, DAY)
    await desk.says("/report", learner=IRIS)
    assert "0 of 1 passed so far" in (await desk.ticks())[IRIS][0].text
    desk.now += 2 * DAY
    await pass_quiz(desk, ADA)
    assert "passed after that" in (await desk.says("/progress")).text
    assert "passed after that" in (await desk.says("/class")).text
    await desk.says("/report", learner=IRIS)
    assert "0 of 1 passed in time, 1 by now" in (await desk.ticks())[IRIS][0].text


async def test_each_class_has_its_own_time(desk: Desk) -> None:
    for name, days in (("Early", 1), ("Later", 5)):
        cohort = await make(desk, name)
        await join(desk, cohort, ADA)
        await assign(desk, cohort, days * DAY)
    desk.now += 2 * DAY
    await pass_quiz(desk, ADA)
    lines = (await desk.says("/progress")).text.splitlines()
    states = {line.split(":")[0]: line.rpartition(" · ")[2] for line in lines if line.startswith("✓")}
    assert states == {"✓ Early": "passed after that", "✓ Later": "passed in time"}
