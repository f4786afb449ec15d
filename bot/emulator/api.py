"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import inspect
import re
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from .answers import Answer, Json
from .faults import Dropped, Fault, Intercepted
from .methods import BY_LOWER_NAME, Method
from .parameters import Parameters, read
from .refusals import Refused
from .world import World

TOKEN = re.compile(r"(\d+):[\w-]+")


class Cut(Response):
    """A response that breaks off: the client sees its connection dropped."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


def routes(world: World) -> list[BaseRoute]:
    """The Bot API's routes."""

    async def call(request: Request) -> Response:
        return await _answer(world, request)

    async def file(request: Request) -> Response:
        return _file(world, request)

    return [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", file),
    ]


async def _answer(world: World, request: Request) -> Response:
    """One call from start to end: who, what, trouble on purpose, result, log."""
    began, clock = world.state.clock(), time.perf_counter()
    name, shown = request.path_params["method"], Json()
    try:
        _recognise(world, request.path_params["token"])
        name, method = _method(name)
        call = await read(request)
        shown = call.summary() | ({"(ignored)": ignored} if (ignored := method.unknown(call)) else {})
        answer: Json = {"ok": True, "result": await _run(world, name, method, call)}
        response: Response = Answer(answer)
    except Refused as refusal:
        answer = refusal.answer()
        response = Answer(answer, refusal.status)
    except Intercepted as page:
        answer = {"ok": False, "description": "(a proxy answered in place of the server)"}
        response = HTMLResponse("<html><body><h1>Please try again</h1></body></html>", page.status)
    except Dropped:
        answer = {"ok": False, "description": "(connection dropped on purpose)"}
        response = Cut()
    world.calls.add(name, shown, answer, began, time.perf_counter() - clock)
    return response


def _recognise(world: World, token: str) -> None:
    match = TOKEN.fullmatch(token)
    if match is None or len(token) > 80:
        raise Refused(401, "Unauthorized: invalid token specified")
    world.state.bot_id = int(match[1])


def _method(name: str) -> tuple[str, Method]:
    if name.lower() not in BY_LOWER_NAME:
        raise Refused(404, "Not Found: method not found")
    return BY_LOWER_NAME[name.lower()]


async def _run(world: World, name: str, method: Method, call: Parameters) -> Any:
    """The method's result, with a planned fault before it, or after it when only the answer is to be lost."""
    fault: Fault | None = world.faults.take(name, call.number("chat_id") if call.text("chat_id")[:1] != "@" else None)
    if fault and not fault.answer_only:
        await fault.strike()
    method.check(call)
    result = method.function(world, call)
    if inspect.isawaitable(result):
        result = await result
    if fault and fault.answer_only:
        await fault.strike()
    return result


def _file(world: World, request: Request) -> Response:
    file = world.state.file_at(request.path_params["path"])
    if file is None or not TOKEN.fullmatch(request.path_params["token"]):
        return Answer(Refused(404, "Not Found").answer(), 404)
    return Response(file.content, media_type=file.mime)
