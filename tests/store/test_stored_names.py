"""Names that were stored before names were cleaned as they came in (case L30), and lists of names (Q12, Q13)."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.dashboard.downloads import FILES, Material
from bot.domain import names
from bot.domain.classes import Cohort
from bot.exports.naming import Naming
from bot.reports.scope import Scope
from tests.support.desk import IRIS, Desk
from tests.support.school import join, make

FIRST = 7001
ODD = {
    "\u3164": "7001",
    "\u2800": "7002",
    "   ": "7003",
    "\u200b\u2060": "7004",
    "": "7005",
    "\u202eevil\u202c": "evil",
    "two\nlines": "two lines",
    "Ada\x07\x1b[31m": "Ada [31m",
    "=1+1": "=1+1",
    "\u200f=HYPERLINK(1)": "=HYPERLINK(1)",
    "\t@SUM(1)": "@SUM(1)",
    "a" + "\u0301" * 40: "á\u0301\u0301\u0301",
}
"""As stored, and as shown: what one can see, in one line, without marks of direction."""
SHOWN = sorted(ODD.values())


def rename(tmp_path: Path, stored: dict[int, str]) -> None:
    """As an earlier release of the bot stored them."""
    with closing(sqlite3.connect(tmp_path / "tutor.db")) as db, db:
        db.executemany("update learners set name = ? where id = ?", [(name, id) for id, name in stored.items()])


@pytest.fixture
async def cohort(desk: Desk, tmp_path: Path) -> Cohort:
    made = await make(desk)
    await join(desk, made, *range(FIRST, FIRST + len(ODD)))
    await desk.waiting()
    rename(tmp_path, dict(enumerate(ODD, FIRST)))
    return made


def unseen(text: str) -> str:
    """Characters that turn or break a line, or show nothing."""
    return "".join(c for c in text if unicodedata.category(c) in ("Cf", "Cc") or c in "\u3164\u2800")


async def files(desk: Desk, cohort: Cohort) -> dict[str, bytes]:
    traces = await desk.store.read(lambda t: t.traces.of_class(cohort.id))
    made = Material(traces, Scope(desk.course.lessons, desk.now), Naming(cohort, False), "https://tutor.example")
    return {name: make(made) for name, (_, make) in FILES.items()}


async def test_members_have_names_that_one_can_see(desk: Desk, cohort: Cohort) -> None:
    members = await desk.store.read(lambda t: t.cohorts.members(cohort.id))
    assert sorted(member.name for member in members) == SHOWN
    everybody = await desk.store.read(lambda t: t.learners.all())
    assert {person.name for person in everybody} >= set(SHOWN)


async def test_exports_hold_a_name_in_one_line_and_no_formula(desk: Desk, cohort: Cohort) -> None:
    made = await files(desk, cohort)
    text = made["gradebook.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    neutral = sorted(f"'{name}" if name[0] in "=@" else name for name in SHOWN)
    assert sorted(row["name"] for row in rows) == neutral
    assert not unseen(text.replace("\r\n", ""))
    page: Any = load_workbook(io.BytesIO(made["class.xlsx"]))["Gradebook"]
    cells = [cell for (cell,) in page.iter_rows(2, max_col=1)]
    assert sorted(str(cell.value) for cell in cells) == SHOWN
    assert {cell.data_type for cell in cells} == {"s"}


async def test_xapi_names_people_so_that_one_can_see_it(desk: Desk, cohort: Cohort, tmp_path: Path) -> None:
    for learner in range(FIRST, FIRST + len(ODD)):
        await desk.presses((await desk.says("/quiz", learner)).key("A"), learner)
    rename(tmp_path, dict(enumerate(ODD, FIRST)))
    told = [json.loads(line) for line in (await files(desk, cohort))["xapi.jsonl"].decode().splitlines()]
    assert sorted(statement["actor"]["name"] for statement in told) == SHOWN


async def test_who_was_not_reached_is_named_in_the_order_of_names(desk: Desk, cohort: Cohort) -> None:
    preview = await desk.says("/announce Hello", learner=IRIS)
    await desk.presses(preview.key("Send"), learner=IRIS)
    with closing(sqlite3.connect(desk.store.path)) as db, db:
        db.execute("delete from outbox where at like 'announcement%'")  # nobody gets it
    (status,) = (await desk.ticks(3))[IRIS]
    named = [line.removeprefix("• ").rpartition(" – ")[0] for line in status.text.splitlines() if "•" in line]
    assert len(named) > 8
    assert named == sorted(SHOWN, key=names.sort_key)[: len(named)]


async def test_a_learner_who_writes_again_keeps_a_name_that_one_can_see(desk: Desk, cohort: Cohort) -> None:
    shown = await desk.says("/progress", FIRST, name="\u3164")
    assert "Where you stand, 7001" in shown.text


@pytest.mark.parametrize("list_of", ["members", "not passed", "not reached"])
async def test_every_list_of_names_is_sorted_as_people_read(desk: Desk, tmp_path: Path, list_of: str) -> None:
    """Q12: Zoë, émile, Ana, Łukasz, анна, Åsa, bob."""
    people = ["Zoë", "émile", "Ana", "Łukasz", "анна", "Åsa", "bob"]
    cohort = await make(desk)
    ids = range(FIRST, FIRST + len(people))
    await join(desk, cohort, *ids)
    rename(tmp_path, dict(zip(ids, people, strict=True)))

    def listed(tables: Any) -> list[str]:
        if list_of == "members":
            found = tables.cohorts.members(cohort.id)
        elif list_of == "not passed":
            found = tables.cohorts.not_passed(cohort.id, desk.course.lessons[0].id)
        else:
            draft = tables.announcements.draft(cohort.id, IRIS, "Hello", ids, desk.now)
            tables.announcements.send(draft.id, desk.now)
            found = tables.announcements.spread(draft.id).unreached
        return [member.name for member in found]

    assert await desk.store.transact(listed) == ["Ana", "Åsa", "bob", "émile", "Łukasz", "Zoë", "анна"]
