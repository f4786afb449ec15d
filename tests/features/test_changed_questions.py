"""The author changes a question while it stands open in a chat: its answer is graded as it was shown (case Q7)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import versions
from bot.features.quiz import handlers as quiz
from bot.store import Store
from lessons.model import Choice, Course, Kind, Lesson, Question
from tests.support.desk import Desk, Shown
from tests.support.questions import (
    BATCHES,
    BLUE,
    BOTH,
    COLOUR,
    GREEN,
    RED,
    WORD,
    Change,
    moved,
    with_questions,
    without,
)


@pytest.fixture
def desk(store: Store, small_course: Course) -> Desk:
    return Desk(store, with_questions(small_course, COLOUR, BOTH, BATCHES, WORD))


def lesson(desk: Desk) -> Lesson:
    return desk.course.lessons[0]


def edits(desk: Desk, id: str, change: Change | None) -> None:
    """The author changes a question, or takes it out of the course, and the bot starts again."""
    kept = [(change(q) if change and q.id == id else q) for q in lesson(desk).questions if change or q.id != id]
    desk.course = with_questions(desk.course, *kept)


def only(question: Question) -> Callable[[Desk], None]:
    """The quiz is this question alone."""

    def set_up(desk: Desk) -> None:
        desk.course = with_questions(desk.course, question)

    return set_up


def rotated(question: Question) -> Question:
    return replace(question, choices=(*question.choices[1:], question.choices[0]))


def reworded(question: Question) -> Question:
    """The right choice becomes a wrong one, and another the right one: what was shown is still right."""
    texts = {"green": ("Grass", False), "red": ("Green, as leaves are", True), "blue": ("Blue", False)}
    return replace(
        question,
        choices=tuple(replace(c, text=texts[c.id][0], correct=texts[c.id][1]) for c in question.choices),
    )


def several(question: Question) -> Question:
    return replace(question, kind=Kind.MULTIPLE, choices=tuple(replace(c, correct=True) for c in question.choices))


CHANGES: dict[str, Change | None] = {
    "moved": moved,
    "rotated": rotated,
    "the right choice removed": without("green"),
    "a wrong choice removed": without("red"),
    "reworded": reworded,
    "several may be right": several,
    "withdrawn": None,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize(("letter", "verdict"), [("A", "❌"), ("B", "✅"), ("C", "❌")])
@pytest.mark.parametrize("typed", [False, True], ids=["pressed", "typed"])
async def test_a_choice_is_graded_as_it_was_shown(
    desk: Desk, change: Change | None, letter: str, verdict: str, typed: bool
) -> None:
    """Q7: the author moves a choice while a question is open; removes it, rewords it, withdraws the question."""
    shown = await desk.says("/quiz")
    edits(desk, "colour", change)
    answered = await desk.says(letter) if typed else await desk.presses(shown.key(letter))
    assert f"{verdict} " in answered.text
    assert "A  Red\nB  Green\nC  Blue" in answered.text, "the verdict is about what was shown"
    assert ["✅" in label or "❌" in label for label in answered.labels[:3]] == [letter == other for other in "ABC"], (
        "and marks the button that was meant"
    )
    stored = await desk.store.read(lambda t: t.rounds.attempt(1))
    assert stored
    assert (stored.answer, stored.correct) == (({"A": "red", "B": "green", "C": "blue"}[letter],), verdict == "✅")


@pytest.mark.parametrize("change", [moved, without("green"), without("red"), reworded, None])
async def test_ticks_stay_at_the_choices_that_were_ticked(desk: Desk, change: Change | None) -> None:
    only(BOTH)(desk)
    shown = await desk.says("/quiz")
    ticked = await desk.presses(shown.key("B"))
    edits(desk, "both", change)
    if not lesson(desk).questions:
        desk.course = with_questions(desk.course, WORD)  # a quiz has questions
    ticked = await desk.presses(ticked.key("C"))
    assert "A  Red\nB  Green\nC  Blue" in ticked.text
    assert [label for label in ticked.labels if label[0] in "☑☐"] == ["☐ A", "☑ B", "☑ C"]
    assert "✅ Right!" in (await desk.presses(ticked.key("Hand in"))).text


async def test_a_hint_leaves_the_question_as_it_was_shown(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    edits(desk, "colour", moved)
    hinted = await desk.presses(shown.key("Hint"))
    assert "A  Red\nB  Green\nC  Blue" in hinted.text
    assert "✅" in (await desk.presses(hinted.key("B"))).text


@pytest.mark.parametrize(
    ("question", "change", "given"),
    [
        (BATCHES, lambda q: replace(q, prompt="How many batches of 20?", number=5.0), "4"),
        (BATCHES, lambda q: replace(q, kind=Kind.TEXT, number=None, answers=("four",)), "4"),
        (BATCHES, None, "4"),
        (WORD, lambda q: replace(q, prompt="What is 25 of 100 called?", answers=("batch",)), "epoch"),
        (WORD, lambda q: replace(q, kind=Kind.NUMERIC, answers=(), number=3.0), "epoch"),
        (WORD, None, "epoch"),
    ],
)
async def test_what_is_written_answers_the_question_that_was_shown(
    desk: Desk, question: Question, change: Change | None, given: str
) -> None:
    desk.course = with_questions(desk.course, question, COLOUR)
    await desk.says("/quiz")
    edits(desk, question.id, change)
    assert "✅ Right!" in (await desk.says(given)).text


async def test_a_key_that_is_corrected_holds_at_once_while_the_question_reads_the_same(desk: Desk) -> None:
    """The number 5 is right as soon as the author says so; the learner is told nothing that is known to be false."""
    only(BATCHES)(desk)
    await desk.says("/quiz")
    edits(desk, "batches", lambda q: replace(q, number=5.0, explanation="100 in batches of 20."))
    verdict = await desk.says("5")
    assert "✅ Right!" in verdict.text
    assert "batches of 20" in verdict.text


async def test_a_corrected_key_follows_its_choice_to_where_it_was_shown(desk: Desk) -> None:
    shown = await desk.says("/quiz")

    def corrected(question: Question) -> Question:
        return moved(replace(question, choices=tuple(replace(c, correct=c.id == "red") for c in question.choices)))

    edits(desk, "colour", corrected)
    verdict = await desk.presses(shown.key("A"))
    assert "✅ Right!" in verdict.text
    assert verdict.labels[0] == "A ✅"


async def test_two_choices_of_equal_text_are_two(desk: Desk) -> None:
    twins = (replace(RED, text="Same"), replace(GREEN, text="Same"))
    desk.course = with_questions(desk.course, replace(COLOUR, choices=twins))
    shown = await desk.says("/quiz")
    edits(desk, "colour", moved)
    assert "✅ Right!" in (await desk.presses(shown.key("B"))).text


async def test_another_try_shows_the_question_as_the_course_has_it_by_now(desk: Desk) -> None:
    wrong = await desk.presses((await desk.says("/quiz")).key("A"))
    edits(desk, "colour", moved)
    again = await desk.presses(wrong.key("Try again"))
    assert "A  Blue\nB  Green\nC  Red" in again.text
    verdict = await desk.presses(again.key("A"))
    assert "Blue is too short" in verdict.text


async def test_a_verdict_stays_as_it_was_given_when_the_learner_goes_on(desk: Desk) -> None:
    wrong = await desk.presses((await desk.says("/quiz")).key("A"))
    edits(desk, "colour", moved)
    above, below = (await desk.presses(wrong.key("Next question"))).messages
    assert "A  Red\nB  Green\nC  Blue" in above.text
    assert [key.text for row in above.keyboard for key in row] == ["A ❌", "B", "C"]
    assert "Which two?" in below.text


async def test_a_withdrawn_question_is_over_with_its_answer_and_counts_for_nothing(desk: Desk) -> None:
    desk.course = with_questions(desk.course, COLOUR, BATCHES)
    shown = await desk.says("/quiz")
    edits(desk, "colour", None)
    wrong = await desk.presses(shown.key("A"))
    assert wrong.text.startswith("This question is no longer part of the quiz")
    assert "Leaves are green." in wrong.text
    assert not any("Try again" in label for label in wrong.labels)
    number = await desk.presses(wrong.key("›"))
    assert "How many batches?" in number.messages[-1].text
    result = await desk.presses((await desk.says("4")).key("See the result"))
    assert "1 of 1 right at the first try" in result.messages[-1].text
    assert "All of them at the first try" in result.messages[-1].text


async def test_a_right_answer_to_a_withdrawn_question_is_no_point_in_the_result(desk: Desk) -> None:
    desk.course = with_questions(desk.course, COLOUR, BATCHES)
    right = await desk.presses((await desk.says("/quiz")).key("B"))
    edits(desk, "colour", None)
    await desk.presses(right.key("›"))
    result = await desk.presses((await desk.says("7")).key("See the result"))
    assert "0 of 1 right at the first try" in result.messages[-1].text
    assert "Read the sections" in result.messages[-1].text


async def test_a_question_whose_lesson_is_gone_is_said_to_be_gone(desk: Desk) -> None:
    shown = await desk.says("/quiz")
    desk.course = replace(desk.course, lessons=desk.course.lessons[1:])
    assert (await desk.presses(shown.key("B"))).toast == quiz.NO_LONGER_ASKED


async def test_a_question_sent_before_wordings_were_kept_is_graded_as_the_course_has_it(
    desk: Desk, tmp_path: Path
) -> None:
    """A database of an earlier time holds open questions without their wording."""
    shown = await desk.says("/quiz")
    with closing(sqlite3.connect(tmp_path / "tutor.db")) as db, db:
        db.execute("update deliveries set version = null")
    assert "✅ Right!" in (await desk.presses(shown.key("B"))).text
    stored = await desk.store.read(lambda t: t.rounds.delivery(1))
    assert stored
    assert versions.read(stored.shown).choices == (RED, GREEN, BLUE), "from its answer on it is known"


async def test_a_wording_is_kept_once(desk: Desk, tmp_path: Path) -> None:
    for _ in range(3):
        await desk.says("/quiz")
    with closing(sqlite3.connect(tmp_path / "tutor.db")) as db:
        assert db.execute("select question from versions").fetchall() == [("colour",)]


# A question that is over is explained


async def wrong_at_first(desk: Desk) -> Shown:
    shown = await desk.presses((await desk.says("/quiz")).key("A"))
    assert "Leaves are green." not in shown.text, "there is another try"
    return shown


async def test_a_question_left_by_the_command_is_explained_too(desk: Desk) -> None:
    """Q5: the explanation is always shown once the question is over, also when `/quiz` ends it."""
    wrong = await wrong_at_first(desk)
    above, below = (await desk.says("/quiz")).messages
    assert above.key == wrong.only.key
    assert "Leaves are green." in above.text
    assert not any("Try again" in key.text for row in above.keyboard for key in row)
    assert "Which two?" in below.text
    (again,) = (await desk.says("/quiz")).messages
    assert "Which two?" in again.text, "it is explained once"


async def test_another_try_left_by_the_command_is_explained_too(desk: Desk) -> None:
    wrong = await wrong_at_first(desk)
    again = await desk.presses(wrong.key("Try again"))
    above, below = (await desk.says("/quiz")).messages
    assert above.key == again.only.key
    assert "❌ Not quite." in above.text
    assert "Leaves are green." in above.text
    assert not any(key.data and key.data.startswith("1a") for row in above.keyboard for key in row)
    assert "Which two?" in below.text


async def test_an_open_question_that_was_never_answered_is_only_shown_once_more(desk: Desk) -> None:
    right = await desk.presses((await desk.says("/quiz")).key("B"))
    await desk.presses(right.key("Next question"))
    (shown,) = (await desk.says("/quiz")).messages
    assert "Which two?" in shown.text


async def test_the_last_question_left_by_the_command_is_explained_before_the_result(desk: Desk) -> None:
    only(BATCHES)(desk)
    await desk.says("/quiz")
    assert "I read it as 3" in (await desk.says("3")).text
    above, below = (await desk.says("/quiz")).messages
    assert "100 in batches of 25." in above.text
    assert "0 of 1 right" in below.text


async def test_reading_on_leaves_the_other_try(desk: Desk) -> None:
    wrong = await wrong_at_first(desk)
    await desk.says("/lessons")
    assert "another try" in (await desk.presses(wrong.key("Try again"))).text


# Wordings as text

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
choices = st.builds(Choice, words, words, st.booleans(), words)
questions = st.builds(
    Question,
    id=words,
    kind=st.sampled_from(Kind),
    prompt=words,
    explanation=words,
    section=words,
    choices=st.lists(choices, max_size=4).map(tuple),
    answers=st.lists(words, max_size=3).map(tuple),
    number=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    tolerance=st.floats(0, 9),
    hint=words,
)


@given(questions)
def test_a_wording_is_read_as_it_was_written(question: Question) -> None:
    assert versions.read(versions.written(question)) == question


def test_a_wording_of_another_release_is_read_by_the_fields_that_both_know() -> None:
    of_old = '{"id": "q", "kind": "numeric", "prompt": "?", "explanation": "", "section": "", "number": 4, "new": 1}'
    assert versions.read(of_old) == Question("q", Kind.NUMERIC, "?", "", "", number=4)


@given(questions)
def test_moved_choices_keep_the_places_they_were_shown_at(question: Question) -> None:
    unique = replace(question, choices=tuple({c.id: c for c in question.choices}.values()))
    assert versions.graded_by(unique, moved(unique)) == unique
