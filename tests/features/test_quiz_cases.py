"""What people answered and exported, case by case, through the chat and out of its files (cases Q1 to Q15).

The rules behind them have tests of their own: numbers and words in `test_grading`, choices that changed in
`test_changed_questions`, corrected keys in `test_corrected_key`, due times in `test_assigning`, names in
`test_stored_names`, the chat's gradebook in `test_teaching`.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from dataclasses import replace

import pytest

from bot.dashboard.downloads import FILES, Material
from bot.domain import names
from bot.domain.classes import Cohort
from bot.exports.naming import Naming
from bot.reports.scope import Scope
from lessons.model import Kind, Question
from tests.support.desk import ADA, GRACE, Desk
from tests.support.questions import with_questions
from tests.support.school import join, make


def a_number(key: float, tolerance: float = 0.0) -> Question:
    explanation = "Because of the batches."
    return Question("number", Kind.NUMERIC, "How many?", explanation, "", number=key, tolerance=tolerance)


def words(*answers: str) -> Question:
    return Question("word", Kind.TEXT, "What is it called?", "Because.", "", answers=answers)


async def verdict(desk: Desk, question: Question, typed: str) -> str:
    desk.course = with_questions(desk.course, question)
    await desk.says("/quiz")
    return (await desk.says(typed)).text


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        pytest.param(50240, "50,240", id="Q1: as model.summary() prints it"),
        pytest.param(1000, "1.000", id="Q1: as in Berlin"),
        pytest.param(1, "1.000", id="Q1: as in London"),
        pytest.param(50, "50%", id="Q2: in percent"),
        pytest.param(0.5, "50 %", id="Q2: as a share"),
        pytest.param(-2, "−2", id="Q3: the minus of mathematics"),
        pytest.param(0.5, "０．５", id="Q3: full width"),
        pytest.param(0.001, "10^-3", id="Q3: a power"),
        pytest.param(0.25, "1/4", id="Q3: a fraction"),
        pytest.param(4, "4 batches", id="Q3: with its unit"),
    ],
)
async def test_a_number_is_right_as_people_type_it(desk: Desk, key: float, typed: str) -> None:
    said = await verdict(desk, a_number(key), typed)
    assert "✅ Right!" in said
    assert "Because of the batches." in said


async def test_nought_is_not_a_very_small_number(desk: Desk) -> None:
    """Q4: key 1.0e-10, typed 0."""
    assert "❌ Not quite." in await verdict(desk, a_number(1.0e-10), "0")
    assert "✅ Right!" in await verdict(desk, replace(a_number(1.0e-10), id="small"), "1e-10")


@pytest.mark.parametrize(
    ("key", "typed", "why"),
    [
        (4, "5 batches", "I read it as 5. That is too high."),
        (4, "3,5", "I read it as 3.5. That is too low."),
        (4, "−4", "I read it as -4. The size is right; look at the sign."),
        (50240, "5024", "I read it as 5024. The digits are right; look at the decimal point, or at percent."),
        (5, "1.000", "I read it as 1 or 1000."),
    ],
)
async def test_a_wrong_number_is_told_how_it_was_read_and_why_it_is_wrong(
    desk: Desk, key: float, typed: str, why: str
) -> None:
    """Q5: not only "Not quite."; the explanation comes when the question is over."""
    desk.course = with_questions(desk.course, a_number(key))
    await desk.says("/quiz")
    wrong = await desk.says(typed)
    assert "❌ Not quite." in wrong.text
    assert why in wrong.text
    assert "Because of the batches." not in wrong.text
    over = await desk.presses(wrong.key("See the result"))
    assert "Because of the batches." in over.messages[0].text


@pytest.mark.parametrize(
    "typed",
    [
        unicodedata.normalize("NFD", "Schätzung"),
        "model.fit()",
        "`model.fit`",
        "overfitting",
        "don’t",
        "over\u200b-fitting",
        "ｍｏｄｅｌ．ｆｉｔ",
    ],
)
async def test_a_word_is_right_as_people_type_it(desk: Desk, typed: str) -> None:
    """Q6: answers Schätzung, model.fit, over-fitting, don't."""
    question = words("Schätzung", "model.fit", "over-fitting", "don't")
    assert "✅ Right!" in await verdict(desk, question, typed)


@pytest.mark.parametrize("typed", ["Schatzung", "model.fit(x)", "fitting", "do"])
async def test_another_word_stays_wrong(desk: Desk, typed: str) -> None:
    question = words("Schätzung", "model.fit", "over-fitting", "don't")
    assert "❌ Not quite." in await verdict(desk, question, typed)


# Files


async def exported(desk: Desk, cohort: Cohort, name: str, pseudonyms: bool = False) -> str:
    traces = await desk.store.read(lambda t: t.traces.of_class(cohort.id))
    scope, naming = Scope(desk.course.lessons, desk.now), Naming(cohort, pseudonyms)
    return FILES[name][1](Material(traces, scope, naming, "https://tutor.example")).decode("utf-8-sig")


async def a_class(desk: Desk, *learners: int) -> Cohort:
    cohort = await make(desk)
    await join(desk, cohort, *learners)
    return cohort


async def test_a_negative_number_is_exported_as_it_is(desk: Desk) -> None:
    """Q10: -3 in attempts.csv needs no guard; a formula does."""
    cohort = await a_class(desk, ADA)
    await verdict(desk, a_number(4), "-3")
    await verdict(desk, words("epoch"), "/quiz")  # the round before is over
    await verdict(desk, words("epoch"), "-3+1")
    rows = csv.DictReader(io.StringIO(await exported(desk, cohort, "attempts.csv")))
    assert [row["answer"] for row in rows] == ["-3", "'-3+1"]


async def test_pseudonyms_take_out_whole_words_only(desk: Desk) -> None:
    """Q11: in a class with Ada and Max, "Adam" and "softmax" stay."""
    cohort = await a_class(desk, ADA, GRACE)
    asked = words("epoch")
    desk.course = with_questions(desk.course, asked)
    for learner, name, typed in ((ADA, "Ada", "Adam, says Ada"), (GRACE, "Max", "softmax, not Max")):
        await desk.says("/quiz", learner, name=name)
        await desk.says(typed, learner, name=name)
    rows = csv.DictReader(io.StringIO(await exported(desk, cohort, "attempts.csv", pseudonyms=True)))
    assert [row["answer"] for row in rows] == ["Adam, says …", "softmax, not …"]


async def test_people_of_one_first_name_are_told_apart(desk: Desk) -> None:
    """Q13: three learners "Maria" with last names."""
    cohort = await a_class(desk, ADA, GRACE, 7003)
    for learner, last in ((ADA, "Silva"), (GRACE, "García"), (7003, "Rossi")):
        await desk.says("/start", learner, name=names.shown("Maria", last))
    rows = csv.DictReader(io.StringIO(await exported(desk, cohort, "gradebook.csv")))
    found = dict.fromkeys(row["name"] for row in rows)
    assert list(found) == ["Maria García", "Maria Rossi", "Maria Silva"]


async def test_a_large_key_is_exported_with_all_its_digits(desk: Desk) -> None:
    """Q15: 1234567 as a key."""
    cohort = await a_class(desk, ADA)
    await verdict(desk, a_number(1234567), "1,234,567")
    told = [json.loads(line) for line in (await exported(desk, cohort, "xapi.jsonl")).splitlines()]
    assert told[0]["object"]["definition"]["correctResponsesPattern"] == ["1234567"]
    assert told[0]["result"]["success"] is True
    (row,) = csv.DictReader(io.StringIO(await exported(desk, cohort, "attempts.csv")))
    assert row["right answer"] == "1234567"
