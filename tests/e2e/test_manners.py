"""Every press is answered, nobody is left without a word, and groups are left in peace."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .people import Learner, Tutor


def test_any_command_and_any_talk_is_answered(learner: Learner) -> None:
    learner.says("hello")
    learner.sees("small talk", where=lambda m: "☰ Lessons" in m.labels)
    learner.says("/nope <b>&amp;")
    learner.sees("I do not know /nope", "/help")
    learner.says("/help")
    shown = learner.sees("What I can do").text
    for command in ("/start", "/lessons", "/quiz", "/train", "/evaluate", "/stop", "/runs", "/progress"):
        assert command in shown


@pytest.mark.parametrize("name", ["<b>Zoë</b> & _Co_", "😀" * 30, "`code`", "*"])
def test_a_name_stays_as_it_is_written(learner: Learner, name: str) -> None:
    learner.name = name
    learner.says("/start")
    assert learner.sees("Hello").bold()[0] == name
    learner.says("/progress")
    learner.sees(f"Where you stand, {name}")


@pytest.mark.parametrize(
    "text", ["/train " + "a" * 4000, "/train =", "/train epochs", "/train 🤖=1", "/quiz now", "x" * 4096]
)
def test_odd_texts_get_a_kind_answer(learner: Learner, text: str) -> None:
    learner.says(text)
    assert "went wrong" not in learner.sees().text


def test_files_and_edits_are_no_trouble(learner: Learner) -> None:
    sent = learner.says("hello")
    learner.sees("small talk")
    learner.tutor.act("edit", user=learner.id, message_id=sent.id, text="/start")
    learner.says("/help")
    learner.sees("What I can do")
    assert not any("Hello" in m.text for m in learner.messages()), "an edit is no new message"


def test_old_buttons_are_answered(learner: Learner) -> None:
    """Those of a question that is answered, and of one that the next has followed."""
    learner.says("/quiz")
    question = learner.sees("Question 1 of 6")
    first = question.data("A")
    learner.presses("B")
    right = learner.sees("✅ Right!")
    learner.presses("Next question")
    learner.sees("Question 2 of 6")
    assert "Next question ›" not in learner.again(right).labels
    assert "not under this message" in learner.tutor.refusal(
        "press", user=learner.id, message_id=question.id, button=first
    )
    assert learner.presses("B ✅", on=right) == ""


def test_buttons_of_a_run_that_is_over_are_answered(learner: Learner) -> None:
    learner.says("/train digits epochs=50")
    run = learner.sees("epoch 1 of 50")
    learner.tutor.act("fault", kind="delay", method="editMessageText", chat=learner.id, seconds=0.5)
    assert learner.presses("Stop", on=run) == "Stopped."
    assert learner.presses("Stop", on=run) == "It is over already."
    learner.sees("Stopped", where=lambda m: m.id == run.id)


def test_a_deleted_panel_comes_back(learner: Learner) -> None:
    learner.says("/start")
    learner.presses("Begin the lesson")
    page = learner.sees("1 of 8")
    learner.tutor.act("delete", user=learner.id, message_id=page.id)
    learner.says("/lessons")
    shown = learner.sees("Lessons")
    assert shown.id > page.id
    learner.presses("Model Training and Evaluation")
    assert learner.sees("1 of 8").id == shown.id


def test_a_deleted_run_message_is_replaced_by_its_result(learner: Learner) -> None:
    learner.says("/train epochs=50")
    run = learner.sees("epoch")
    learner.tutor.act("delete", user=learner.id, message_id=run.id)
    result = learner.sees("50 epochs in", where=lambda m: m.has_picture)
    assert result.id != run.id


def test_who_blocks_the_bot_and_returns_finds_everything(learner: Learner) -> None:
    learner.says("/start")
    learner.presses("Begin the lesson")
    learner.presses("Next ›")
    learner.sees("2 of 8")
    learner.tutor.act("block", user=learner.id, blocked=True)
    learner.tutor.act("block", user=learner.id, blocked=False)
    learner.says("/start")
    learner.sees("Welcome back")
    learner.presses("Go on where I left off")
    learner.sees("2 of 8")


def test_a_flood_wait_loses_nothing(learner: Learner) -> None:
    learner.says("/start")
    learner.sees("Hello")
    learner.tutor.act("fault", kind="flood", chat=learner.id, retry_after=1, count=1)
    learner.says("hello")
    learner.says("/lessons")
    learner.sees("Lessons")
    assert ["small talk" in m.text for m in learner.messages() if m.from_bot] == [False, True, False], "in order"


def test_in_a_group_a_command_gets_one_line_and_talk_none(tutor: Tutor) -> None:
    member = Learner(tutor, chat=-4242)
    member.says("good morning everybody")
    member.says("/train")
    answer = member.sees("private", "alone")
    assert answer.labels == []
    assert len(answer.text.splitlines()) == 1
    member.says("4")
    member.says("/help@keras_tutor_bot")
    member.sees("private")
    assert [m.from_bot for m in member.messages()] == [False, False, True, False, False, True]
    assert tutor.chat(member.id) == [], "nothing comes in private either"


def test_what_one_learner_does_is_not_anothers(learner: Learner, meet: Callable[[], Learner]) -> None:
    learner.says("/start")
    learner.presses("Begin the lesson")
    learner.sees("1 of 8")
    other = meet()
    other.says("/progress")
    other.sees("0 of 8 sections read")
    other.says("/start")
    other.sees("Hello")


def test_an_album_of_voice_messages_gets_one_kind_word(learner: Learner) -> None:
    learner.says("/start")
    learner.sees("Hello")
    who = {"id": learner.id, "is_bot": False, "first_name": "Emmy"}
    chat = {"id": learner.id, "type": "private", "first_name": "Emmy"}
    voice = {"file_id": "v", "file_unique_id": "u", "duration": 3}
    newest = learner.newest().id
    for number in range(1, 5):
        body = {"message_id": newest + number, "from": who, "chat": chat, "date": 1_800_000_000, "voice": voice}
        learner.tutor.act("update", update={"message": {**body, "media_group_id": "13"}})
    learner.sees("Thank you!")
    learner.says("/help")
    learner.sees("What I can do")
    assert sum("Thank you!" in message.text for message in learner.messages()) == 1


def test_in_a_group_a_command_that_only_other_bots_have_gets_silence(tutor: Tutor) -> None:
    member = Learner(tutor, chat=-4343)
    for text in ("/ban", "/ban@some_other_bot", "/help"):
        member.says(text)
    member.sees("private")
    assert [m.from_bot for m in member.messages()] == [False, False, False, True]
