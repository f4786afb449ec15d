from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.classes import Cohort, Member
from bot.domain.traces import Traces
from bot.exports import sheets
from bot.exports.naming import Naming
from bot.reports.scope import Scope
from bot.reports.values import ChoiceCount, Flag, FlagKind, GradebookRow, QuestionFigures, WrittenAnswer
from tests.exports.conftest import ADA, NOW


@pytest.fixture
def real(cohort: Cohort) -> Naming:
    return Naming(cohort, False)


def by_column(sheet: sheets.Sheet, row: int = 0) -> dict[str, sheets.Cell]:
    return dict(zip(sheet.header, sheet.rows[row], strict=True))


def test_the_gradebook_has_a_row_a_learner_and_lesson_and_a_column_a_question(scope: Scope, real: Naming) -> None:
    berlin = replace(scope, zone=ZoneInfo("Europe/Berlin"))
    best = GradebookRow(ADA, "first", NOW, 3, 4, 0.75, True, {"one": True, "some": False})
    none = GradebookRow(ADA, "second", None, None, None, None, False, {})
    sheet = sheets.gradebook([best, none], berlin, real)
    row = by_column(sheet)
    submitted = row.pop("submitted")
    assert isinstance(submitted, datetime)
    assert (submitted.timestamp(), submitted.utcoffset()) == (NOW, timedelta(hours=1))
    assert row == {
        "name": "Ada Lovelace",
        "username": "countess",
        "id": ADA.id,
        "lesson": "The first lesson",
        "score %": 75.0,
        "right": 3,
        "total": 4,
        "passed": True,
        "one": 1,
        "some": 0,
        "number": None,
        "word": None,
        "last": None,
    }
    empty = by_column(sheet, 1)
    assert {name for name, cell in empty.items() if cell is not None} == {"name", "username", "id", "lesson", "passed"}


def test_where_something_is_due_the_gradebook_says_what_was_in_time(scope: Scope, real: Naming) -> None:
    """Q9: in time, and the best."""
    ada = GradebookRow(ADA, "first", NOW - 50, 4, 4, 1.0, True, {}, NOW, NOW - 10, True, 0.75)
    free = GradebookRow(ADA, "second", None, None, None, None, False, {})
    row = by_column(sheets.gradebook([ada, free], scope, real))
    times = {name: cell.timestamp() for name, cell in row.items() if isinstance(cell, datetime)}
    assert times == {"submitted": NOW - 50, "best reached": NOW, "due": NOW - 10}
    assert (row["passed in time"], row["score % when due"], row["score %"]) == (True, 75.0, 100.0)
    assert "due" not in sheets.gradebook([free], scope, real).header


def test_under_pseudonyms_the_order_of_rows_tells_nothing_of_the_order_of_names(scope: Scope, cohort: Cohort) -> None:
    members = [Member(n, f"name {n:02}", None, NOW) for n in range(20)]
    grades = [GradebookRow(member, "first", None, None, None, None, False, {}) for member in members]
    shuffled = random.Random(3).sample(grades, len(grades))
    naming = Naming(cohort, True)
    rows = sheets.gradebook(grades, scope, naming).rows
    assert rows == sheets.gradebook(shuffled, scope, naming).rows
    assert [row[0] for row in rows] != [naming.of(member).name for member in members]


def test_questions_show_choices_side_by_side_and_leave_cells_of_shorter_ones_empty(scope: Scope, real: Naming) -> None:
    choices = (ChoiceCount("A", "Yes", True, 7, 9), ChoiceCount("B", "No", False, 3, 1))
    flags = (Flag(FlagKind.EASY, "…"), Flag(FlagKind.BLUNT, "…"))
    chosen = QuestionFigures("first", "one", 1, "Which?", 10, 0.7123, choices, (), 2, 12.34, 0.2, flags)
    written = (WrittenAnswer("4", True, 5), WrittenAnswer("3", False, 2))
    words = QuestionFigures("first", "word", 4, "What?", 7, None, (), written, 0, None, None, ())
    sheet = sheets.questions([chosen, words], scope, real)
    first, second = by_column(sheet), by_column(sheet, 1)
    assert (first["facility"], first["right"], first["flags"]) == (0.712, "A", "easy, blunt")
    assert (first["A"], first["A first"], first["B last"]) == ("Yes", 7, 1)
    assert (second["written answers"], second["facility"]) == ("4 (right, 5); 3 (wrong, 2)", None)
    assert (second["A"], second["B last"]) == (None, None)


def test_under_pseudonyms_what_only_one_learner_wrote_is_not_told_unless_it_is_right(
    scope: Scope, cohort: Cohort
) -> None:
    written = (WrittenAnswer("3", False, 2), WrittenAnswer("4", True, 1), WrittenAnswer("Ada Lovelace", False, 1))
    figures = [QuestionFigures("first", "word", 4, "What?", 4, 0.25, (), written, 0, None, None, ())]
    hidden = by_column(sheets.questions(figures, scope, Naming(cohort, True)))
    assert hidden["written answers"] == "3 (wrong, 2); 4 (right, 1)"
    shown = by_column(sheets.questions(figures, scope, Naming(cohort, False)))
    assert "Ada Lovelace" in str(shown["written answers"])


def test_attempts_tell_choices_by_letter_and_text_and_written_answers_as_typed(
    scope: Scope, real: Naming, traces: Traces
) -> None:
    sheet = sheets.attempts(traces, scope, real)
    assert len(sheet.rows) == len(traces.answers)
    answers = {row[4]: row[5] for row in sheet.rows if row[2] == ADA.id}
    first = scope.lessons[0].questions[0].choices[0]
    assert answers["one"] == f"A: {first.text}"
    assert answers["word"] == f"Ada Lovelace = {ADA.id}"
    row = by_column(sheet)
    assert (row["correct"], row["first in quiz"], row["hinted"], row["seconds"]) == (True, True, False, 12.2)
    times = [row[0] for row in sheet.rows]
    assert times == sorted(times, key=str)


def test_answers_to_what_has_left_the_course_stay_as_they_were_given(
    scope: Scope, real: Naming, traces: Traces
) -> None:
    gone = traces.answers[0]._replace(question="gone", answer='["x", "y"]')
    choice = traces.answers[0]._replace(answer='["no-more"]')
    sheet = sheets.attempts(replace(traces, answers=(gone, choice)), scope, real)
    assert {row[5] for row in sheet.rows} == {"x; y", "no-more"}


def test_only_lessons_in_view_are_exported(scope: Scope, real: Naming, traces: Traces) -> None:
    other = replace(scope, lessons=scope.lessons[1:])
    assert not sheets.attempts(traces, other, real).rows
    assert not sheets.runs(traces, other, real).rows


def test_runs_tell_how_they_were_set_and_how_they_ended(scope: Scope, real: Naming, traces: Traces) -> None:
    sheet = sheets.runs(traces, scope, real)
    assert len(sheet.rows) == len(traces.runs)
    finished, failed = by_column(sheet), by_column(sheet, 1)
    assert (finished["example"], finished["parameters"]) == ("Train", "epochs=20 name=Ada Lovelace")
    assert (finished["outcome"], finished["wait seconds"], finished["run seconds"]) == ("finished", 1.0, 3.5)
    assert (finished["metric"], finished["figure"], finished["verified"]) == ("accuracy", 0.875, True)
    assert (failed["example"], failed["outcome"], failed["verified"]) == ("Own code", "timeout", False)
    assert (failed["metric"], failed["figure"]) == (None, None)
