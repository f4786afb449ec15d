"""The emulator as one object: its state and the ASGI application that serves it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from . import api, page
from .answers import Json
from .calls import Calls
from .faults import Faults, FloodRule
from .state import Person, State
from .stream import Stream
from .updates import Updates
from .world import World

PEOPLE = (
    Person(1001, "Ada", "ada"),
    Person(1002, "Grace", "grace"),
    Person(1003, "Alan", "alan"),
    Person(9001, "Dr. Noether", "noether"),
)


class Emulator:
    """A stand-in for Telegram with one bot: a Bot API server and a chat page, all in memory.

    `bot_username` is without @. `people` are there from the start; `met` are people who wrote to the bot before this
    start, so that it may write to them first. With `flood` Telegram's limits on sending hold
    (one message a second per chat and 20 a minute in groups, over a minute; 30 a second in all). `clock` tells the
    time in seconds since 1970.
    """

    def __init__(
        self,
        bot_name: str = "Bot",
        bot_username: str = "emulated_bot",
        people: Iterable[Person] = PEOPLE,
        *,
        met: Iterable[Person] = (),
        flood: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        stream = Stream()
        state = State(bot_name, bot_username, people, met, clock, stream.tell)
        self.world = World(
            state=state,
            updates=Updates(clock, delivered=lambda update: _seen(state, update)),
            stream=stream,
            calls=Calls(stream.tell),
            faults=Faults(),
            flood=FloodRule(clock) if flood else None,
        )
        self.app = Starlette(
            routes=[*api.routes(self.world), *page.View(self.world).routes()],
            exception_handlers={HTTPException: _http_error},
        )

    async def aclose(self) -> None:
        """Ends long polls, live streams and webhook deliveries, so that a web server can stop at once."""
        self.world.stream.close()
        await self.world.updates.aclose()


def _seen(state: State, update: Json) -> None:
    """Marks a person's message as fetched by the bot: the second tick in the chat page."""
    # A raw update may hold anything; only what stands in its chat can be seen there.
    message = _object(update.get("message"))
    message_id, where = message.get("message_id"), _object(message.get("chat")).get("id")
    if type(message_id) is not int or type(where) is not int:
        return
    chat = state.chats.get(where)
    if chat and message_id in chat.messages and message_id > chat.seen:
        chat.seen = message_id
        state.tell("seen", chat.id, message_id=message_id)


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


async def _http_error(request: Request, error: Exception) -> Response:
    """Every error is JSON in the shape of the Bot API."""
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "Server Error")
    return JSONResponse({"ok": False, "error_code": status, "description": detail}, status)
