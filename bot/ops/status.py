"""Says how the bot is doing: `/healthz` for a service manager, `/metrics` for Prometheus."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.domain.messages import Backlog
from bot.ops.metrics import Metrics
from bot.ops.watch import Watch
from bot.store import Store, StoreUnavailable, Tables
from runner import Safety

LATEST_BEAT = 10.0
"""Seconds: a loop that had no time for a beat for so long does not serve learners."""
DATABASE_PATIENCE = 5.0
"""Seconds in which the database must answer, its writer too."""


class HasHeartbeat(Protocol):
    @property
    def heartbeat_age(self) -> float:
        """Seconds since the event loop last had time."""


class HasSafety(Protocol):
    @property
    def safety(self) -> Safety:
        """What the sandbox holds."""


class Parts(Protocol):
    """The parts of the bot whose state is told."""

    @property
    def store(self) -> Store: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def clock(self) -> Callable[[], float]: ...
    @property
    def watch(self) -> Watch: ...
    @property
    def scheduler(self) -> HasHeartbeat: ...
    @property
    def runner(self) -> HasSafety: ...


def routes(services: Parts) -> list[Route]:
    async def healthz(request: Request) -> Response:
        state = await health(services)
        return JSONResponse(state, 200 if state["status"] == "ok" else 503)

    async def metrics(request: Request) -> Response:
        try:
            backlog, outcomes = await services.store.read(lambda t: (_backlog(t), t.runs.outcomes()))
        except StoreUnavailable as error:
            return PlainTextResponse(f"the database does not answer: {error}\n", 503)
        text = services.metrics.rendered(backlog, outcomes, services.clock())
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/metrics", metrics)]


async def health(services: Parts) -> dict[str, Any]:
    """What `/healthz` says. Its status is `ok` while the loop beats, the database takes reads and writes,
    and no background task has failed a short time ago."""
    age, safety = services.scheduler.heartbeat_age, services.runner.safety
    state: dict[str, Any] = {
        "status": "ok",
        "heartbeat_age": round(age, 3),
        "runner": {"untrusted": safety.untrusted, "layers": safety.layers, "missing": safety.missing},
    }
    try:
        async with asyncio.timeout(DATABASE_PATIENCE):
            backlog = await services.store.read(_backlog)
            await services.store.transact(lambda tables: None)
    except (StoreUnavailable, TimeoutError) as error:
        return state | {"status": "the database does not answer", "database": str(error) or "no answer in time"}
    waiting = {"waiting": backlog.outbox, "oldest_age": round(backlog.age(services.clock()), 3)}
    state |= {"inbox": {"waiting": backlog.inbox}, "outbox": waiting}
    if age >= LATEST_BEAT:
        return state | {"status": "the event loop is held up"}
    ill = services.watch.ill
    return state | {"status": f"failed a short time ago: {', '.join(ill)}", "failed": ill} if ill else state


def _backlog(tables: Tables) -> Backlog:
    return Backlog(tables.inbox.count(), tables.outbox.count(), tables.outbox.oldest())
