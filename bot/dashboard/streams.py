"""Streams of server-sent events to browsers, and their common end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from starlette.responses import Response, StreamingResponse

from bot.store import StoreUnavailable

MOST = 200
"""Most streams at once; each reads its visitor from the database once a second."""
LOOK_SECONDS = 1.0
BEAT_SECONDS = 15.0
"""Seconds between comments that keep a quiet stream open through proxies and detect a closed browser."""

log = logging.getLogger(__name__)
Look = Callable[[], Awaitable[str | None]]
"""What the browser should show now; None ends the stream, since it may see nothing any more."""


class Streams:
    """Every stream that is open; `aclose` ends them, so that the server can stop at once."""

    def __init__(self) -> None:
        self._open = 0
        self._closing = asyncio.Event()

    def stream(self, look: Look) -> Response:
        """Sends what `look` returns whenever that changes. When the database does not answer it ends, and the browser
        comes back."""
        if self._open >= MOST:
            return Response("Too many live pages are open.\n", 503, headers={"Retry-After": "30"})
        return StreamingResponse(self._events(look), media_type="text/event-stream")

    async def aclose(self) -> None:
        self._closing.set()

    async def _events(self, look: Look) -> AsyncIterator[str]:
        self._open += 1
        try:
            shown, quiet = "", 0.0
            while not self._closing.is_set():
                try:
                    now = await look()
                except StoreUnavailable as error:
                    log.error("a live page cannot have the database: %s", error)
                    return
                if now is None:
                    yield event("", "end")
                    return
                if now != shown:
                    yield event(now)
                    shown, quiet = now, 0.0
                elif quiet >= BEAT_SECONDS:
                    yield ":\n\n"
                    quiet = 0.0
                quiet += LOOK_SECONDS
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), LOOK_SECONDS)
        finally:
            self._open -= 1


def event(data: str, kind: str = "message") -> str:
    """One event in the format of server-sent events."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {kind}\n{lines}\n"
