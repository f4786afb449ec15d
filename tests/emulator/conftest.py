"""A running emulator, a bot that talks to it over HTTP, and a person who chats."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import struct
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from PIL import Image
from telegram import Bot

from bot.emulator import Emulator

TOKEN = "4242:test-token"
PATIENCE = 10.0  # seconds after which something awaited counts as missing


def png(width: int = 40, height: int = 30) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xff" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def gif(*shades: int, size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture that goes through these shades of grey, half a second each."""
    frames = [Image.new("L", size, shade) for shade in shades or (0, 120, 250)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=500, loop=0)
    return buffer.getvalue()


class Server(uvicorn.Server):
    """uvicorn inside of the test's event loop; signals stay pytest's, and it stops at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stop = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.stop.wait()

    async def shutdown(self, sockets: Any = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@contextlib.asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Serves an ASGI application on a free port; yields its address."""
    server = Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.stop.set()
        await task


async def eventually(condition: Callable[[], Any]) -> Any:
    """Waits until a condition, plain or awaitable, holds, and returns what it gave; fails when it never does."""
    deadline = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if isinstance(value, Awaitable):
            value = await value
        if value:
            return value
        assert time.monotonic() < deadline, "it never happened"
        await asyncio.sleep(0.01)


@dataclass
class Served:
    """An emulator that answers at `address`."""

    emulator: Emulator
    address: str
    http: httpx.AsyncClient

    async def call(self, method: str, /, **parameters: Any) -> dict[str, Any]:
        """A Bot API call with a JSON body; the whole answer."""
        body = json.dumps(parameters)
        response = await self.http.post(
            f"/bot{TOKEN}/{method}", content=body, headers={"content-type": "application/json"}
        )
        return {"status": response.status_code, **response.json()}

    async def act(self, name: str, /, **parameters: Any) -> Any:
        """What a person does; the result, or a failure of the test when it is refused."""
        body, kind = json.dumps(parameters), {"content-type": "application/json"}
        response = await self.http.post(f"/sim/{name}", content=body, headers=kind)
        assert response.status_code == 200, response.text
        return response.json()["result"]

    async def refused(self, name: str, /, **parameters: Any) -> str:
        """What a person tries in vain; the reason."""
        response = await self.http.post(f"/sim/{name}", json=parameters)
        assert 400 <= response.status_code < 500, response.text
        assert response.json()["ok"] is False
        return str(response.json()["description"])

    async def says(self, text: str, user: int = 1001, **more: Any) -> dict[str, Any]:
        """A person writes; the message."""
        return dict(await self.act("message", user=user, text=text, **more))

    async def chat(self, chat: int = 1001) -> list[dict[str, Any]]:
        """The messages of a chat."""
        return list((await self.http.get(f"/sim/chats/{chat}/messages")).json()["result"])

    async def calls(self, since: int = 0) -> list[dict[str, Any]]:
        """The call log."""
        return list((await self.http.get(f"/sim/calls?since={since}")).json()["result"])

    def bot(self) -> Bot:
        """A PTB bot of this server; to be initialised by whoever uses it."""
        return Bot(TOKEN, base_url=f"{self.address}/bot", base_file_url=f"{self.address}/file/bot")


@contextlib.asynccontextmanager
async def running(emulator: Emulator) -> AsyncIterator[Served]:
    """Serves an emulator."""
    async with serving(emulator.app) as address, httpx.AsyncClient(base_url=address, timeout=PATIENCE) as http:
        try:
            yield Served(emulator, address, http)
        finally:
            await emulator.aclose()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """An emulator with its default people."""
    async with running(Emulator("Tutor", "tutor_bot")) as server:
        yield server


@pytest.fixture
async def bot(served: Served) -> AsyncIterator[Bot]:
    """A PTB bot whom Ada (1001) has written to."""
    async with served.bot() as made:
        await served.says("/start")
        yield made


@pytest.fixture
def run_emulator() -> Callable[[Emulator], Any]:
    """Serves an emulator made by the test."""
    return running


@pytest.fixture
def serve() -> Callable[[Any], Any]:
    """Serves any ASGI application."""
    return serving


@pytest.fixture
def until() -> Callable[[Callable[[], Any]], Awaitable[Any]]:
    """Waits for a condition."""
    return eventually
