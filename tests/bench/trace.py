"""The way of an update through our modules: `python -m tests.bench.trace` prints it for one quiz answer and one /train.

Bot, runner and emulator are in one process. A profile function in every thread notes which of our files are entered,
from the press or message until the outbox is empty. What also runs at that moment by chance (a timer's tick) is left
out: the story is played by several learners, and only what all of them entered counts.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount
from telegram import Bot

from bot import settings
from bot.app import ALLOWED_UPDATES, build, running
from bot.emulator import Emulator
from bot.ops.serving import address, listen, serving
from bot.services import Services
from bot.telegram.polling import polling
from runner import Runner, open_runner

ROOT = Path(__file__).parent.parent.parent
OURS = tuple(f"{ROOT / name}/" for name in ("bot", "lessons", "runner"))
OTHERS = (f"{ROOT / 'bot' / 'emulator'}/", f"{ROOT / 'lessons' / 'course'}/")
TOKEN = "1:emulated-needs-no-secret"
LEARNERS = 3
GOES_ON = 3
"""Bits of the argument of the instruction RESUME: a coroutine that goes on after an `await` is not entered again."""
PATIENCE = 60.0


class Trace:
    """The files of ours that are entered while `on`, in order of their first entry, with how often."""

    def __init__(self) -> None:
        self.on = False
        self.entered: dict[str, int] = {}

    def start(self) -> None:
        """For this thread and all that are made from now on."""
        threading.setprofile(self._note)
        sys.setprofile(self._note)

    def _note(self, frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if not self.on or event != "call" or not code.co_filename.startswith(OURS):
            return
        begins = not code.co_code[frame.f_lasti + 1] & GOES_ON
        if begins and code.co_name != "<module>" and not code.co_filename.startswith(OTHERS):
            name = str(Path(code.co_filename).relative_to(ROOT))
            self.entered[name] = self.entered.get(name, 0) + 1

    async def of(self, story: Awaitable[None]) -> dict[str, int]:
        """What a story enters."""
        self.entered, self.on = {}, True
        try:
            await story
        finally:
            self.on = False
        return self.entered


class People:
    """Those who chat with the bot: they write and press in the emulator of this process."""

    def __init__(self, emulator: Emulator, services: Services, page: str) -> None:
        self._emulator = emulator
        self._services = services
        self._page = page

    def messages(self, learner: int) -> list[dict[str, Any]]:
        there = self._emulator.world.state.chat(learner).messages.values()
        return [message for message in there if message["from"]["is_bot"]]

    async def says(self, learner: int, text: str, until: Callable[[], object]) -> None:
        await self._act("message", user=learner, text=text)
        await self._settled(until)

    async def presses(self, learner: int, label: str, until: Callable[[], object]) -> None:
        message = [m["message_id"] for m in self.messages(learner) if label in labels(m)][-1]
        await self._act("press", user=learner, message_id=message, button=label, wait=PATIENCE)
        await self._settled(until)

    async def _act(self, name: str, **parameters: Any) -> None:
        async with httpx.AsyncClient(base_url=self._page, timeout=PATIENCE) as http:
            answer = await http.post(f"/sim/{name}", json=parameters)
            assert answer.status_code == 200, answer.text

    async def _settled(self, until: Callable[[], object]) -> None:
        """What is awaited stands in the chat, and nothing waits to be delivered."""
        deadline = time.monotonic() + PATIENCE
        while not until():
            assert time.monotonic() < deadline, "it never came"
            await asyncio.sleep(0.01)
        await self._services.outbox.drained()


@asynccontextmanager
async def tutor(folder: Path, runner: Runner) -> AsyncIterator[People]:
    listener = listen("127.0.0.1", 0, "-")
    page = address(listener)
    emulator = Emulator("Keras Tutor", "keras_tutor_bot")
    bot: Bot
    bot, services = build(settings.read(token=TOKEN, base_url=page, db=folder / "trace.db"), runner)
    async with (
        serving(Starlette(routes=[Mount("/", emulator.app)]), listener),
        running(bot, services) as inbox,
        polling(bot, inbox, ALLOWED_UPDATES),
    ):
        try:
            yield People(emulator, services, page)
        finally:
            await emulator.aclose()


async def main() -> None:
    trace = Trace()
    trace.start()
    with tempfile.TemporaryDirectory() as folder:
        async with open_runner() as runner:
            await runner.ready()
            async with tutor(Path(folder), runner) as people:
                await people.says(1, "/start", lambda: people.messages(1))
                show("One quiz answer (a press)", [await answered(trace, people, 100 + n) for n in range(LEARNERS)])
                show("One /train", [await trained(trace, people, 100 + n) for n in range(LEARNERS)])


async def answered(trace: Trace, people: People, learner: int) -> dict[str, int]:
    """The first choice of the first question."""
    asked = lambda: any("A" in labels(m) for m in people.messages(learner))  # noqa: E731
    await people.says(learner, "/quiz", asked)
    before = [m.get("text") for m in people.messages(learner)]
    changed = lambda: [m.get("text") for m in people.messages(learner)] != before  # noqa: E731
    return await trace.of(people.presses(learner, "A", changed))


async def trained(trace: Trace, people: People, learner: int) -> dict[str, int]:
    """From the command to its result."""
    ended = lambda: any(str(m.get("caption")).startswith("✅") for m in people.messages(learner))  # noqa: E731
    return await trace.of(people.says(learner, "/train", ended))


def labels(message: dict[str, Any]) -> list[str]:
    return [b["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


def show(title: str, traces: list[dict[str, int]]) -> None:
    """What all of them entered, in the order of the first."""
    shared = [name for name in traces[0] if all(name in trace for trace in traces)]
    print(f"{title}: {len(shared)} modules")
    for name in shared:
        print(f"  {name}  {traces[0][name]}")
    print()


if __name__ == "__main__":
    asyncio.run(main())
