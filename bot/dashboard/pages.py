"""What each address shows. A page reads, has its figures made, and hands them to a template."""

from __future__ import annotations

from starlette.responses import Response

from bot.dashboard.visit import ClassVisit, Visit


async def classes(visit: Visit) -> Response:
    """The instructor's classes."""
    return visit.page("classes.html")


async def overview(visit: ClassVisit) -> Response:
    """How the class is doing."""
    return visit.page("overview.html", traces=await visit.traces())
