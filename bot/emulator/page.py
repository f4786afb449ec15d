"""The HTTP side of people: the acts and views under `/sim/`, and the chat page with its files."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from . import profile, sim
from .answers import Answer, Json
from .parameters import read
from .refusals import Refused
from .state import Chat
from .stream import as_server_sent
from .world import World

RAW = sim.ACTS["update"]
FOLDER = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class View:
    """The views of one world; each method answers one route."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[BaseRoute]:
        """The routes of the page and of `/sim/`."""
        return [
            Route("/sim/people", self.people),
            Route("/sim/me", self.me),
            Route("/sim/calls", self.calls),
            Route("/sim/stream", self.stream),
            Route("/sim/chats", self.chats),
            Route("/sim/chats/{chat}/messages", self.messages),
            Route("/sim/files/{file}", self.file),
            Route("/sim/{act}", self.act, methods=["POST"]),
            Route("/", self.index),
            Mount("/static", StaticFiles(directory=FOLDER)),
        ]

    async def act(self, request: Request) -> Response:
        """Something a person does."""
        act = sim.ACTS.get(request.path_params["act"])
        if act is None:
            return _refusal(Refused(404, f"there is no /sim/{request.path_params['act']}"))
        kind = request.headers.get("content-type", "")
        try:
            # Pages of other sites can send forms here, but not JSON: the browser would ask first.
            if not kind.startswith(("application/json", "multipart/form-data")):
                raise Refused(415, "send a JSON object as application/json")
            result = act(self._world, await read(request, raw=act is RAW))
            if inspect.isawaitable(result):
                result = await result
        except Refused as refusal:
            return _refusal(refusal)
        return Answer({"ok": True, "result": result})

    async def people(self, request: Request) -> Response:
        """Everybody, as Users, oldest first."""
        return _result([person.user() for person in self._world.state.people.values()])

    async def me(self, request: Request) -> Response:
        """The bot, with the commands and texts that `?user=` sees (in `?chat=`, or in private)."""
        state = self._world.state
        user = _number(request, "user")
        person = state.people.get(user)
        language = person.language_code if person else "en"
        chat = state.chats.get(_number(request, "chat") or user)
        commands = profile.commands_for(self._world, chat or Chat(user, "private"), user, language)
        texts = state.profile
        described = {
            "description": texts.descriptions.get(language) or texts.descriptions.get("", ""),
            "short_description": texts.short_descriptions.get(language) or texts.short_descriptions.get("", ""),
            "commands": commands,
        }
        return _result(state.bot_user() | described)

    async def calls(self, request: Request) -> Response:
        """The Bot API calls after number `?since=`."""
        return _result(self._world.calls.since(_number(request, "since")))

    async def chats(self, request: Request) -> Response:
        """Every chat that has messages, each with its last one."""
        return _result(sim.chat_list(self._world))

    async def messages(self, request: Request) -> Response:
        """A chat, oldest message first; `?user=` picks whose votes come along."""
        chat = _whole("chat", request.path_params["chat"])
        return Answer(sim.chat_messages(self._world, chat, _number(request, "user") or chat))

    async def file(self, request: Request) -> Response:
        """A file's content, for pictures, sounds and downloads in the page."""
        file = self._world.state.files.get(request.path_params["file"])
        if file is None:
            return _refusal(Refused(404, "no such file"))
        if file.kind != "document":
            return Response(file.content, media_type=file.mime, headers={"X-Content-Type-Options": "nosniff"})
        # Whatever a person uploads is only ever saved, never shown as a page of this server.
        return Response(
            file.content, media_type="application/octet-stream", headers={"Content-Disposition": "attachment"}
        )

    async def stream(self, request: Request) -> Response:
        """Events as they happen: of all chats, or those that concern `?user=`; calls too with `?calls=1`."""
        user, calls = _number(request, "user"), bool(_number(request, "calls"))
        return StreamingResponse(self._events(user, calls), media_type="text/event-stream", headers=HEADERS)

    async def _events(self, user: int, calls: bool) -> AsyncIterator[str]:
        yield as_server_sent(None)
        async for event in self._world.stream.listen():
            if event is None or self._concerns(event, user, calls):
                yield as_server_sent(event)

    def _concerns(self, event: Json, user: int, calls: bool) -> bool:
        if event["type"] == "call":
            return calls
        if not user or event["chat"] is None:
            return True
        chat = self._world.state.chats.get(event["chat"])
        return chat is not None and user in chat.members

    async def index(self, request: Request) -> Response:
        """The chat page."""
        return FileResponse(FOLDER / "index.html", headers=HEADERS)


def _number(request: Request, name: str) -> int:
    return _whole(name, request.query_params.get(name, "0"))


def _whole(name: str, text: str) -> int:
    if not text.removeprefix("-").isdigit():
        raise HTTPException(400, f"{name}: a number is needed")
    return int(text)


def _result(result: object) -> Response:
    return Answer({"ok": True, "result": result})


def _refusal(refusal: Refused) -> Response:
    return Answer({"ok": False, "description": refusal.description}, refusal.status)
