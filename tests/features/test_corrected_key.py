"""The author corrects what is right, or the choices: what was answered before stays as it was (case Q8)."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from bot.dashboard.downloads import FILES, Material
from bot.domain.classes import Cohort
from bot.exports.naming import Naming
from bot.reports.person import person
from bot.reports.pulse import pulse
from bot.reports.scope import Scope
from bot.store import Store
from lessons.model import Choice, Course, Kind, Question
from tests.support.desk import ADA, GRACE, Desk
from tests.support.questions import BATCHES, COLOUR, WORD, moved, with_questions, without

COHORT = Cohort(1, "Autumn", "AAAABBBB", "salt", 1.0)
CORRECTED = replace(BATCHES, number=5.0)


@pytest.fixture
async def desk(store: Store, small_course: Course) -> Desk:
    made = Desk(store, small_course)
    await made.says("/start", ADA)
    await made.says("/start", GRACE)
    await store.transact(lambda t: t.cohorts.create("Autumn", "AAAABBBB", "salt", 7, 10.0))
    await store.transact(lambda t: [t.cohorts.enrol(1, learner, 11.0) for learner in (ADA, GRACE)])
    return made


async def answers(desk: Desk, learner: int, question: Question, given: str) -> None:
    """The learner is asked this question alone, in a round of its own, and answers."""
    asks(desk, question)
    shown = await desk.says("/quiz", learner)
    if "right at the first try" in shown.messages[-1].text:  # the round before is over
        await desk.says("/quiz", learner)
    verdict = await desk.says(given, learner)
    assert "✅" in verdict.text or "❌" in verdict.text


def asks(desk: Desk, *questions: Question) -> None:
    desk.course = with_questions(desk.course, *questions)


async def material(desk: Desk) -> Material:
    traces = await desk.store.read(lambda t: t.traces.of_class(1))
    return Material(traces, Scope(desk.course.lessons, desk.now), Naming(COHORT, False), "https://tutor.example")


async def answered(desk: Desk) -> list[dict[str, Any]]:
    """xAPI statements about answers, in the order of time."""
    lines = FILES["xapi.jsonl"][1](await material(desk)).decode().splitlines()
    told = [json.loads(line) for line in lines]
    return [statement for statement in told if statement["verb"]["display"]["en"] == "answered"]


async def table(desk: Desk, name: str) -> list[dict[str, str]]:
    content = FILES[name][1](await material(desk)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


async def test_statements_tell_the_key_that_graded_them(desk: Desk) -> None:
    """Q8: the key is corrected from 4 to 5; each statement agrees with itself."""
    await answers(desk, ADA, BATCHES, "4")
    await answers(desk, GRACE, CORRECTED, "4")
    await answers(desk, GRACE, CORRECTED, "5")
    facts = [
        (s["result"]["response"], s["result"]["success"], s["object"]["definition"]["correctResponsesPattern"])
        for s in await answered(desk)
    ]
    assert facts == [("4", True, ["4"]), ("4", False, ["5"]), ("5", True, ["5"])]


async def test_rows_of_attempts_tell_the_key_that_graded_them(desk: Desk) -> None:
    await answers(desk, ADA, BATCHES, "4")
    await answers(desk, GRACE, CORRECTED, "4")
    rows = await table(desk, "attempts.csv")
    assert [(row["answer"], row["correct"], row["right answer"]) for row in rows] == [
        ("4", "TRUE", "4"),
        ("4", "FALSE", "5"),
    ]


async def test_figures_of_a_question_are_about_the_question_as_it_is_now(desk: Desk) -> None:
    await answers(desk, ADA, BATCHES, "4")
    await answers(desk, GRACE, CORRECTED, "4")
    row = (await table(desk, "questions.csv"))[0]
    assert (row["written answers"], row["learners"], row["facility"]) == ("4 (wrong, 1)", "1", "0.0")
    assert row["answered before it changed"] == "1"


async def test_grades_stay_as_they_were_given(desk: Desk) -> None:
    asks(desk, BATCHES)
    await desk.says("/quiz", ADA)
    verdict = await desk.says("4", ADA)
    await desk.presses(verdict.key("See the result"), ADA)
    asks(desk, CORRECTED)
    row = (await table(desk, "gradebook.csv"))[0]
    assert (row["right"], row["total"], row["passed"], row["batches"]) == ("1", "1", "TRUE", "1")


async def test_choices_are_told_as_they_were_shown(desk: Desk) -> None:
    await answers(desk, ADA, COLOUR, "B")
    asks(desk, without("blue")(moved(replace(COLOUR, prompt="What colour?"))))
    (statement,) = await answered(desk)
    definition = statement["object"]["definition"]
    assert [choice["id"] for choice in definition["choices"]] == ["red", "green", "blue"]
    assert (definition["description"], definition["correctResponsesPattern"]) == ({"en": "Which colour?"}, ["green"])
    (row,) = await table(desk, "attempts.csv")
    assert (row["answer"], row["right answer"]) == ("B: Green", "B: Green")
    made = await material(desk)
    found = person(made.traces, made.scope, ADA)
    assert found
    assert "right: B" in found.timeline[0].detail


async def test_a_choice_that_was_taken_away_is_told_where_it_was_chosen(desk: Desk) -> None:
    await answers(desk, ADA, COLOUR, "A")
    asks(desk, without("red")(COLOUR))
    (row,) = await table(desk, "attempts.csv")
    assert (row["answer"], row["correct"]) == ("A: Red", "FALSE")
    figures = (await table(desk, "questions.csv"))[0]
    assert (figures["learners"], figures["A first"], figures["answered before it changed"]) == ("0", "0", "1")


async def test_a_question_that_left_the_course_is_told_in_full(desk: Desk) -> None:
    await answers(desk, ADA, COLOUR, "B")
    asks(desk, WORD)
    (statement,) = await answered(desk)
    assert statement["object"]["definition"]["name"] == {"en": "Which colour?"}
    (row,) = await table(desk, "attempts.csv")
    assert row["answer"] == "B: Green"


async def test_mended_spelling_is_the_same_question(desk: Desk) -> None:
    await answers(desk, ADA, replace(COLOUR, prompt="Whcih colour?"), "B")
    asks(desk, moved(COLOUR))
    row = (await table(desk, "questions.csv"))[0]
    assert (row["learners"], row["facility"], row["answered before it changed"]) == ("1", "1.0", "0")
    assert (row["B"], row["B first"]) == ("Green", "1")


async def test_the_live_page_counts_answers_to_the_question_as_it_is_now(desk: Desk) -> None:
    await answers(desk, ADA, BATCHES, "4")
    await answers(desk, GRACE, CORRECTED, "5")
    made = await material(desk)
    asked = await desk.store.read(lambda t: t.traces.asked(1, 0.0))
    live = pulse(made.traces, asked, made.scope, "batches").question
    assert live
    assert (live.answered, live.right) == (1, 1)


async def test_an_answer_graded_by_a_forgotten_key_has_none(desk: Desk) -> None:
    """Answers from before wordings were kept: today's key is told where it grades alike, and else none."""
    await answers(desk, ADA, BATCHES, "4")
    made = await material(desk)
    of_old = replace(made.traces, answers=tuple(a._replace(version=None) for a in made.traces.answers), versions={})
    for key, told in ((BATCHES, ["4"]), (CORRECTED, None)):
        scope = Scope(with_questions(desk.course, key).lessons, desk.now)
        statement = json.loads(FILES["xapi.jsonl"][1](replace(made, traces=of_old, scope=scope)))
        assert statement["object"]["definition"].get("correctResponsesPattern") == told
        assert (statement["result"]["success"], statement["result"]["response"]) == (True, "4")


async def test_a_forgotten_choice_is_told_without_the_choices_of_today(desk: Desk) -> None:
    await answers(desk, ADA, COLOUR, "C")
    made = await material(desk)
    of_old = replace(made.traces, answers=tuple(a._replace(version=None) for a in made.traces.answers), versions={})
    scope = Scope(with_questions(desk.course, without("blue")(COLOUR)).lessons, desk.now)
    statement = json.loads(FILES["xapi.jsonl"][1](replace(made, traces=of_old, scope=scope)))
    assert statement["result"]["response"] == "blue"
    assert not {"choices", "correctResponsesPattern"} & set(statement["object"]["definition"])


@pytest.mark.parametrize(
    ("question", "right"),
    [
        (Question("n", Kind.NUMERIC, "?", "", "", number=1234567.0), ["1234567"]),
        (Question("n", Kind.NUMERIC, "?", "", "", number=0.1, tolerance=0.02), ["0.08[:]0.12"]),
        (Question("n", Kind.NUMERIC, "?", "", "", number=1e-10), ["1e-10"]),
        (
            Question("m", Kind.MULTIPLE, "?", "", "", (Choice("x", "X", True, ""), Choice("y", "Y", True, ""))),
            ["x[,]y"],
        ),
    ],
)
async def test_a_key_is_told_to_the_last_digit(desk: Desk, question: Question, right: list[str]) -> None:
    """Q15: a number 1234567 as a key is 1234567 in xAPI, and what was shown is kept as exactly."""
    asks(desk, question)
    shown = await desk.says("/quiz", ADA)
    if question.choices:
        await desk.presses((await desk.presses(shown.key("A"), ADA)).key("Hand in"), ADA)
    else:
        assert "✅" in (await desk.says(f"{question.number}", ADA)).text
    (statement,) = await answered(desk)
    assert statement["object"]["definition"]["correctResponsesPattern"] == right
