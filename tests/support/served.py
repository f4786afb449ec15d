"""An emulator that is served, and people who chat with it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from telegram import Bot

from bot.emulator import Emulator
from tests.support.waiting import PATIENCE, eventually

TOKEN = "4242:test-token"


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
