"""The pages for signing in and out. A GET only shows a button, because link previews send GETs too; the POST takes
the ticket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.dashboard.visit import Site, Visit

HOME = "/dashboard/"


def show(site: Site) -> Callable[[Request], Awaitable[Response]]:
    """GET: a button, if the link is good."""

    async def endpoint(request: Request) -> Response:
        return await _guarded(site, request, _shown)

    return endpoint


def enter(site: Site) -> Callable[[Request], Awaitable[Response]]:
    """POST: the link is used up, and the browser signed in."""

    async def endpoint(request: Request) -> Response:
        if not site.sign_in.same_origin(request):
            return site.plain(request, "forged.html", 403)
        return await _guarded(site, request, _entered)

    return endpoint


async def leave(visit: Visit) -> Response:
    """POST: signed out."""
    response = RedirectResponse(HOME, 303)
    await visit.site.sign_in.leave(visit.visitor, response)
    return response


async def _guarded(
    site: Site, request: Request, go: Callable[[Site, Request, str], Awaitable[Response | None]]
) -> Response:
    """Run `go`, unless this address sent too many failed links."""
    address, now = request.client.host if request.client else "", site.services.clock()
    if site.sign_in.failures.too_many(address, now):
        return site.plain(request, "too_many.html", 429)
    answer = await go(site, request, request.path_params["secret"])
    if answer is None:
        site.sign_in.failures.note(address, now)
        return site.plain(request, "spent.html", 410)
    return answer


async def _shown(site: Site, request: Request, secret: str) -> Response | None:
    return site.plain(request, "enter.html") if await site.sign_in.look(secret) else None


async def _entered(site: Site, request: Request, secret: str) -> Response | None:
    response = RedirectResponse(HOME, 303)
    return response if await site.sign_in.enter(secret, response) else None
