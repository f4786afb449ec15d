"""Serves an ASGI application inside the bot's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp


def listen(host: str, port: int, hint: str) -> socket.socket:
    """A listening socket, bound before anything starts, so that a taken port is one clear line.

    Raises OSError, which says that `hint` chooses another.
    """
    # asyncio sees that it is TCP, and switches Nagle off: with it, each exchange waits 40 ms for an acknowledgement.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # from now on a connection waits for the server instead of failing
    except OSError as error:
        listener.close()
        why = error.strerror or str(error)
        raise OSError(f"port {port} of {host} cannot be used ({why}); choose another with {hint}") from None
    return listener


def address(listener: socket.socket) -> str:
    """The socket's address as a browser takes it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """The application on a bound socket, which is closed at the end. Signals and logging stay with the bot."""
    config = uvicorn.Config(app, log_config=None, log_level="warning", lifespan="off", timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
