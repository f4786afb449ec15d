from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import versions
from bot.domain.classes import Cohort
from bot.domain.grading import is_right
from bot.domain.traces import Answered, Traces
from bot.exports.naming import SHORT, Naming
from bot.exports.xapi import statements
from bot.reports.scope import Scope
from lessons.loader import load
from lessons.model import Choice, Kind, Lesson, Question
from tests.exports.conftest import ADA, NOW

HOME = "https://tutor.example.org"


@pytest.fixture
def told(traces: Traces, scope: Scope, cohort: Cohort) -> list[dict[str, Any]]:
    return [json.loads(line) for line in statements(traces, scope, Naming(cohort, False), HOME)]


def of_ada(told: list[dict[str, Any]], verb: str, path: str = "") -> list[dict[str, Any]]:
    return [
        s
        for s in told
        if s["actor"]["account"]["name"] == str(ADA.id)
        and s["verb"]["id"].endswith(f"/{verb}")
        and s["object"]["id"].startswith(f"{HOME}/lessons/{path}")
    ]


def strings(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for key, part in value.items():
                yield key
                yield from strings(part)
        case list():
            for part in value:
                yield from strings(part)
        case _:
            yield str(value)


def test_every_trace_becomes_a_statement_that_is_whole(told: list[dict[str, Any]], traces: Traces) -> None:
    n = len(traces.members)
    answers, quizzes, finished, ended = len(traces.answers), 2 * n, 2 * n, 2 * n
    assert len(told) == n + answers + quizzes + finished + ended
    for statement in told:
        UUID(statement["id"])
        assert set(statement) >= {"actor", "verb", "object", "timestamp", "version"}
        assert statement["actor"]["account"]["homePage"] == HOME
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", statement["timestamp"])
        assert statement["object"]["id"].startswith(f"{HOME}/lessons/")
        assert "None" not in strings(statement)
    assert len({statement["id"] for statement in told}) == len(told)


def test_statements_come_in_the_order_of_time(told: list[dict[str, Any]]) -> None:
    times = [statement["timestamp"] for statement in told]
    assert times == sorted(times)


def test_statements_of_the_same_traces_are_the_same_to_the_letter(traces: Traces, scope: Scope, cohort: Cohort) -> None:
    naming = Naming(cohort, True)
    assert list(statements(traces, scope, naming, HOME)) == list(statements(traces, scope, naming, HOME + "/"))


def test_answers_say_what_was_asked_what_is_right_and_how_long_it_took(told: list[dict[str, Any]]) -> None:
    by_question = {s["object"]["id"].rsplit("/", 1)[1]: s for s in of_ada(told, "answered", "first/questions")}
    one = by_question["one"]
    assert one["result"] | {"extensions": {}} == {
        "success": True,
        "response": "a",
        "duration": "PT12.25S",
        "extensions": {},
    }
    definition = one["object"]["definition"]
    assert definition["type"] == "http://adlnet.gov/expapi/activities/cmi.interaction"
    assert definition["interactionType"] == "choice"
    assert {choice["id"] for choice in definition["choices"]} >= {"a", "b"}
    kinds = {id: s["object"]["definition"]["interactionType"] for id, s in by_question.items()}
    assert kinds == {"one": "choice", "some": "choice", "number": "numeric", "word": "fill-in"}
    assert by_question["some"]["object"]["definition"]["correctResponsesPattern"] == ["a[,]b"]
    assert all("choices" not in by_question[id]["object"]["definition"] for id in ("number", "word"))


def test_a_finished_quiz_is_completed_and_then_passed_or_failed(
    told: list[dict[str, Any]], traces: Traces, scope: Scope, cohort: Cohort
) -> None:
    [completed], [passed] = of_ada(told, "completed", "first/quiz"), of_ada(told, "passed", "first/quiz")
    assert completed["result"]["score"] == {"scaled": 0.75, "raw": 3, "min": 0, "max": 4}
    assert (passed["result"]["success"], passed["result"]["duration"]) == (True, "PT55.00S")
    poor = replace(traces, quizzes=(traces.quizzes[0]._replace(right=1),))
    again = [json.loads(line) for line in statements(poor, scope, Naming(cohort, False), HOME)]
    assert len(of_ada(again, "failed", "first/quiz")) == 1
    assert not of_ada(again, "passed", "first/quiz")


def test_a_run_of_an_example_that_is_gone_is_not_taken_for_own_code(
    traces: Traces, scope: Scope, cohort: Cohort
) -> None:
    runs = tuple(run._replace(example="gone") if run.verified else run for run in traces.runs[:2])
    told = [json.loads(line) for line in statements(replace(traces, runs=runs), scope, Naming(cohort, False), HOME)]
    titles = {one["object"]["definition"]["name"]["en"] for one in told if one["verb"]["display"]["en"] == "attempted"}
    assert titles == {"gone", "Own code"}


def test_a_run_is_attempted_and_completed_with_its_metric_or_terminated(told: list[dict[str, Any]]) -> None:
    [attempted] = of_ada(told, "attempted", "first/examples/train")
    assert attempted["result"]["extensions"][f"{HOME}/xapi/parameters"]["epochs"] == 20
    [completed] = of_ada(told, "completed", "first/examples/train")
    facts = completed["result"]["extensions"]
    assert (facts[f"{HOME}/xapi/metric"], facts[f"{HOME}/xapi/figure"]) == ("accuracy", 0.875)
    [ended] = of_ada(told, "terminated", "first/examples/own")
    assert (ended["result"]["completion"], ended["result"]["extensions"][f"{HOME}/xapi/outcome"]) == (False, "timeout")


def test_what_is_not_over_is_not_told_as_over(traces: Traces, scope: Scope, cohort: Cohort) -> None:
    quiz = traces.quizzes[0]._replace(finished_at=None, right=None, total=None)
    run = traces.runs[0]._replace(state="running", ended_at=None, metric=None, figure=None)
    going = replace(traces, quizzes=(quiz,), runs=(run,), answers=(), sections=())
    [only] = [json.loads(line) for line in statements(going, scope, Naming(cohort, False), HOME)]
    assert only["verb"]["display"]["en"] == "attempted"


def test_a_pseudonymised_export_holds_nothing_of_anybody(traces: Traces, scope: Scope, cohort: Cohort) -> None:
    naming = Naming(cohort, True)
    said = [json.loads(line) for line in statements(traces, scope, naming, HOME)]
    text = "\n".join(found for statement in said for found in strings(statement))
    for member in traces.members:
        assert str(member.id) not in text
        assert not member.username or member.username not in text
        assert len(member.name) < SHORT or member.name not in text
        assert naming.of(member).name in text
    assert not any("name" in statement["actor"] for statement in said)


def test_statements_of_a_pseudonym_are_not_known_by_the_ids_of_the_person_s_own(
    told: list[dict[str, Any]], traces: Traces, scope: Scope, cohort: Cohort
) -> None:
    hidden = {json.loads(line)["id"] for line in statements(traces, scope, Naming(cohort, True), HOME)}
    assert not hidden & {statement["id"] for statement in told}


def test_a_figure_that_grew_beyond_all_numbers_is_left_out(traces: Traces, scope: Scope, cohort: Cohort) -> None:
    endless = replace(traces, runs=(traces.runs[0]._replace(metric="loss", figure=float("inf")),))
    lines = list(statements(endless, scope, Naming(cohort, False), HOME))
    assert not any("Infinity" in line or "xapi/figure" in line for line in lines)


def test_a_choice_stays_as_it_is_though_a_learner_is_called_like_it(cohort: Cohort) -> None:
    course = load()
    question = next(q for q in course.lessons[0].questions if q.choices)
    choice = next(c for c in question.choices if len(c.id) >= SHORT)
    member = replace(ADA, name=choice.id.title())
    row = (json.dumps([choice.id]), int(choice.correct), 1, 0, 5.0, NOW)
    answers = (Answered(member.id, course.lessons[0].id, question.id, *row),)
    [line] = statements(Traces((member,), answers), Scope(course.lessons, NOW), Naming(cohort, True), HOME)
    assert json.loads(line)["result"]["response"] == choice.id


WORDS = [f"choice-{n}" for n in range(4)]


def with_key(key: int) -> tuple[Question, ...]:
    """A number, a word and choices, of which this one is right."""
    choices = tuple(Choice(word, word, n == key, "") for n, word in enumerate(WORDS))
    return (
        Question("n", Kind.NUMERIC, "?", "", "", number=float(key)),
        Question("w", Kind.TEXT, "?", "", "", answers=(WORDS[key],)),
        Question("s", Kind.SINGLE, "?", "", "", choices=choices),
    )


@settings(deadline=None)  # how long it takes says more about the machine's other work
@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 4), st.booleans()), max_size=20),
)
def test_whatever_was_corrected_success_agrees_with_the_right_responses(
    keys: list[int], answers: list[tuple[int, int, int, bool]]
) -> None:
    """Q8: over any history of keys and answers, some from before wordings were kept."""
    versions_, rows = {}, []
    for at, (kind, given_, when, kept) in enumerate(answers):
        question = with_key(keys[when % len(keys)])[kind]
        held = [str(given_) if question.kind is Kind.NUMERIC else WORDS[given_]]
        number = 10 * kind + keys[when % len(keys)]
        versions_[number] = versions.written(question)
        facts = (json.dumps(held), int(is_right(question, held)), 1, 0, 1.0, NOW + at)
        rows.append(Answered(ADA.id, "first", question.id, *facts, version=number if kept else None))
    lesson = Lesson("first", "The first lesson", 5, "", (), with_key(keys[-1]), ())
    traces = Traces((ADA,), tuple(rows), versions=versions_)
    cohort = Cohort(1, "Autumn", "CODE", "grain of salt", NOW)
    told = [json.loads(line) for line in statements(traces, Scope((lesson,), NOW), Naming(cohort, False), HOME)]
    assert len(told) == len(rows)
    for statement, row in zip(told, rows, strict=True):
        pattern = statement["object"]["definition"].get("correctResponsesPattern")
        assert pattern is not None or row.version is None
        if pattern:
            right = [one.removeprefix("{case_matters=false}") for one in pattern]
            assert statement["result"]["success"] is (statement["result"]["response"] in right)
