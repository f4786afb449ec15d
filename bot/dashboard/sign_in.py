"""Signing in: a link from the chat works once and gives a browser a session. Each request asks the database for its
visitor and their classes."""

from __future__ import annotations

import hmac
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.domain import tokens
from bot.domain.authority import Authority
from bot.domain.classes import Cohort
from bot.domain.ids import CohortId, LearnerId
from bot.domain.people import LinkTicket, Session, TicketKind
from bot.store import Store, StoreUnavailable, Tables

COOKIE = "tutor_session"
LONGEST_SECONDS = 8 * 3600.0
"""A session ends this long after signing in."""
IDLE_SECONDS = 3600.0
"""A session also ends after this long without a request."""
NOTED_SECONDS = 60.0
"""A session's last request is stored at most this often."""
FAILURES = 10
"""Failed links from one address in FAILURE_SECONDS, before it has to wait."""
FAILURE_SECONDS = 600.0
"""The time over which failed links are counted."""
REMEMBERED = 10_000
"""Most addresses whose failures are remembered."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """An instructor who is signed in."""

    id: LearnerId
    name: str
    zone: str | None
    csrf: str
    key: str
    """Hash of the session's secret."""
    cohorts: tuple[Cohort, ...]
    """What they teach, newest first."""

    def cohort(self, id: CohortId) -> Cohort | None:
        """The class if they teach it."""
        return next((cohort for cohort in self.cohorts if cohort.id == id), None)


@dataclass(slots=True)
class Failures:
    """Counts failed links by the address they came from."""

    _times: dict[str, deque[float]] = field(default_factory=dict)

    def too_many(self, address: str, now: float) -> bool:
        times = self._times.get(address, deque())
        while times and times[0] <= now - FAILURE_SECONDS:
            times.popleft()
        return len(times) >= FAILURES

    def note(self, address: str, now: float) -> None:
        if len(self._times) >= REMEMBERED and address not in self._times:
            self._times.pop(next(iter(self._times)))
        self._times.setdefault(address, deque(maxlen=FAILURES)).append(now)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Signs instructors in and recognises them. `web` is the address at which people reach the pages."""

    store: Store
    clock: Callable[[], float]
    authority: Authority
    web: str
    failures: Failures = field(default_factory=Failures)

    async def look(self, secret: str) -> bool:
        """Whether this link is still good. It stays good: previews of links ask this too."""
        hash = tokens.hashed(secret)
        return await self.store.read(lambda tables: self._good(tables, tables.tickets.look(hash, self.clock())))

    async def enter(self, secret: str, response: Response) -> bool:
        """Take the ticket, and sign the response's browser in. False when the ticket is no longer good."""
        hash, cookie, csrf, now = tokens.hashed(secret), tokens.secret(), tokens.secret().text, self.clock()

        def take(tables: Tables) -> bool:
            ticket = tables.tickets.look(hash, now)
            if ticket is None or not self._good(tables, ticket):
                return False
            tables.tickets.take(hash, now)
            tables.sessions.forget_before(now - LONGEST_SECONDS)
            tables.sessions.open(cookie.hash, Session(ticket.issued_by, csrf, now, now))
            return True

        if not await self.store.transact(take):
            return False
        response.set_cookie(
            COOKIE,
            cookie.text,
            max_age=int(LONGEST_SECONDS),
            path="/dashboard",
            httponly=True,
            samesite="lax",  # strict would lose the session on every link from a chat; forms carry a secret besides
            secure=self.web.startswith("https://"),
        )
        return True

    async def visitor(self, request: Request) -> Visitor | None:
        """The instructor who sent this request; None when nobody is signed in, or they are no longer an instructor."""
        secret, now = request.cookies.get(COOKIE), self.clock()
        if not secret:
            return None
        hash = tokens.hashed(secret)
        session, visitor = await self.store.read(lambda tables: self._known(tables, hash, now))
        if session and visitor and now - session.seen_at > NOTED_SECONDS:
            with suppress(StoreUnavailable):  # on a full disk pages can still be read
                await self.store.transact(lambda tables: tables.sessions.seen(hash, now))
        return visitor

    async def leave(self, visitor: Visitor, response: Response) -> None:
        await self.store.transact(lambda tables: tables.sessions.close(visitor.key))
        response.delete_cookie(COOKIE, path="/dashboard")

    def genuine(self, request: Request, visitor: Visitor, token: str) -> bool:
        """Whether a form was sent by a page of ours that this visitor saw."""
        return self.same_origin(request) and hmac.compare_digest(token.encode(), visitor.csrf.encode())

    def same_origin(self, request: Request) -> bool:
        """Whether the browser does not say that another site sent this. Browsers name the origin of every form."""
        origin = request.headers.get("origin")
        return origin is None or origin in (f"{request.url.scheme}://{request.url.netloc}", _origin(self.web))

    def _known(self, tables: Tables, hash: str, now: float) -> tuple[Session | None, Visitor | None]:
        session = tables.sessions.get(hash)
        if session is None or now - session.started_at > LONGEST_SECONDS or now - session.seen_at > IDLE_SECONDS:
            return None, None
        if not self._instructs(tables, session.instructor):
            return None, None
        person = tables.learners.get(session.instructor)
        cohorts = tuple(tables.cohorts.taught_by(session.instructor))
        name, zone = (person.name, person.zone) if person else ("Instructor", None)
        return session, Visitor(session.instructor, name, zone, session.csrf, hash, cohorts)

    def _good(self, tables: Tables, ticket: LinkTicket | None) -> bool:
        return ticket is not None and ticket.kind is TicketKind.DASHBOARD and self._instructs(tables, ticket.issued_by)

    def _instructs(self, tables: Tables, person: LearnerId) -> bool:
        return self.authority.instructs(person, tables.instructors)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
