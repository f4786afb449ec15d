"""Where Telegram delivers updates: each is stored before it is acknowledged."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from telegram.error import NetworkError

from bot.telegram.inbox import Inbox
from bot.telegram.rawupdate import NoObject, received

log = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1 << 20
"""Bytes of a body. Telegram's updates hold a few kilobytes."""


def receiver(inbox: Inbox, secret: str) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that puts updates into the inbox. 503 when they cannot be stored: Telegram then sends them again.
    One that cannot be read is stored too: Telegram would send it for a day, and hold back what follows it."""

    async def receive(request: Request) -> Response:
        # Bytes, since compare_digest takes no other text than ASCII, and a stranger may send any.
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), secret.encode()):
            return PlainTextResponse("This address is for Telegram.\n", 403)
        body = await _body(request)
        if body is None:
            return PlainTextResponse(f"An update has at most {LARGEST} bytes.\n", 413)
        try:
            update = received(body.decode("utf-8", "replace"))
        except NoObject as error:
            return PlainTextResponse(f"That is no update: {error}\n", 400)
        try:
            await inbox.put_all([update])
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
