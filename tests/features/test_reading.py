"""What learners read: pages, lists, and where they left off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.messages import Mode
from bot.features.progress.buttons import ProgressPage
from bot.features.reading import screens
from bot.features.reading.buttons import LessonsPage
from bot.telegram.actions import Action
from bot.telegram.screen import Button
from bot.turns.buttons import Read
from lessons.model import Course
from tests.support.desk import ADA, GRACE, Desk
from tests.support.school import LESSON


async def test_start_welcomes_by_name_and_offers_the_first_lesson(desk: Desk) -> None:
    shown = await desk.says("/start")
    assert f"Hello, Learner {ADA}!" in shown.text
    page = await desk.presses(shown.key("Begin the lesson"))
    first = desk.course.lessons[0].sections[0]
    assert first.title in page.text
    assert (page.only.key, page.only.mode) == (shown.only.key, Mode.FOLLOW)


async def test_next_leads_through_every_section_to_the_quiz_and_back_leads_back(desk: Desk) -> None:
    lesson = desk.course.lessons[0]
    shown = await desk.presses(Read(lesson.id))
    texts = [shown.text]
    while any("Next" in label for label in shown.labels):
        shown = await desk.presses(shown.key("Next"))
        texts.append(shown.text)
    assert shown.key("Take the quiz")
    for section in lesson.sections:
        assert any(section.title in text for text in texts)
    for seen in reversed(texts[:-1]):
        shown = await desk.presses(shown.key("Back"))
        assert shown.text == seen
    standing = (await desk.store.read(lambda t: t.reading.standings(ADA)))[lesson.id]
    assert standing.sections_read == {section.id for section in lesson.sections}


async def test_a_learner_goes_on_where_they_left_off(desk: Desk) -> None:
    page = await desk.presses(Read(LESSON, "training", 0))
    shown = await desk.says("/start")
    assert "Welcome back" in shown.text
    assert (await desk.presses(shown.key("Go on"))).text == page.text
    assert "Welcome back" not in (await desk.says("/start", GRACE)).text


async def test_the_list_shows_how_far_one_is(desk: Desk) -> None:
    assert (await desk.says("/lessons")).key("Begin")
    await desk.presses(Read(LESSON, "training", 0))
    shown = await desk.says("/lessons")
    assert f"1 of {len(desk.course.lessons[0].sections)}" in shown.text
    assert shown.key("Go on")


async def test_a_lesson_a_section_or_a_page_that_is_gone_leads_somewhere(desk: Desk) -> None:
    gone = await desk.presses(Read("gone"))
    assert gone.alert
    assert gone.text.startswith("Lessons")
    first = await desk.presses(Read(LESSON))
    assert (await desk.presses(Read(LESSON, "gone", 3))).text == first.text
    whole = await desk.presses(Read(LESSON, "training", 0))
    assert (await desk.presses(Read(LESSON, "training", 99))).text == whole.text != first.text


@pytest.mark.parametrize(("first", "turned"), [("/lessons", LessonsPage), ("/progress", ProgressPage)])
async def test_a_page_that_a_list_no_longer_has_is_its_last(
    desk: Desk, first: str, turned: Callable[[int], Action]
) -> None:
    shown = await desk.says(first)
    again = await desk.presses(turned(9))
    assert (again.text, again.labels, again.only.key) == (shown.text, shown.labels, shown.only.key)


async def test_after_the_last_page_of_a_lesson_without_a_quiz_comes_the_next_lesson(small_course: Course) -> None:
    first, second = small_course.lessons
    bare = replace(first, questions=())
    last = screens.all_pages(bare)[-1]
    assert screens.page(bare, last, second).buttons[-1][-1] == Button("Next lesson ›", Read(second.id), style="primary")
    assert screens.page(bare, last).buttons[-1][-1].label == "My progress ›"
    assert small_course.after(first) == second
    assert small_course.after(second) is None
