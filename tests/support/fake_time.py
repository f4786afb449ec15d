"""An event loop whose time a test need not wait for, and Telegram's stand-in inside of that loop.

The time stands still while anything can go on, and jumps to the next timer when nothing can. So a minute of waiting
takes no time, and no outcome depends on how busy the machine is.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import httpx
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.emulator import Emulator
from bot.emulator.state import Person
from bot.store import Store, Tables

T = TypeVar("T")
EPOCH = 1_800_000_000.0
"""The time since 1970 when a loop begins."""


class _Leaping(selectors.DefaultSelector):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.elsewhere = 0
        """Pieces of work under way in other threads: while there are any, time does not jump."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.elsewhere:
            return super().select(None if timeout is None or timeout > 0 else 0)
        events = super().select(0)
        if not events and timeout:
            self.now += timeout
        assert events or timeout is not None, "everything waits, and nothing will ever happen"
        return events


class FakeTimeLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.leaping = _Leaping()
        super().__init__(self.leaping)

    def time(self) -> float:
        return self.leaping.now


def run(story: Coroutine[Any, Any, T]) -> T:
    """Runs a story in a loop of its own with fake time."""
    with asyncio.Runner(loop_factory=FakeTimeLoop) as runner:
        return runner.run(story)


class ThreadedStore(Store):
    """The real store. Time does not jump while its threads work."""

    async def transact(self, work: Callable[[Tables], T]) -> T:
        return await _elsewhere(super().transact(work))

    async def read(self, work: Callable[[Tables], T]) -> T:
        return await _elsewhere(super().read(work))

    async def read_promptly(self, work: Callable[[Tables], T]) -> T:
        return await _elsewhere(super().read_promptly(work))


async def _elsewhere(work: Coroutine[Any, Any, T]) -> T:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FakeTimeLoop)
    loop.leaping.elsewhere += 1
    try:
        return await work
    finally:
        loop.leaping.elsewhere -= 1


class _InProcess(httpx.ASGITransport):
    """Requests reach the server without a network; answers that take too long, or break off, are errors as they are
    over one."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            async with asyncio.timeout(request.extensions["timeout"]["read"]):
                return await super().handle_async_request(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout("no answer in time", request=request) from error
        except AssertionError as error:  # the transport's own: the answer had no end
            raise httpx.RemoteProtocolError("the connection broke off", request=request) from error


class Messenger:
    """The emulator, whose clock is the loop's, with Telegram's limits on sending unless they are lifted."""

    def __init__(self, flood: bool = True) -> None:
        self._loop = asyncio.get_running_loop()
        self.emulator = Emulator("Tutor", "tutor_bot", flood=flood, clock=self.now)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.emulator.app), base_url="http://emulator")

    def now(self) -> float:
        """Seconds since 1970, in any thread."""
        return EPOCH + self._loop.time()

    def bot(self) -> Bot:
        transport = {"transport": _InProcess(self.emulator.app)}
        requests = [HTTPXRequest(httpx_kwargs=transport) for _ in range(2)]
        return Bot("4242:test-token", "http://emulator/bot", "http://emulator/file/bot", *requests)

    def meets(self, *chats: int) -> None:
        """The bot may write to these chats."""
        state = self.emulator.world.state
        for chat in chats:
            if chat > 0:
                state.add_person(Person(chat, f"Person {chat}"))
            state.chat(chat).met = True

    async def act(self, name: str, /, **parameters: Any) -> Any:
        """What a person does."""
        answer = await self.http.post(f"/sim/{name}", json=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def texts(self, chat: int) -> list[str]:
        """What the bot wrote to a chat."""
        messages = self.emulator.world.state.chat(chat).messages.values()
        return [m.get("text", m.get("caption", "")) for m in messages if m["from"]["is_bot"]]

    def refused(self, status: int = 429) -> int:
        """How many calls of those that are remembered were refused so."""
        return sum(call["answer"].get("error_code") == status for call in self.emulator.world.calls.since(0))


def store_in(folder: Path) -> ThreadedStore:
    return ThreadedStore(folder / "tutor.db")
