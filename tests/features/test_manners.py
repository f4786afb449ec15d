"""What people send without being asked, and what they send when something else was asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.classes import Cohort
from bot.domain.messages import Post
from bot.features.classes.buttons import Rename
from bot.features.quiz.buttons import Answer, NextQuestion, Submit, Tick
from bot.store import Tables
from bot.telegram.incoming import Content, Incoming, SentFile
from bot.turns.turn import Turn
from tests.support.desk import ADA, IDENTITY, IRIS, ROUTES, Desk

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
            await desk.presses(Tick(delivery, choice, 1))
            await desk.presses(Submit(delivery))
            await desk.presses(Answer(delivery, choice))
        if not choices:
            await desk.says("4")
        await desk.presses(NextQuestion(delivery))


async def answers(desk: Desk) -> int:
    answered = await desk.store.read(lambda t: t.rounds.first_answers(1))
    return len(answered)


@pytest.mark.parametrize("place", [2, 3])
async def test_a_sticker_answers_no_question(small_desk: Desk, place: int) -> None:
    await to_question(small_desk, place)
    before = await answers(small_desk)
    shown = await small_desk.comes(message=99, content=Content.OTHER)
    assert "Thank you" in shown.text
    assert await answers(small_desk) == before
    assert (await small_desk.comes(message=100, content=Content.SERVICE)).messages == ()
    assert await answers(small_desk) == before


@pytest.mark.parametrize("command", ["/join", "/zone"])
async def test_a_sticker_leaves_asked_what_was_asked(desk: Desk, command: str) -> None:
    await desk.says(command)
    await desk.comes(message=99, content=Content.OTHER)
    await desk.comes(message=100, content=Content.SERVICE)
    assert "cancel" in (await desk.says("Nowhere")).text


async def sends_album(desk: Desk, content: Content, album: str | None = "7", **more: Any) -> int:
    """Ada sends three things at once; how many messages answer them."""
    count = 0
    for number in range(3):
        shown = await desk.comes(message=100 + number, content=content, album=album, **more)
        for message in shown.messages:
            if message.key:  # as the outbox does when Telegram has it
                await desk.store.transact(lambda t, key=message.key: t.posts.put(Post(ADA, key, 1, False, False)))
        count += len(shown.messages)
    return count


async def test_an_album_of_voice_messages_gets_one_kind_word(desk: Desk) -> None:
    assert await sends_album(desk, Content.OTHER) == 1
    assert await sends_album(desk, Content.OTHER) == 0, "also the rest that comes late"
    assert await sends_album(desk, Content.OTHER, album="8") == 1
    assert await sends_album(desk, Content.OTHER, album=None) == 3


async def test_an_album_of_voice_messages_gets_one_kind_word_also_before_it_is_delivered(desk: Desk) -> None:
    def takes(tables: Tables, update: int) -> None:
        came = Incoming(update, ADA, True, ADA, "Ada", message=update, content=Content.OTHER, album="7")
        handler = ROUTES.handler_of(came)
        assert handler
        handler(Turn(tables, came, desk.now, desk.course, desk.runs, ROUTES, IDENTITY))

    for update in range(3):
        await desk.store.transact(lambda t, update=update: takes(t, update))
    assert len((await desk.waiting())[ADA]) == 1


async def test_an_album_of_files_that_are_not_taken_is_told_so_once(desk: Desk) -> None:
    film = SentFile("f", "film.mkv", 10)
    assert await sends_album(desk, Content.FILE, file=film) == 1
    data = SentFile("f", "data.csv", 3, b"a,b")
    assert await sends_album(desk, Content.FILE, file=data) == 3, "each that is kept is named"


async def test_a_notice_of_telegram_makes_nobody_a_learner(desk: Desk) -> None:
    assert (await desk.comes(message=1, content=Content.SERVICE)).messages == ()
    await desk.comes(blocked=True)
    await desk.comes(blocked=False)
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


@pytest.mark.parametrize(
    "said", ["How do I delete a class?", "x = 3", "model.fit(x, y)", "print('Autumn')", CODE, "什么？"]
)
@pytest.mark.parametrize("command", ["/newclass", "rename"])
async def test_a_question_or_python_is_no_class_name(desk: Desk, command: str, said: str) -> None:
    cohort = await make(desk)
    await (desk.says(command, learner=IRIS) if command[0] == "/" else desk.presses(Rename(cohort.id), IRIS))
    shown = await desk.says(said, learner=IRIS)
    assert not any("Code" in message.text for message in shown.messages), "no class' card"
    assert [one.name for one in await desk.store.read(lambda t: t.cohorts.taught_by(IRIS))] == ["Autumn"]
    assert not await desk.store.read(lambda t: t.prompts.kind(IRIS, 0.0))


@pytest.mark.parametrize(
    "said",
    [
        "Please show me the report of my class.",
        "I do not know yet!",
        "I want to know how my class is doing these days",
        "Let me think about this one…",
    ],
)
@pytest.mark.parametrize("command", ["/newclass", "rename"])
async def test_a_sentence_is_no_class_name_until_that_is_said(desk: Desk, command: str, said: str) -> None:
    cohort = await make(desk)
    await (desk.says(command, learner=IRIS) if command[0] == "/" else desk.presses(Rename(cohort.id), IRIS))
    shown = (await desk.says(said, learner=IRIS)).text
    assert "reads like a sentence" in shown
    assert "send cancel" in shown
    assert [one.name for one in await desk.store.read(lambda t: t.cohorts.taught_by(IRIS))] == ["Autumn"]
    assert "Winter" in (await desk.says("Winter", learner=IRIS)).text
    await desk.says(f"/newclass {said}", learner=IRIS)
    assert said in [one.name for one in await desk.store.read(lambda t: t.cohorts.taught_by(IRIS))]


@pytest.mark.parametrize(
    "name",
    ["CS-101", "Deep Learning", "Introduction to Machine Learning with Keras, Autumn", "2026/27", "Welcome!", "3 B"],
)
async def test_names_of_classes_are_taken(desk: Desk, name: str) -> None:
    await desk.says("/newclass", learner=IRIS)
    assert name in (await desk.says(name, learner=IRIS)).text


@pytest.mark.parametrize("length", [61, 4000])
async def test_a_name_that_is_too_long_is_told_so(desk: Desk, length: int) -> None:
    await desk.says("/newclass", learner=IRIS)
    shown = (await desk.says(("word " * 1000)[: length - 1] + "x", learner=IRIS)).text
    assert f"That name has {length} characters; 60 is the most" in shown
    assert await desk.store.read(lambda t: t.cohorts.taught_by(IRIS)) == []


@pytest.mark.parametrize("said", ["x = 3", "model.fit(x, y)", "import numpy as np"])
@pytest.mark.parametrize("command", ["/join", "/zone"])
async def test_a_short_statement_is_never_eaten_by_a_prompt(desk: Desk, command: str, said: str) -> None:
    desk.runner.safety = replace(desk.runner.safety, untrusted=True)
    await desk.says(command)
    assert "looks like Python" in (await desk.says(said)).text
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
    shown = await desk.comes(ANONYMOUS_ADMIN, chat=-5, private=False, text=text, message=3)
    assert len(shown.messages) == answered
    assert await desk.store.read(lambda t: t.learners.all()) == []


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("/ban", False), ("/ban@some_other_bot", False), ("/cancel", False), ("good morning", False), ("/", False),
        ("/help", True), ("/TRAIN digits", True), ("/ban@tutor_bot", True), ("/help@tutor_bot", True),
    ],
)  # fmt: skip
async def test_b7_in_a_group_commands_of_other_bots_get_silence(desk: Desk, text: str, taken: bool) -> None:
    """A bare command is for every bot there: the bot answers those it has."""
    came = Incoming(1, -5, private=False, learner=ADA, name="Ada", text=text, message=3)
    shown = await desk.comes(chat=-5, private=False, text=text, message=3)
    assert bool(shown.messages) is taken
    assert not ROUTES.handler_of(replace(came, edited=True))


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
