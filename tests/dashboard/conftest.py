"""The pages on a real store, with the class that `tutor seed` makes, and an instructor who is signed in."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar, cast

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot import settings
from bot.app import build
from bot.commands.seed import seed
from bot.dashboard.sign_in import COOKIE
from bot.dashboard.site import Dashboard
from bot.domain import tokens
from bot.domain.classes import Cohort
from bot.domain.people import Session
from bot.ops.serving import address, listen
from bot.services import Services
from bot.store import Store, Tables
from runner import Runner

T = TypeVar("T")
NOW = 1_800_000_000.0
EMMY, OTHER = 5001, 5002
LEARNERS = 60
HOSTILE = ("<img src=x onerror=alert(1)>", "W" * 64, "\u202eright to left", "two\nlines", "", "a\u0301" * 40)
WEB = "http://tutor.test"


def done(work: Coroutine[Any, Any, T]) -> T:
    """What the coroutine returns; also where a loop runs already, as in asynchronous tests, and in Playwright's."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, work).result()


@dataclass
class House:
    """The dashboard, and what is behind it."""

    services: Services
    dashboard: Dashboard
    cohort: Cohort
    """The seeded class, which Emmy teaches."""
    cookies: dict[int, str] = field(default_factory=dict)
    csrf: dict[int, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"/dashboard/classes/{self.cohort.id}"

    @property
    def app(self) -> Starlette:
        return Starlette(routes=self.dashboard.routes)

    def do(self, work: Callable[[Tables], Any]) -> Any:
        """Work on the store, done when this returns."""
        return done(self.services.store.transact(work))

    def sign_in(self, instructor: int) -> None:
        secret, csrf = tokens.secret(), tokens.secret().text
        self.cookies[instructor], self.csrf[instructor] = secret.text, csrf
        self.do(lambda t: t.instructors.appoint(instructor, "Somebody", 1, NOW))
        self.do(lambda t: t.sessions.open(secret.hash, Session(instructor, csrf, NOW, NOW)))

    def client(self, instructor: int | None = EMMY) -> httpx.AsyncClient:
        cookies = {} if instructor is None else {COOKIE: self.cookies[instructor]}
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=WEB, cookies=cookies)

    def new_class(self, instructor: int, name: str, names: tuple[str, ...] = ()) -> Cohort:
        """Learners are 6001, 6002, ..."""

        def make(tables: Tables) -> Cohort:
            made: Cohort = tables.cohorts.create(name, tokens.code(), "grain", instructor, NOW - 3e6)
            for id, learner in enumerate(names, 6001):
                tables.learners.meet(id, learner, None, None, NOW - 2e6)
                tables.cohorts.enrol(made.id, id, NOW - 2e6)
            return made

        return cast(Cohort, self.do(make))


@contextmanager
def open_house(db: Path) -> Iterator[House]:
    """The dashboard on this database, in which there is a seeded class."""
    chosen = settings.read(token="1:unused", db=db, public_url=WEB)
    _, services = build(chosen, cast(Runner, None), clock=lambda: NOW)
    cohort = done(services.store.read(lambda t: t.cohorts.taught_by(EMMY)))[0]
    house = House(services, Dashboard(services), cohort)
    house.do(lambda t: t.learners.meet(EMMY, "Emmy Noether", "noether", "en", NOW))
    for instructor in (EMMY, OTHER):
        house.sign_in(instructor)
    yield house
    services.store.close()


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live page looks for news twenty times a second."""
    monkeypatch.setattr("bot.dashboard.streams.LOOK_SECONDS", 0.05)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seeded") / "tutor.db"
    seed(path, LEARNERS, EMMY, "Deep Learning, autumn", NOW)
    store = Store(path)  # closing it puts everything into the one file
    store.close()
    return path


@pytest.fixture(scope="session")
def shared(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """For tests that only look. Besides the seeded class there is one of hostile names, and an empty one."""
    with open_house(Path(shutil.copy(seeded, tmp_path_factory.mktemp("shared")))) as house:
        house.new_class(EMMY, "Empty")
        house.new_class(EMMY, '<b>“Hostile” & "quoted"</b> ' + "W" * 60, HOSTILE)
        yield house


@pytest.fixture
def house(seeded: Path, tmp_path: Path) -> Iterator[House]:
    """For tests that write."""
    with open_house(Path(shutil.copy(seeded, tmp_path))) as house:
        yield house


@pytest.fixture
async def client(shared: House) -> AsyncIterator[httpx.AsyncClient]:
    async with shared.client() as made:
        yield made


@pytest.fixture(scope="session")
def server(shared: House) -> Iterator[str]:
    """The shared house on a port; its address."""
    listener = listen("127.0.0.1", 0, "nothing")
    config = uvicorn.Config(shared.app, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    running = uvicorn.Server(config)
    thread = Thread(target=lambda: asyncio.run(running.serve(sockets=[listener])), daemon=True)
    thread.start()
    yield address(listener)
    done(shared.dashboard.aclose())
    running.should_exit = True
    thread.join(5)
