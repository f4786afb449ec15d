"""Learners who meet the handlers on a real store; nothing goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from telegram import Bot

from bot.domain.authority import Authority
from bot.domain.messages import Entity, Key, Outgoing
from bot.ops.alerts import Alerts
from bot.routes import FEATURES
from bot.runs.follower import Follower
from bot.store import Store, Tables
from bot.telegram.actions import Action, encode
from bot.telegram.incoming import Incoming
from bot.telegram.outbox import Outbox
from bot.telegram.richtext import units
from bot.turns.routes import Routes
from bot.turns.scheduler import Scheduler
from bot.turns.turn import Identity, Turn
from lessons.model import Course
from tests.support.told_runner import ToldRunner

ADA, GRACE = 1001, 1002


IRIS, JUNO = 1003, 1004
"""Iris is an instructor by the settings; Juno may become one."""


IDENTITY = Identity("https://tutor.example", Authority(frozenset({IRIS})), "tutor_bot")


SMALL_COURSE = Path(__file__).parent.parent / "lessons" / "course"


NOW = 1_800_000_000.0
ROUTES = Routes(FEATURES)


@dataclass(frozen=True)
class Shown:
    """What one turn led to."""

    messages: tuple[Outgoing, ...]
    toast: str
    alert: bool
    effects: tuple[object, ...]

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
    identity: Identity = IDENTITY
    routes: Routes = ROUTES

    def __post_init__(self) -> None:
        outbox = Outbox(Bot("1:unused"), self.store, lambda: self.now)
        self.runs = Follower(self.store, self.runner, self.course, outbox, lambda: self.now)
        self._update = 0

    async def says(self, text: str, learner: int = ADA, code: str = "", **more: Any) -> Shown:
        """A message, with a code block at its end if there is one."""
        if code:
            text = f"{text}\n" if text else ""
            more["entities"] = (Entity("pre", units(text), units(code), "python"),)
            text += code
        return await self.comes(learner, **{"message": self._update + 1} | more, text=text)

    async def presses(self, what: Key | Action | str, learner: int = ADA, **more: Any) -> Shown:
        """A button as shown, an action, or raw callback data."""
        data = what.data if isinstance(what, Key) else encode(what) if isinstance(what, Action) else what
        assert data is not None
        return await self.comes(learner, query="1", data=data, **more)

    async def comes(self, learner: int = ADA, **incoming: Any) -> Shown:
        """Any update. What nobody takes shows nothing."""
        self._update += 1
        self.now += 1
        facts: dict[str, Any] = {
            "chat": learner,
            "private": True,
            "name": f"Learner {learner}",
            "sent_at": self.now,
        } | incoming
        came = Incoming(update=self._update, learner=learner, **facts)
        handler = self.routes.handler_of(came)

        def work(tables: Tables) -> Shown:
            turn = Turn(tables, came, self.now, self.course, self.runs, self.routes, self.identity)
            if handler:
                handler(turn)
            messages = tuple(_taken(tables, came.chat))
            return Shown(messages, turn.answer.text, turn.answer.alert, tuple(turn.effects))

        return await self.store.transact(work)

    async def ticks(self, seconds: float = 0.0, take: bool = True) -> dict[int, list[Outgoing]]:
        """So many seconds later the scheduler does what is due. Returns what waits then, by chat, and takes it out."""
        self.now += seconds
        scheduler = Scheduler(
            self.store,
            self.routes.jobs,
            self.course,
            self.identity,
            Alerts(),
            lambda: self.now,
            lambda: self.now,
        )
        await scheduler.tick()
        return await self.waiting() if take else {}

    async def waiting(self) -> dict[int, list[Outgoing]]:
        """What waits, by chat; it is taken out."""
        return await self.store.transact(lambda t: {chat: list(_taken(t, chat)) for chat in t.outbox.chats()})


def _taken(tables: Tables, chat: int) -> Iterator[Outgoing]:
    while message := tables.outbox.next(chat):
        tables.outbox.delivered(message.id, NOW)
        yield message
