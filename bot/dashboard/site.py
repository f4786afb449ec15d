"""The addresses of the dashboard, as a table, and what all its answers have in common."""

from __future__ import annotations

import logging
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.dashboard import downloads, formats, live, messages, pages, sign_in_pages
from bot.dashboard.sign_in import SignIn
from bot.dashboard.streams import Streams
from bot.dashboard.visit import Page, Site, for_class, for_instructors
from bot.features.announcements.jobs import LIMIT
from bot.services import Services
from bot.store import StoreUnavailable

log = logging.getLogger(__name__)
HERE = Path(__file__).parent


class RowId(IntegerConvertor):
    """A number in an address, with no more digits than the database can hold."""

    regex = "[0-9]{1,18}"


register_url_convertor("id", RowId())
CLASS = "/classes/{cohort:id}"

PAGES: tuple[tuple[str, Page], ...] = (("/", pages.classes),)
"""For every instructor."""

CLASS_PAGES: tuple[tuple[str, Page], ...] = (
    ("", pages.overview),
    ("/questions", pages.questions),
    ("/attention", pages.attention),
    ("/learners", pages.learners),
    ("/learners/{learner:id}", pages.learner),
    ("/runs", pages.runs),
    ("/exports", pages.exports),
    ("/exports/{name}", downloads.download),
    ("/messages/{announcement:id}", messages.show),
    ("/live", live.page),
    ("/live/events", live.events),
)
"""Pages under a class' address, for the instructors who teach it."""

CLASS_FORMS: tuple[tuple[str, Page], ...] = (
    ("/message", messages.write),
    ("/messages/{announcement:id}/send", messages.send),
    ("/messages/{announcement:id}/drop", messages.drop),
)
"""Forms that change something: POST only, with the session's secret in the form."""

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The way in has a secret in its address: other sites are told nothing. No-referrer would go further, and have
    # browsers send our own forms without an origin.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Dashboard:
    """Everything at and under /dashboard. `aclose` ends what streams, so that the server can stop."""

    def __init__(self, services: Services) -> None:
        identity = services.identity
        sign_in = SignIn(services.store, services.clock, identity.authority, identity.web)
        self._site = Site(services, sign_in, _templates(), Streams())
        self.routes = [Route("/dashboard", self._home), self._mount()]

    def _mount(self) -> Mount:
        # What the router itself refuses (a method, a file that is not there) is answered inside, with the headers.
        with_all = (Middleware(_Headers), Middleware(_Steady, site=self._site), Middleware(ExceptionMiddleware))
        return Mount("/dashboard", routes=self._routes(), middleware=with_all)

    async def aclose(self) -> None:
        await self._site.streams.aclose()

    def _routes(self) -> list[BaseRoute]:
        site = self._site
        return [
            Mount("/static", StaticFiles(directory=HERE / "static")),
            Route("/enter/{secret}", sign_in_pages.show(site)),
            Route("/enter/{secret}", sign_in_pages.enter(site), methods=["POST"]),
            Route("/leave", for_instructors(site, sign_in_pages.leave), methods=["POST"]),
            *(Route(path, for_instructors(site, page)) for path, page in PAGES),
            *(Route(CLASS + path, for_class(site, page)) for path, page in CLASS_PAGES),
            *(Route(CLASS + path, for_class(site, page), methods=["POST"]) for path, page in CLASS_FORMS),
            Route("/{rest:path}", self._missing),
        ]

    async def _home(self, request: Request) -> Response:
        return RedirectResponse(sign_in_pages.HOME, 308)

    async def _missing(self, request: Request) -> Response:
        return self._site.plain(request, "missing.html", 404)


def _templates() -> Jinja2Templates:
    environment = Environment(
        loader=PackageLoader("bot.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # templates of a newer version must not meet the older code
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= formats.FILTERS
    environment.globals |= formats.GLOBALS | {"LONGEST_MESSAGE": LIMIT}
    return Jinja2Templates(env=environment)


class _Headers:
    """Adds to every response the headers that forbid framing, caching and foreign content."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with)


class _Steady:
    """Answers 503 when the database is not available."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except StoreUnavailable as error:
            if started:
                raise
            log.error("the dashboard cannot have the database: %s", error)
            answer = self._site.plain(Request(scope), "unavailable.html", 503)
            answer.headers["Retry-After"] = "10"
            await answer(scope, receive, send)
