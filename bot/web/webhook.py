"""Where Telegram delivers updates: each is stored before it is acknowledged."""

from __future__ import annotations

import hmac
import json
import logging
from asyncio import Queue
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from telegram import Bot, Update
from telegram.error import NetworkError

log = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1 << 20
"""Bytes of a body. Telegram's updates hold a few kilobytes."""


def receiver(bot: Bot, inbox: Queue[Any], secret: str) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that puts updates into the inbox. 503 when they cannot be stored: Telegram then sends them again."""

    async def receive(request: Request) -> Response:
        # Bytes, since compare_digest takes no other text than ASCII, and a stranger may send any.
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), secret.encode()):
            return PlainTextResponse("This address is for Telegram.\n", 403)
        body = await _body(request)
        if body is None:
            return PlainTextResponse(f"An update has at most {LARGEST} bytes.\n", 413)
        update = _update(body, bot)
        if update is None:
            return PlainTextResponse("That is no update.\n", 400)
        try:
            await inbox.put(update)
        except NetworkError as error:
            log.error("%s; Telegram will send it again", error)
            return PlainTextResponse("It cannot be stored now.\n", 503)
        return Response(status_code=200)

    return receive


async def _body(request: Request) -> bytes | None:
    """None when it is too large; what comes beyond is not read."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _update(body: bytes, bot: Bot) -> Update | None:
    try:
        read = json.loads(body)
        if not isinstance(read, dict) or type(read.get("update_id")) is not int:
            return None
        return Update.de_json(read, bot)
    except (ValueError, RecursionError):
        return None
    except Exception:
        log.exception("an update has a form that the library cannot read")
        return None
