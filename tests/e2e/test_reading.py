"""A lesson read in the chat, from `/start` to the last page."""

from __future__ import annotations

import re
from pathlib import Path

from .people import Learner, Message, Tutor, source_of

SOURCE = Path(__file__).parents[1] / "lessons" / "source.txt"
PAGES = 8


def squeezed(text: str) -> str:
    """Without any white space: a chat wraps and indents as it likes."""
    return re.sub(r"\s", "", text)


def opens_page(learner: Learner, number: int, press: str) -> Message:
    learner.presses(press)
    return learner.sees(f"{number} of {PAGES}")


def reads_on_to(learner: Learner, number: int) -> Message:
    """From `/start` to a page."""
    learner.says("/start")
    page = opens_page(learner, 1, "Begin the lesson")
    for at in range(2, number + 1):
        page = opens_page(learner, at, "Next ›")
    return page


def test_the_whole_source_is_read_in_one_message(learner: Learner) -> None:
    learner.says("/start")
    welcome = learner.sees("Emmy", "Model Training and Evaluation", "7 min")
    pages = [opens_page(learner, 1, "Begin the lesson")]
    pages += [opens_page(learner, number, "Next ›") for number in range(2, PAGES + 1)]
    assert {page.id for page in pages} == {welcome.id}, "one message, edited"
    assert "Next ›" not in pages[-1].labels
    read = squeezed("\n".join(page.text for page in pages))
    paragraphs = [line for line in SOURCE.read_text().splitlines() if line and not line.startswith(("Duration:", "❓"))]
    missing = [line for line in paragraphs if not all(squeezed(part) in read for part in parts(line))]
    assert missing == []


def parts(line: str) -> list[str]:
    """The source ran some lines into each other: the end of a code block and what follows it."""
    return [part for part in re.split(r"(?<=\))(?=Epoch 1/10|💡)|(?<=0\.1300)(?=Evaluating)", line) if part.strip()]


def test_the_questions_of_the_source_are_in_the_quiz(learner: Learner) -> None:
    asked = [line.removeprefix("❓ ") for line in SOURCE.read_text().splitlines() if line.startswith("❓")]
    learner.says("/quiz")
    learner.sees(asked[0])
    learner.presses("B")
    learner.presses("Next question")
    learner.sees("Question 2 of 6")
    learner.says("4")
    learner.presses("Next question")
    learner.sees(asked[1])


def test_back_goes_the_way_back(learner: Learner) -> None:
    third = reads_on_to(learner, 3)
    second = opens_page(learner, 2, "‹ Back")
    assert (second.id, "Training Neural Networks" in second.bold()) == (third.id, True)
    first = opens_page(learner, 1, "‹ Back")
    assert "‹ Back" not in first.labels


def test_code_is_the_example_file_in_a_python_block(learner: Learner) -> None:
    page = reads_on_to(learner, 3)
    assert page.code() == [("python", source_of("train"))]
    assert any("Run this example" in label for label in page.labels)
    page = opens_page(learner, 4, "Next ›")
    assert [language for language, _ in page.code()] == ["text"], "what Keras prints is no Python"
    page = opens_page(learner, 5, "Next ›")
    assert page.code() == [("python", source_of("evaluate"))]


def test_resume_where_one_left_off_after_other_talk(learner: Learner) -> None:
    page = reads_on_to(learner, 4)
    learner.says("hello?")
    learner.sees("small talk")
    learner.says("/start")
    back = learner.sees("Welcome back", "Emmy")
    assert back.id > page.id
    learner.presses("Go on where I left off")
    learner.sees(f"4 of {PAGES}", "What you will see", where=lambda message: message.id == back.id)


def test_a_panel_that_is_no_longer_last_moves_and_its_buttons_go(learner: Learner) -> None:
    page = reads_on_to(learner, 2)
    learner.says("thanks")
    talk = learner.sees("small talk")
    learner.presses("Next ›", on=page)
    moved = learner.sees(f"3 of {PAGES}")
    assert moved.id > talk.id
    learner.waits(lambda: learner.again(page) if not learner.again(page).labels else None, "a bare old page")
    assert f"2 of {PAGES}" in learner.again(page).text
    refusal = learner.tutor.refusal("press", user=learner.id, message_id=page.id, button="Next ›")
    assert "not under this message" in refusal


def test_what_was_read_counts_as_progress(learner: Learner) -> None:
    reads_on_to(learner, 4)
    learner.says("/progress")
    learner.sees("Where you stand, Emmy", "4 of 8 sections read", "no model trained yet")
    learner.says("/lessons")
    learner.sees("4 of 8 sections", where=lambda m: "Go on: Model Training and Evaluation" in m.labels)


def test_commands_are_offered_by_the_messenger(tutor: Tutor) -> None:
    calls = [c for c in tutor.calls() if c["method"] == "setMyCommands"]
    listed = {command["command"] for command in calls[0]["parameters"]["commands"]}
    assert {"start", "lessons", "quiz", "train", "evaluate", "progress"} <= listed
