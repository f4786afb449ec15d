"""A real store, the shipped course, a runner that does what a test tells it, and learners who need no network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import hypothesis
import pytest
from telegram import Bot

from bot import buttons
from bot.alerts import Alerts
from bot.clockwork import Clockwork
from bot.emulator import Emulator
from bot.handlers import general
from bot.incoming import Incoming
from bot.outbox import Outbox, delivered
from bot.records import Key, Outgoing
from bot.runs import Runs
from bot.store import Store, Tables
from bot.text import Entity, units
from bot.turn import House, Turn
from bot.wiring import COMMANDS, TEACHING, class_jobs, for_instructors, fresh, press
from lessons.loader import load
from lessons.model import Course
from runner import Event, Failed, Job, Reason, Safety
from tests.emulator.conftest import Served, running

# How long one example takes says more about the machine's other work than about the code.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

ADA, GRACE = 1001, 1002
IRIS, JUNO = 1003, 1004
"""Iris is an instructor by the settings; Juno may become one."""
HOUSE = House("tutor_bot", "https://tutor.example", frozenset({IRIS}))
SMALL_COURSE = Path(__file__).parent.parent / "lessons" / "course"
NOW = 1_800_000_000.0


@pytest.fixture(scope="session")
def course() -> Course:
    """The course that ships."""
    return load()


@pytest.fixture(scope="session")
def small_course() -> Course:
    """Two lessons; the first has a question of every kind, the second neither examples nor a long quiz."""
    return load(SMALL_COURSE)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "tutor.db")
    yield made
    made.close()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """An emulator to which Ada and Grace have written."""
    async with running(Emulator("Tutor", "tutor_bot")) as server:
        for user in (ADA, GRACE):
            await server.says("/start", user=user)
        yield server


@pytest.fixture
async def bot(served: Served) -> AsyncIterator[Bot]:
    async with served.bot() as made:
        yield made


class ToldRunner:
    """A runner whose jobs do just what a test tells them, when it tells them; the real one cannot be timed so."""

    def __init__(self) -> None:
        self.safety = Safety(("told",), (), untrusted=False)
        self.jobs: list[Job] = []
        self.closed: list[Job] = []
        self.tidied = asyncio.Event()
        """A job that is cancelled takes until then to be gone."""
        self.tidied.set()
        self.at_stop = Failed(Reason.CANCELLED, "The run was cancelled.")
        """The last event of a job that is stopped."""
        self._events: asyncio.Queue[Event | Exception | None] = asyncio.Queue()

    async def ready(self) -> Safety:
        return self.safety

    def tell(self, *events: Event | Exception | None) -> None:
        """What happens next in the job that runs; None ends it without a last event."""
        for event in events:
            self._events.put_nowait(event)

    async def run(self, job: Job) -> AsyncIterator[Event]:
        self.jobs.append(job)
        try:
            while (event := await self._events.get()) is not None:
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            await self.tidied.wait()
            self.closed.append(job)

    def stop(self, job: Job) -> None:
        assert job in self.jobs
        self.tell(self.at_stop, None)

    async def aclose(self) -> None:
        """Nothing to end."""


@dataclass(frozen=True)
class Shown:
    """What one turn led to."""

    messages: tuple[Outgoing, ...]
    toast: str
    alert: bool
    effects: tuple[Callable[[], object], ...]

    @property
    def only(self) -> Outgoing:
        assert len(self.messages) == 1, [message.text for message in self.messages]
        return self.messages[0]

    @property
    def text(self) -> str:
        return self.only.text

    @property
    def labels(self) -> list[str]:
        return [key.text for key in keys(self.only)]

    def key(self, label: str) -> Key:
        """The button whose label contains this."""
        found = [key for message in self.messages for key in keys(message) if label in key.text]
        assert found, f"no button {label!r} among {self.labels}"
        return found[0]


def keys(message: Outgoing) -> list[Key]:
    return [key for row in message.keyboard for key in row]


@dataclass
class Desk:
    """Where learners meet the handlers: each act is a Turn on the real store, and nothing goes out."""

    store: Store
    course: Course
    runner: ToldRunner = field(default_factory=ToldRunner)
    now: float = NOW
    house: House = HOUSE

    def __post_init__(self) -> None:
        outbox = Outbox(Bot("1:unused"), self.store, lambda: self.now)
        self.runs = Runs(self.store, self.runner, self.course, outbox, lambda: self.now)
        self._commands = {command.name: fresh(command.handler) for command in COMMANDS}
        self._commands |= {command.name: fresh(for_instructors(command.handler)) for command in TEACHING}
        self._update = 0

    async def says(self, text: str, learner: int = ADA, code: str = "", **more: Any) -> Shown:
        """A message, with a code block at its end if there is one; commands go to their handlers as the table in
        `wiring` has them."""
        if code:
            text = f"{text}\n" if text else ""
            more["entities"] = (Entity("pre", units(text), units(code), "python"),)
            text += code
        command = text[1:].split()[0] if text.startswith("/") else None
        handler = self._commands.get(command, fresh(general.unknown)) if command else general.written
        return await self.takes(handler, learner, message=self._update + 1, text=text, **more)

    async def presses(self, what: Key | buttons.Action | str, learner: int = ADA, **more: Any) -> Shown:
        """A button as shown, an action, or raw callback data."""
        data = (
            what.data if isinstance(what, Key) else buttons.encode(what) if isinstance(what, buttons.Action) else what
        )
        assert data is not None
        return await self.takes(press, learner, query="1", data=data, **more)

    async def takes(self, handler: Callable[[Turn], None], learner: int = ADA, **incoming: Any) -> Shown:
        self._update += 1
        self.now += 1
        facts: dict[str, Any] = {
            "chat": learner,
            "private": True,
            "name": f"Learner {learner}",
            "sent_at": self.now,
        } | incoming
        came = Incoming(update=self._update, learner=learner, **facts)

        def work(tables: Tables) -> Shown:
            turn = Turn(tables, self.course, self.runs, came, self.now, self.house)
            handler(turn)
            messages = tuple(_taken(tables, came.chat))
            return Shown(messages, turn.answer.text, turn.answer.alert, tuple(turn.effects))

        return await self.store.transact(work)

    async def ticks(self, seconds: float = 0.0, take: bool = True) -> dict[int, list[Outgoing]]:
        """So many seconds later the clockwork does what is due. Returns what waits then, by chat, and takes it out."""
        self.now += seconds
        quiet = cast(Outbox, Undelivered())
        jobs = class_jobs(self.course, self.house.instructors)
        await Clockwork(self.store, quiet, jobs, Alerts(), lambda: self.now, lambda: self.now).tick()
        return await self.waiting() if take else {}

    async def waiting(self) -> dict[int, list[Outgoing]]:
        """What waits, by chat; it is taken out."""
        return await self.store.transact(lambda t: {chat: list(_taken(t, chat)) for chat in t.outbox.chats()})


class Undelivered:
    """An outbox from which nothing goes out."""

    async def recover(self) -> None:
        """Leave it all where it is."""


def _taken(tables: Tables, chat: int) -> Iterator[Outgoing]:
    while message := tables.outbox.next(chat):
        delivered(tables, message, NOW)
        yield message


@pytest.fixture
def desk(store: Store, course: Course) -> Desk:
    return Desk(store, course)


@pytest.fixture
def small_desk(store: Store, small_course: Course) -> Desk:
    return Desk(store, small_course)
