"""What people send without being asked, and what they send when something else was asked."""

from __future__ import annotations

import pytest

from bot import buttons
from bot.handlers import general
from bot.incoming import Content
from bot.records import Cohort

from .conftest import ADA, IRIS, Desk

CODE = "import numpy as np\n\ndef f(n):\n    return n + 1\n\nprint(f(2))"
ANONYMOUS_ADMIN = 1087968824


async def make(desk: Desk) -> Cohort:
    await desk.says("/newclass Autumn", learner=IRIS)
    return (await desk.store.read(lambda t: t.cohorts.taught_by(IRIS)))[0]


async def to_question(desk: Desk, place: int) -> None:
    """Ada is asked the question at this place of the small course's first lesson."""
    await desk.says("/quiz")
    for delivery, choices in ((1, [0]), (2, [0]), (3, []))[:place]:
        for choice in choices:
            await desk.presses(buttons.Tick(delivery, choice, 1))
            await desk.presses(buttons.Submit(delivery))
            await desk.presses(buttons.Answer(delivery, choice))
        if not choices:
            await desk.says("4")
        await desk.presses(buttons.NextQuestion(delivery))


async def answers(desk: Desk) -> int:
    answered = await desk.store.read(lambda t: t.quizzes.first_answers(1))
    return len(answered)


@pytest.mark.parametrize("place", [2, 3])
async def test_a_sticker_answers_no_question(small_desk: Desk, place: int) -> None:
    await to_question(small_desk, place)
    before = await answers(small_desk)
    shown = await small_desk.takes(general.written, message=99, content=Content.OTHER)
    assert "Thank you" in shown.text
    assert await answers(small_desk) == before
    assert (await small_desk.takes(general.written, message=100, content=Content.SERVICE)).messages == ()
    assert await answers(small_desk) == before


@pytest.mark.parametrize("command", ["/join", "/zone"])
async def test_a_sticker_leaves_asked_what_was_asked(desk: Desk, command: str) -> None:
    await desk.says(command)
    await desk.takes(general.written, message=99, content=Content.OTHER)
    await desk.takes(general.written, message=100, content=Content.SERVICE)
    assert "cancel" in (await desk.says("Nowhere")).text


async def test_a_notice_of_telegram_makes_nobody_a_learner(desk: Desk) -> None:
    assert (await desk.takes(general.written, message=1, content=Content.SERVICE)).messages == ()
    await desk.takes(general.membership, blocked=True)
    await desk.takes(general.membership, blocked=False)
    assert await desk.store.read(lambda t: t.learners.get(ADA)) is None


async def test_an_answer_to_the_open_question_ends_the_prompt(small_desk: Desk) -> None:
    await to_question(small_desk, 2)
    await small_desk.says("/join")
    assert "Right" in (await small_desk.says("4")).text
    assert "No class" not in (await small_desk.says("ABCD-EFGH")).text


@pytest.mark.parametrize("said", ["How do I get the code of my class", "who knows?", "/ hello", CODE])
@pytest.mark.parametrize("command", ["/join", "/zone"])
async def test_a_prompt_lets_go_of_what_is_clearly_something_else(desk: Desk, command: str, said: str) -> None:
    await desk.says(command)
    shown = await desk.says(said)
    assert not any(word in shown.messages[0].text for word in ("No class has", "no time zone"))
    assert not await desk.store.read(lambda t: t.prompts.kind(ADA, 0.0))


@pytest.mark.parametrize("word", ["cancel", "Cancel.", "CANCEL", "stop", "/cancel"])
@pytest.mark.parametrize(("command", "learner"), [("/join", ADA), ("/zone", ADA), ("/newclass", IRIS)])
async def test_cancel_leaves_every_prompt(desk: Desk, command: str, learner: int, word: str) -> None:
    await desk.says(command, learner=learner)
    assert "Cancelled" in (await desk.says(word, learner=learner)).text
    assert not await desk.store.read(lambda t: t.prompts.kind(learner, 0.0))


@pytest.mark.parametrize(
    ("command", "learner", "wrong"),
    [("/join", ADA, "ABCD-EFGH"), ("/zone", ADA, "Mars"), ("/newclass", IRIS, "x" * 61)],
)
async def test_a_failed_answer_says_how_to_leave(desk: Desk, command: str, learner: int, wrong: str) -> None:
    await desk.says(command, learner=learner)
    assert "send cancel" in (await desk.says(wrong, learner=learner)).text


@pytest.mark.parametrize(
    "form",
    ["{}", "https://t.me/tutor_bot?start=j{}", "t.me/Tutor_Bot?start=j{}", "tg://resolve?domain=tutor_bot&start=j{}"],
)
async def test_a_code_or_link_as_text_offers_the_class(desk: Desk, form: str) -> None:
    cohort = await make(desk)
    assert "You are invited to the class Autumn" in (await desk.says(form.format(cohort.code))).text
    await desk.says("/zone")
    assert "You are invited to the class Autumn" in (await desk.says(form.format(cohort.code))).text


async def test_another_bots_link_is_no_link_of_ours(desk: Desk) -> None:
    cohort = await make(desk)
    assert "invited" not in (await desk.says(f"https://t.me/other_bot?start=j{cohort.code}")).text


@pytest.mark.parametrize(("text", "answered"), [("/ban@some_other_bot", 0), ("/help@TUTOR_bot", 1), ("/help", 1)])
async def test_in_a_group_only_our_own_commands_are_answered(desk: Desk, text: str, answered: int) -> None:
    shown = await desk.takes(general.in_group, ANONYMOUS_ADMIN, chat=-5, private=False, text=text, message=3)
    assert len(shown.messages) == answered
    assert await desk.store.read(lambda t: t.learners.all()) == []


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("/train Digits epochs=5", {"epochs": 5}),
        ("/train digits learning_rate=0,01", {"learning_rate": 0.01}),
        ("/train digits —epochs=5", {"epochs": 5}),
        ("/train digits --epochs 5", {"epochs": 5}),
        ("/train digits epochs = 5", {"epochs": 5}),
        ("/train digits epochs:5", {"epochs": 5}),
        ("/train digits Epochs=5", {"epochs": 5}),
        ("/train digits --learning-rate 0,01 --epochs 5", {"learning_rate": 0.01, "epochs": 5}),
    ],
)
async def test_values_are_understood_as_people_type_them(desk: Desk, typed: str, values: dict[str, float]) -> None:
    await desk.says(typed)
    run = await desk.store.read(lambda t: t.runs.open_of(ADA))
    assert run
    assert run.example == "digits"
    assert {name: run.values.get(name) for name in values} == values


async def test_a_value_that_may_mean_two_numbers_is_asked_back(desk: Desk) -> None:
    shown = await desk.says("/train digits epochs=1,000")
    assert "1 or 1000, written so that only one is meant, not 1,000" in shown.text
    assert await desk.store.read(lambda t: t.runs.open_of(ADA)) is None
