from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports.files import LONGEST, as_csv, as_xlsx
from bot.exports.sheets import Sheet
from tests.exports.conftest import HOSTILE

WHEN = datetime(2026, 11, 24, 13, 5, 7, 900_000, ZoneInfo("Europe/Berlin"))


def read_csv(sheet: Sheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"), newline="")))


def read_xlsx(*sheets: Sheet) -> Any:
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(sheets)))


def column(*cells: Any) -> Sheet:
    return Sheet("Page", ("cell", "end"), tuple((cell, 0) for cell in cells))


def test_csv_begins_with_the_mark_that_excel_knows_and_ends_its_lines_as_the_standard_says() -> None:
    raw = as_csv(Sheet("Page", ("näme", "n"), (("two\nlines", 1), ('a "b", c', None))))
    assert raw == '\ufeffnäme,n\r\n"two\nlines",1\r\n"a ""b"", c",\r\n'.encode()


def test_csv_writes_values_plainly() -> None:
    rows = read_csv(column(None, True, False, -1, -0.5, 5_111_222_333, float("nan"), WHEN))
    cells = ["", "TRUE", "FALSE", "-1", "-0.5", "5111222333", "", "2026-11-24 13:05:07"]
    assert [row[0] for row in rows[1:]] == cells


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_a_formula_in_csv(name: str) -> None:
    cell = read_csv(column(name))[1][0]
    bare = cell.strip(" \t\r\n\u200f\u202e")
    assert not bare.startswith(("=", "+", "-", "@")) or cell in ("+1", "-1"), "a plain number is no formula"
    assert not cell.startswith(("\t", "\r"))


def test_the_header_of_times_names_their_zone() -> None:
    assert read_csv(Sheet("Page", ("time", "else"), ((WHEN, 2),)))[0] == [f"time ({WHEN.tzinfo})", "else"]


@pytest.mark.parametrize("number", ["-3", "+4.5", "-0,25", "-1e-3"])
def test_a_plain_number_in_writing_needs_no_guard(number: str) -> None:
    assert read_csv(column(number))[1][0] == number


@pytest.mark.parametrize("formula", ["-3+1", "--3", "-3 ", "-x", "+1;2", "-1\n=2"])
def test_what_only_begins_like_a_number_does(formula: str) -> None:
    assert read_csv(column(formula))[1][0].startswith("'")


def test_names_that_are_no_formulas_are_left_as_they_are() -> None:
    harmless = ["<img src=x onerror=alert(1)>", "two\nlines", 'a "quoted", name', "\u202eright to left\u200f", "a=b-c"]
    assert [row[0] for row in read_csv(column(*harmless))[1:]] == harmless


@given(st.text())
def test_any_text_makes_a_csv_that_reads_back_as_one_cell_and_no_formula(text: str) -> None:
    rows = read_csv(column(text))
    assert [len(row) for row in rows] == [2, 2]
    cell = rows[1][0]
    begins = cell.lstrip().startswith(("=", "+", "-", "@", "＝"))
    assert not begins or set(cell) <= set("+-.,eE0123456789"), "what is no formula can only be a number"


def test_no_cell_of_a_workbook_is_a_formula_or_a_link_and_text_stays_text() -> None:
    book = read_xlsx(column(*HOSTILE, "12", "1e5", "http://example.com", "2026-11-24", "=A1"))
    cells = [row[0] for row in book.active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    values = [cell.value for cell in cells]
    assert HOSTILE[0] in values  # as written: it is a string, and needs no apostrophe
    assert {"12", "1e5", "+1", "-1"} <= set(values)


def test_values_of_a_workbook_have_their_types() -> None:
    page = read_xlsx(column(7, 0.25, True, WHEN, None, float("inf"), 2**52)).active
    types = [row[0].data_type for row in page.iter_rows(min_row=2)]
    values = [row[0].value for row in page.iter_rows(min_row=2)]
    assert types == ["n", "n", "b", "d", "n", "n", "s"]
    assert values == [7, 0.25, True, datetime(2026, 11, 24, 13, 5, 7), None, None, str(2**52)]


def test_a_column_of_times_says_in_which_zone_they_are() -> None:
    sheet = Sheet("Page", ("time", "else"), ((None, 1), (WHEN, 2)))
    assert read_xlsx(sheet).active["A1"].value == "time (Europe/Berlin)"
    assert read_xlsx(column(WHEN.astimezone(UTC))).active["A1"].value == "cell (UTC)"


def test_the_header_is_bold_frozen_and_filters() -> None:
    page = read_xlsx(Sheet("Page", ("name", "n"), (("a rather long name of somebody", 1), ("x" * 500, 2)))).active
    assert page["A1"].font.bold
    assert not page["A2"].font.bold
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:B3"
    assert page.column_dimensions["A"].width < 70
    assert page.column_dimensions["B"].width < 12


def test_pages_have_names_that_excel_accepts_and_none_twice() -> None:
    names = ["a/b:c*d?", "'quoted'", "x" * 40, "x" * 50, "X" * 40, "", "History"]
    book = read_xlsx(*(Sheet(name, ("h",), ()) for name in names))
    found = book.sheetnames
    assert len({name.casefold() for name in found}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in found)


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    value = read_xlsx(column("y" * 40_000)).active["A2"].value
    assert (len(value), value[-1]) == (LONGEST, "…")


def test_a_sheet_without_rows_is_a_header() -> None:
    empty = Sheet("Page", ("one", "two"), ())
    assert read_csv(empty) == [["one", "two"]]
    assert [cell.value for cell in read_xlsx(empty).active[1]] == ["one", "two"]
