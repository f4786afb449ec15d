"""The disk is full for a while: learners are told so once, nothing is lost, and work resumes by itself."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from .crowd import buttons, text_of
from .house import House, Json, house, until

ADA, GRACE = 5001, 5002
SIZE = 2_000_000
HONEST = "I cannot write anything down at the moment"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A bot whose database is on a small disk of its own, which only its process sees; that takes no rights."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size={SIZE} tmpfs {disk} && exec "$@"'
    async with house(tmp_path, "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh") as made:
        made.db = disk / "tutor.db"
        await made.started()
        yield made


def said_by_bot(home: House, learner: int, text: str) -> list[Json]:
    return [m for m in home.chat(learner) if m["from"]["is_bot"] and text in text_of(m)]


async def says(home: House, text: str, learner: int = ADA) -> None:
    await home.act("message", user=learner, text=text, name=f"Learner {learner}")


def failures(home: House) -> int:
    log = home.log.read_text()
    return log.count("cannot be written") + log.count("could not be stored")


async def test_a_full_disk_is_told_once_and_survived(home: House, show: Callable[[str], None]) -> None:
    await says(home, "/quiz")
    (question,) = await until(lambda: said_by_bot(home, ADA, "Question 1 of 6"), home.tail)
    home.signal(signal.SIGUSR1)
    await home.act("press", user=ADA, message_id=question["message_id"], button=buttons(question)["B"], wait=0.01)
    await says(home, "/n1")
    await says(home, "/n2")
    await says(home, "/n3", GRACE)
    for learner in (ADA, GRACE):
        await until(lambda learner=learner: said_by_bot(home, learner, HONEST), home.tail)
    before = failures(home)
    await until(lambda: failures(home) > before + 2, home.tail)  # several tries, and still one sentence each
    assert [len(said_by_bot(home, learner, HONEST)) for learner in (ADA, GRACE)] == [1, 1]
    assert not said_by_bot(home, ADA, "Right!")
    home.signal(signal.SIGUSR2)
    await until(lambda: said_by_bot(home, ADA, "/n2.") and said_by_bot(home, GRACE, "/n3."), home.tail)
    assert [len(said_by_bot(home, ADA, text)) for text in ("Right!", "/n1.", "/n2.", HONEST)] == [1, 1, 1, 1]
    assert len(said_by_bot(home, GRACE, "/n3.")) == 1
    show("full disk: told, survived, resumed")


async def test_sigterm_ends_the_bot_while_the_disk_is_full(home: House, show: Callable[[str], None]) -> None:
    await says(home, "/start")
    await until(lambda: said_by_bot(home, ADA, "Hello"), home.tail)
    home.signal(signal.SIGUSR1)
    await says(home, "/n1")
    await until(lambda: said_by_bot(home, ADA, HONEST), home.tail)
    seconds = await home.terminate()
    show(f"full disk: SIGTERM ended the bot in {seconds:.2f} s")
    assert seconds < 10
