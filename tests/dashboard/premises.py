"""A bot with two instructors and a class, its dashboard, and browsers that are somebody's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from starlette.applications import Starlette

from bot.app import build
from bot.dashboard.sign_in import COOKIE
from bot.dashboard.site import Dashboard
from bot.domain import tokens
from bot.domain.classes import Cohort
from bot.domain.people import LinkTicket, Session, TicketKind
from bot.services import Services
from bot.settings import Settings
from bot.store import Tables
from tests.support.told_runner import ToldRunner

IRIS, OTTO, NEMO = 501, 502, 503
"""Iris is named by the settings and teaches the class; Otto is appointed and teaches another; Nemo is a learner."""
NOW = 1_800_000_000.0
TICKET_SECONDS = 600.0


@dataclass
class Premises:
    services: Services
    pages: Dashboard
    cohort: Cohort
    other: Cohort
    now: float = NOW
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The address of Iris' class."""
        return f"/dashboard/classes/{self.cohort.id}"

    def browser(self, address: str = "192.0.2.1", web: str = "http://tutor.test") -> httpx.AsyncClient:
        """A browser of nobody in particular."""
        transport = httpx.ASGITransport(Starlette(routes=self.pages.routes), client=(address, 1))
        made = httpx.AsyncClient(transport=transport, base_url=web)
        self.browsers.append(made)
        return made

    async def signed_in(self, instructor: int) -> tuple[httpx.AsyncClient, str]:
        """A browser with a session of this person, however it came by it; and the session's secret for forms."""
        secret, csrf = tokens.secret(), tokens.secret().text
        session = Session(instructor, csrf, self.now, self.now)
        await self.services.store.transact(lambda tables: tables.sessions.open(secret.hash, session))
        browser = self.browser()
        browser.cookies.set(COOKIE, secret.text)
        return browser, csrf

    async def link(self, issuer: int, kind: TicketKind = TicketKind.DASHBOARD) -> str:
        """The path of a new link, as `/dashboard` in the chat makes it."""
        secret = tokens.secret()
        ticket = LinkTicket(kind, issuer, None, self.now + TICKET_SECONDS)
        await self.services.store.transact(lambda tables: tables.tickets.issue(secret.hash, ticket))
        return f"/dashboard/enter/{secret.text}"

    async def stream(self, browser: httpx.AsyncClient, path: str) -> AsyncIterator[str]:
        """The pieces of an answer as they come; httpx would wait for the last one."""
        pieces: asyncio.Queue[str | None] = asyncio.Queue()
        request = browser.build_request("GET", path)
        scope = {
            "type": "http", "method": "GET", "path": request.url.path, "query_string": request.url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw], "client": ("192.0.2.1", 1),
            "server": ("tutor.test", 80), "scheme": "http", "root_path": "", "http_version": "1.1",
        }  # fmt: skip

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                assert message["status"] == 200
            elif message.get("body"):
                pieces.put_nowait(message["body"].decode())
            if message["type"] == "http.response.body" and not message.get("more_body"):
                pieces.put_nowait(None)

        task = asyncio.create_task(Starlette(routes=self.pages.routes)(scope, asyncio.Event().wait, send))  # type: ignore[arg-type]
        try:
            while (piece := await asyncio.wait_for(pieces.get(), 20)) is not None:
                yield piece
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def premises(folder: Path, web: str = "http://tutor.test") -> AsyncIterator[Premises]:
    settings = Settings(
        token=SecretStr("1:unused"), db=folder / "tutor.db", instructors=frozenset({IRIS}), public_url=web
    )
    made: Premises
    _, services = build(settings, ToldRunner(), clock=lambda: made.now)

    def move_in(tables: Tables) -> tuple[Cohort, Cohort]:
        for person, name in ((IRIS, "Iris"), (OTTO, "Otto"), (NEMO, "Nemo")):
            tables.learners.meet(person, name, None, "en", NOW - 1000)
        tables.instructors.appoint(OTTO, "Otto", IRIS, NOW - 900)
        ours = tables.cohorts.create("Kestrel", "AAAABBBB", "salt", IRIS, NOW - 800)
        other = tables.cohorts.create("Winter", "CCCCDDDD", "pepper", OTTO, NOW - 800)
        tables.cohorts.enrol(ours.id, NEMO, NOW - 700)
        return ours, other

    cohort, other = await services.store.transact(move_in)
    made = Premises(services, Dashboard(services), cohort, other)
    try:
        yield made
    finally:
        await made.pages.aclose()
        for browser in made.browsers:
            await browser.aclose()
        services.store.close()
