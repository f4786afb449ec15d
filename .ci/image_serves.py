"""Runs inside the image: its own command serves a learner of the emulator, is asked for its health, and is ended.

The argument is what `buildah inspect` says of the image. Prints a line for each thing proved.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
from typing import Any

import httpx
import uvicorn

from bot.emulator import Emulator

ADA = 1001


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def until(what: str, seconds: float, found: Any) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := await found():
            return result
        await asyncio.sleep(0.1)
    raise SystemExit(f"not within {seconds:.0f} s: {what}")


async def main() -> None:
    image = json.loads(sys.argv[1])["Docker"]["config"]
    emulator, port, pages = Emulator(), free(), str(free())
    server = uvicorn.Server(uvicorn.Config(emulator.app, port=port, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    address = f"http://127.0.0.1:{port}"
    settings = {"TUTOR_TOKEN": "1:emulated", "TUTOR_BASE_URL": address, "TUTOR_PORT": pages, "TUTOR_SLOTS": "1"}
    environment = os.environ | settings
    bot = await asyncio.create_subprocess_exec(*image["Entrypoint"], *image["Cmd"], env=environment)
    try:
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=10) as people:
            started = time.monotonic()
            (await people.post("/sim/message", json={"user": ADA, "text": "/start"})).raise_for_status()

            async def reply() -> str | None:
                chat = (await people.get(f"/sim/chats/{ADA}/messages")).json()
                return next((one["text"] for one in chat["result"] if one["from"]["is_bot"]), None)

            greeting = (await until("a reply to /start", 60, reply)).splitlines()[0]
            print(f"tutor serve answers /start after {time.monotonic() - started:.1f} s: {greeting}", flush=True)

        async def healthy() -> bool:
            asked = await asyncio.create_subprocess_exec(*image["Healthcheck"]["Test"][1:], env=environment)
            return await asked.wait() == 0

        await until("the HEALTHCHECK's command says healthy", 20, healthy)
        print("its HEALTHCHECK says healthy", flush=True)
        bot.send_signal(getattr(signal, image["StopSignal"]))
        status = await asyncio.wait_for(bot.wait(), 10)
        if status or await healthy():
            raise SystemExit(f"after {image['StopSignal']}: status {status}")
        print(f"it ends by {image['StopSignal']}, and is then not healthy; {os.environ['TUTOR_DB']} stays", flush=True)
        os.stat(os.environ["TUTOR_DB"])
    finally:
        if bot.returncode is None:
            bot.kill()
            await bot.wait()
        await emulator.aclose()
        server.should_exit = True
        await serving


asyncio.run(main())
