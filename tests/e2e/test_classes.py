"""A class from its making to an announcement: an instructor and learners, through the messenger alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .people import Learner, Message, Tutor

IRIS = 77_001
Start = Callable[..., Tutor]


@pytest.fixture
def school(start: Start) -> Tutor:
    """A tutor whose settings name Iris as an instructor."""
    return start("--fresh", TUTOR_INSTRUCTORS=str(IRIS))


@pytest.fixture
def iris(school: Tutor) -> Learner:
    return Learner(school, IRIS, name="Iris")


def make(iris: Learner, name: str = "Autumn") -> Message:
    iris.says(f"/newclass {name}")
    return iris.sees(name, "enrolled")


def joins(learner: Learner, card: Message) -> None:
    """By the link that the card has to copy."""
    learner.opens(card.copies("Copy the join link"))
    learner.sees("You are invited to the class", "quiz answers")
    learner.presses("Join")
    learner.sees("You are in")


def test_a_class_from_its_making_to_an_announcement(school: Tutor, iris: Learner) -> None:
    card = make(iris)
    ada, grace, emmy, maria = (Learner(school, name=name) for name in ("Ada", "Grace", "Emmy", "Maria"))
    for learner in (ada, grace, emmy, maria):
        joins(learner, card)
    emmy.says("/class")
    emmy.sees("Autumn", "Taught by Iris")
    emmy.presses("Leave Autumn")
    emmy.presses("Leave", on=emmy.sees("Leave Autumn?"))
    emmy.sees("no longer see what you do")
    iris.says("/announce Bring your laptop on Friday.")
    preview = iris.sees("Bring your laptop on Friday.", "– Iris")
    assert "Send to 3 learners" in preview.labels
    grace.blocks()
    before = [m.id for m in grace.messages()]
    emmy_before = [m.id for m in emmy.messages()]
    iris.presses("Send to", on=preview)
    status = iris.sees("Delivered to 2 of 3", "Not reached", "Grace – blocked the bot")
    assert "waiting" not in status.text
    for learner in (ada, maria):
        got = learner.sees("Bring your laptop on Friday.")
        assert got.text == "📣 Autumn\n\nBring your laptop on Friday.\n\n– Iris"
    assert [m.id for m in grace.messages()] == before
    assert [m.id for m in emmy.messages()] == emmy_before
    assert iris.again(preview).labels == []


def test_what_is_assigned_is_told_and_reports_come(school: Tutor, iris: Learner) -> None:
    card = make(iris)
    ada = Learner(school, name="Ada")
    joins(ada, card)
    iris.says("/zone Europe/Berlin")
    iris.sees("Your time zone is Europe/Berlin")
    iris.says("/assign model by in 3 days 18:00")
    iris.sees("Model Training and Evaluation", "18:00 (CE")
    iris.presses("Assign")
    told = ada.sees("📌 Autumn", "(UTC)")
    ada.presses("Open the lesson", on=told)
    ada.sees("Model Training and Evaluation")
    iris.says("/report")
    iris.sees("📊 Autumn", "1 learner enrolled", "1 started")
    iris.says("/pulse")
    pulse = iris.sees("1 of 1 learner here")
    assert "Ada" not in pulse.text
    ada.says("/quiz")
    ada.sees("Question 1 of 6")
    iris.waits(lambda: m if "Question 1" in (m := iris.again(pulse)).text else None, "the pulse goes on in its message")
    iris.presses("Stop", on=pulse)
    iris.sees("Stopped")


def test_learners_can_do_nothing_of_an_instructor(school: Tutor, iris: Learner) -> None:
    card = make(iris, "Secret class")
    ada = Learner(school, name="Ada")
    commands = "classes", "newclass Mine", "report", "pulse", "announce Hi", "assign by friday", "dashboard", "appoint"
    for command in commands:
        ada.says(f"/{command}")
        assert "Secret" not in ada.sees("is for instructors").text
    ada.says("/help")
    assert "/newclass" not in ada.sees("What I can do").text
    iris.says("/help")
    iris.sees("For instructors", "/newclass")
    refused = school.refusal("press", user=ada.id, chat=iris.id, message_id=card.id, button=card.data("Report"))
    assert refused, "the messenger lets nobody press in another's chat"


def test_an_invitation_makes_an_instructor_with_a_menu(school: Tutor, iris: Learner) -> None:
    juno = Learner(school, name="Juno")
    iris.says("/appoint")
    iris.presses("Make a link")
    made = iris.sees("become an instructor")
    juno.opens(made.copies("Copy the link"))
    juno.presses("Become an instructor", on=juno.sees("Iris invites you"))
    juno.sees("You are an instructor now")
    iris.sees("Juno is an instructor now")
    make(juno, "Winter")
    menus = [c for c in school.calls() if c["method"] == "setMyCommands" and str(juno.id) in str(c)]
    assert menus, "the menu for instructors is set in her chat"


def test_a_class_outlives_a_restart(start: Start) -> None:
    first = start("--fresh", TUTOR_INSTRUCTORS=str(IRIS))
    card = make(Learner(first, IRIS, name="Iris"))
    joins(Learner(first, 77_002, name="Ada"), card)
    first.kill()
    second = start(TUTOR_INSTRUCTORS=str(IRIS))
    iris = Learner(second, IRIS, name="Iris")
    iris.says("/classes")
    assert "Autumn · 1 learner" in iris.sees("Your classes").labels
