"""Sheets as files: CSV (RFC 4180) and XLSX."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import xlsxwriter

from bot.exports.sheets import Cell, Sheet
from bot.exports.texts import clean, neutral

LONGEST = 32_767
"""Characters that a cell of Excel holds."""
EXACT = 10**15
"""Excel keeps 15 digits of a number: longer ones, which are ids, are written as text."""
NARROW, WIDE = 6, 60
"""Widths of columns, in characters."""
MEASURED = 500
"""Rows that tell how wide a column has to be."""
TIME = "yyyy-mm-dd hh:mm:ss"
TIME_WIDTH = 19
FILTER_WIDTH = 3
"""Characters that the filter's button covers in a header."""
NAME_LENGTH = 31


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with the byte order mark that Excel needs. Text that a spreadsheet would take for a formula gets an
    apostrophe in front; our own numbers stay as they are. Times are in the scope's zone, which their header names."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(_headed(sheet, column)) for column in range(len(sheet.header))])
    writer.writerows([_plain(cell) for cell in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return neutral(clean(cell))
        case bool():
            return "TRUE" if cell else "FALSE"
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M:%S}"  # what spreadsheets take for a time; an offset would make it text
        case float() if not math.isfinite(cell):
            return ""
        case _:
            return repr(cell)


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook with a page for each sheet. Times are as the scope's clock shows them, and their header names it."""
    out = io.BytesIO()
    # Nothing that people wrote becomes a formula, a link or a number. In memory: no temporary files.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {datetime: book.add_format({"num_format": TIME}), int: book.add_format({"num_format": "0"})}
        taken: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_legal(sheet.name, taken))
            header = [_headed(sheet, column) for column in range(len(sheet.header))]
            for column, name in enumerate(header):
                page.write_string(0, column, name, bold)
                page.set_column(column, column, _width(sheet, column, name))
            for number, row in enumerate(sheet.rows, 1):
                for column, cell in enumerate(row):
                    _put(page, number, column, cell, formats)
            page.freeze_panes(1, 0)
            if header:
                page.autofilter(0, 0, len(sheet.rows), len(header) - 1)
    return out.getvalue()


def _put(page: Any, row: int, column: int, cell: Cell, formats: dict[type, Any]) -> None:
    match cell:
        case None:
            pass
        case str():
            page.write_string(row, column, _bounded(clean(cell)))
        case bool():
            page.write_boolean(row, column, cell)
        case datetime():
            # Excel's times have no zone.
            page.write_datetime(row, column, cell.replace(tzinfo=None, microsecond=0), formats[datetime])
        case float() if not math.isfinite(cell):
            pass
        case int() if abs(cell) >= EXACT:
            page.write_string(row, column, str(cell))
        case int():
            page.write_number(row, column, cell, formats[int])
        case float():
            page.write_number(row, column, cell)


def _bounded(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _headed(sheet: Sheet, column: int) -> str:
    """The column's name; of times with their zone, since their cells cannot hold it."""
    first = next((row[column] for row in sheet.rows if isinstance(row[column], datetime)), None)
    name = clean(sheet.header[column])
    return f"{name} ({first.tzinfo})" if isinstance(first, datetime) and first.tzinfo else name


def _width(sheet: Sheet, column: int, name: str) -> int:
    def units(cell: Cell) -> int:
        return TIME_WIDTH if isinstance(cell, datetime) else max(map(len, _plain(cell).split("\n")))

    widest = max((units(row[column]) for row in sheet.rows[:MEASURED]), default=0)
    return min(WIDE, max(NARROW, widest + 1, len(name) + FILTER_WIDTH))


def _legal(name: str, taken: set[str]) -> str:
    """A name that Excel accepts and no page of this book has: without []:*?/\\, no apostrophe at an end, 31
    characters."""
    base = re.sub(r"[\[\]:*?/\\]", " ", clean(name)).strip(" '\t\r\n") or "Sheet"
    base = base if base.casefold() != "history" else f"{base}_"  # Excel keeps this name for itself
    found, number = base[:NAME_LENGTH].rstrip(" '"), 1
    while found.casefold() in taken:
        number += 1
        found = f"{base[: NAME_LENGTH - len(str(number)) - 1].rstrip()} {number}"
    taken.add(found.casefold())
    return found
