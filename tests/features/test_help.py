"""What fits nowhere else: help, unknown commands, small talk, groups, and who blocks the bot."""

from __future__ import annotations

import pytest

from bot.turns.buttons import Read, Still
from tests.support.desk import ADA, ROUTES, Desk


async def test_help_names_every_command(desk: Desk) -> None:
    text = (await desk.says("/help")).text
    assert all(f"/{command.name}" in text for command in ROUTES.commands)


async def test_unknown_commands_and_small_talk_get_a_kind_answer(desk: Desk) -> None:
    assert "I do not know /dance" in (await desk.says("/dance with me")).text
    for words in ("hello", "<b>hi</b>", "😀", ""):
        assert "/help" in (await desk.says(words)).text


async def test_a_button_that_only_shows_does_nothing(desk: Desk) -> None:
    shown = await desk.presses(Still())
    assert (shown.messages, shown.toast) == ((), "")


async def test_who_blocks_the_bot_is_unreachable_and_comes_back_by_writing(desk: Desk) -> None:
    await desk.says("/start")
    await desk.comes(blocked=True)
    learner = await desk.store.read(lambda t: t.learners.get(ADA))
    assert learner
    assert not learner.reachable
    await desk.says("/start")
    learner = await desk.store.read(lambda t: t.learners.get(ADA))
    assert learner
    assert learner.reachable


async def test_who_removes_the_bot_from_a_group_stays_reachable(desk: Desk) -> None:
    await desk.says("/start")
    await desk.comes(chat=-5, private=False, blocked=True)
    learner = await desk.store.read(lambda t: t.learners.get(ADA))
    assert learner
    assert learner.reachable


async def test_in_a_forum_the_answer_stands_in_the_topic_of_the_question(desk: Desk) -> None:
    shown = await desk.comes(chat=-5, private=False, text="/help", message=3, topic=40)
    assert shown.only.topic == 40


async def test_in_a_group_grades_stay_private(desk: Desk) -> None:
    shown = await desk.comes(chat=-5, private=False, text="/progress", message=3)
    assert "private" in shown.text
    assert shown.only.chat == -5


@pytest.mark.parametrize("command", ["/quiz", "/train", "/train digits", "/evaluate", "/runs", "/progress", "/stop"])
async def test_every_command_has_an_answer_in_a_lesson_without_examples(small_desk: Desk, command: str) -> None:
    await small_desk.presses(Read("second"))
    assert (await small_desk.says(command)).text
