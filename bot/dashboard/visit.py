"""One request of a signed-in instructor: the visitor, the class, the filters, and how to answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from bot.dashboard import filters
from bot.dashboard.filters import BadFilter, Filters
from bot.dashboard.sign_in import SignIn, Visitor
from bot.dashboard.streams import Streams
from bot.domain.classes import Cohort
from bot.domain.ids import CohortId
from bot.domain.traces import Traces
from bot.domain.zones import zone
from bot.reports.scope import Scope
from bot.services import Services
from bot.store import Tables

T = TypeVar("T")
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True, slots=True)
class Site:
    """What every page needs."""

    services: Services
    sign_in: SignIn
    templates: Jinja2Templates
    streams: Streams

    def plain(self, request: Request, template: str, status: int = 200, **facts: Any) -> Response:
        """A page for people who are not signed in."""
        return self.templates.TemplateResponse(request, template, facts, status_code=status)


@dataclass(frozen=True, slots=True)
class Visit:
    """`now` is the time of the request for all that it shows."""

    site: Site
    request: Request
    visitor: Visitor
    now: float

    @property
    def zone(self) -> tzinfo:
        """The time zone in which days begin: set with /zone, else UTC."""
        return zone(self.visitor.zone)

    async def read(self, work: Callable[[Tables], T]) -> T:
        return await self.site.services.store.read(work)

    async def transact(self, work: Callable[[Tables], T]) -> T:
        return await self.site.services.store.transact(work)

    def page(self, template: str, status: int = 200, **facts: Any) -> Response:
        """The template with what all pages show; `facts` are its own."""
        known = {"visit": self, "visitor": self.visitor, "zone": self.zone, "now": self.now}
        return self.site.templates.TemplateResponse(self.request, template, known | facts, status_code=status)


@dataclass(frozen=True, slots=True)
class ClassVisit(Visit):
    """A visit to a class that the visitor teaches."""

    cohort: Cohort
    filters: Filters

    @property
    def scope(self) -> Scope:
        return self.filters.scope(self.site.services.course, self.now, self.zone)

    def traces(self, tables: Tables) -> Traces:
        """The class' traces that the filters choose."""
        scope, lesson = self.scope, self.filters.lesson or None
        return tables.traces.of_class(self.cohort.id, lesson=lesson, since=scope.since, until=scope.until)

    def page(self, template: str, status: int = 200, **facts: Any) -> Response:
        known = {"cohort": self.cohort, "filters": self.filters, "course": self.site.services.course}
        return Visit.page(self, template, status, **(known | facts))


Page = Callable[[Any], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def for_instructors(site: Site, page: Page) -> Endpoint:
    """The page for signed-in instructors; everybody else is told how to sign in."""

    async def endpoint(request: Request) -> Response:
        visitor = await _admitted(site, request)
        return visitor if isinstance(visitor, Response) else await page(_visit(site, request, visitor))

    return endpoint


def for_class(site: Site, page: Page) -> Endpoint:
    """The page for instructors who teach the class in the address; for everybody else there is no such class."""

    async def endpoint(request: Request) -> Response:
        visitor = await _admitted(site, request)
        if isinstance(visitor, Response):
            return visitor
        visit = _visit(site, request, visitor)
        cohort = visitor.cohort(CohortId(request.path_params["cohort"]))
        if cohort is None:
            return visit.page("missing.html", 404)
        try:
            chosen = filters.read(request.query_params, site.services.course)
            return await page(ClassVisit(site, request, visitor, visit.now, cohort, chosen))
        except BadFilter as bad:
            return visit.page("bad.html", 400, what=str(bad))

    return endpoint


def _visit(site: Site, request: Request, visitor: Visitor) -> Visit:
    return Visit(site, request, visitor, site.services.clock())


async def _admitted(site: Site, request: Request) -> Visitor | Response:
    """The visitor, or the answer when nobody is signed in or a form did not come from our pages."""
    visitor = await site.sign_in.visitor(request)
    if visitor is None:
        return site.plain(request, "signed_out.html", 401)
    if request.method in UNSAFE:
        form = await request.form()
        token = form.get("csrf")
        if not isinstance(token, str) or not site.sign_in.genuine(request, visitor, token):
            return site.plain(request, "forged.html", 403)
    return visitor
