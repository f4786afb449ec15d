"""The class as files. They are made in a thread of their own, from one reading of the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from bot.dashboard.filters import switch
from bot.dashboard.formats import slug
from bot.dashboard.visit import ClassVisit
from bot.domain.traces import Traces
from bot.exports import sheets, xapi
from bot.exports.files import as_csv, as_xlsx
from bot.exports.naming import Naming
from bot.exports.sheets import Sheet
from bot.reports.gradebook import gradebook
from bot.reports.questions import questions
from bot.reports.scope import Scope

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON_LINES = "application/jsonl; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Material:
    """What files are made of. `home` is the address that the bot is known by."""

    traces: Traces
    scope: Scope
    naming: Naming
    home: str


def _gradebook(made: Material) -> Sheet:
    return sheets.gradebook(gradebook(made.traces, made.scope), made.scope, made.naming)


def _questions(made: Material) -> Sheet:
    return sheets.questions(questions(made.traces, made.scope), made.scope, made.naming)


def _attempts(made: Material) -> Sheet:
    return sheets.attempts(made.traces, made.scope, made.naming)


def _runs(made: Material) -> Sheet:
    return sheets.runs(made.traces, made.scope, made.naming)


SHEETS: dict[str, Callable[[Material], Sheet]] = {
    "gradebook": _gradebook,
    "questions": _questions,
    "attempts": _attempts,
    "runs": _runs,
}


def _workbook(made: Material) -> bytes:
    return as_xlsx([sheet(made) for sheet in SHEETS.values()])


def _statements(made: Material) -> bytes:
    lines = xapi.statements(made.traces, made.scope, made.naming, made.home)
    return "".join(f"{line}\n" for line in lines).encode()


def _csv(sheet: Callable[[Material], Sheet]) -> Callable[[Material], bytes]:
    return lambda made: as_csv(sheet(made))


FILES: dict[str, tuple[str, Callable[[Material], bytes]]] = {
    **{f"{name}.csv": (CSV, _csv(sheet)) for name, sheet in SHEETS.items()},
    "class.xlsx": (XLSX, _workbook),
    "xapi.jsonl": (JSON_LINES, _statements),
}
"""By name: the kind of the file, and how it is made."""


async def download(visit: ClassVisit) -> Response:
    """One of FILES, of what the filters choose."""
    name = visit.request.path_params["name"]
    if name not in FILES:
        return visit.page("missing.html", 404)
    kind, make = FILES[name]
    naming = Naming(visit.cohort, switch(visit.request.query_params, "pseudonyms"))
    made = Material(await visit.read(visit.traces), visit.scope, naming, visit.site.sign_in.web)
    content = await asyncio.to_thread(make, made)
    file = f"{slug(visit.cohort.name)}-{name}"
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{file}"'})
