"""A real store, the shipped course, and learners who need no network."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from telegram import Bot

from bot import settings
from bot.emulator import Emulator
from bot.store import Store
from lessons.loader import load
from lessons.model import Course
from tests.support.desk import ADA, GRACE, SMALL_COURSE, Desk
from tests.support.house import Process
from tests.support.served import Served, running

# How long one example takes says more about the machine's other work than about the code.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def no_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test speaks TLS, yet every HTTP client reads certifi's 140 certificates, a bot twice: longer than most tests
    take. An empty folder is read at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE", raising=False)
        patch.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("certificates")))
        yield


@pytest.fixture(scope="session")
def course() -> Course:
    """The course that ships."""
    return load()


@pytest.fixture(scope="session")
def small_course() -> Course:
    """Two lessons; the first has a question of every kind, the second neither examples nor a long quiz."""
    return load(SMALL_COURSE)


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every migration done and nothing in it, to be copied: that takes a tenth of making one."""
    path = tmp_path_factory.mktemp("new") / "tutor.db"
    Store(path).close()
    return path


@pytest.fixture
def store(tmp_path: Path, new_database: Path) -> Iterator[Store]:
    made = Store(shutil.copy(new_database, tmp_path / "tutor.db"))
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


@pytest.fixture
def desk(store: Store, course: Course) -> Desk:
    return Desk(store, course)


@pytest.fixture
def small_desk(store: Store, small_course: Course) -> Desk:
    return Desk(store, small_course)


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not see the TUTOR_ variables of the shell that starts them."""
    for field in settings.Settings.model_fields:
        monkeypatch.delenv(f"TUTOR_{field.upper()}", raising=False)


@pytest.fixture
async def emulated() -> AsyncIterator[Served]:
    """An emulator to which nobody has written."""
    async with running(Emulator("Tutor", "tutor_bot")) as server:
        yield server


@pytest.fixture
def tutor(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts processes in the test's folder, and ends them with it."""
    started: list[Process] = []

    def start(*arguments: str, **variables: str) -> Process:
        started.append(Process(tmp_path, *arguments, **variables))
        return started[-1]

    yield start
    for process in started:
        if process.running.poll() is None:
            process.running.terminate()
            process.running.wait(20)
