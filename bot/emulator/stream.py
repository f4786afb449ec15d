"""Live events for the chat page: whatever changes is told to every listener at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from .answers import Json, dumped

HEARTBEAT = 15.0  # seconds of silence after which a comment keeps the connection alive
CLOSED: Json = {}


class Stream:
    """The listeners of this moment, each with its own queue."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Json]] = set()
        self._closed = False

    def tell(self, event: Json) -> None:
        """Gives an event to every listener."""
        for listener in self._listeners:
            listener.put_nowait(event)

    def close(self) -> None:
        """Ends all listening."""
        self._closed = True
        self.tell(CLOSED)

    async def listen(self) -> AsyncIterator[Json | None]:
        """Yields events as they come, and None now and then when there are none."""
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            while not self._closed:
                try:
                    event = await asyncio.wait_for(queue.get(), HEARTBEAT)
                except TimeoutError:
                    yield None
                    continue
                if event is CLOSED:
                    return
                yield event
        finally:
            self._listeners.discard(queue)


def as_server_sent(event: Json | None) -> str:
    """One event in the format of server-sent events; None is a comment."""
    return f"data: {dumped(event)}\n\n" if event else ": still here\n\n"
