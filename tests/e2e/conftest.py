"""One `tutor try` for most stories, each with a learner of its own; nothing is mocked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .people import Learner, Tutor


@pytest.fixture(scope="session")
def tutor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tutor]:
    """The running tutor that the stories share."""
    running = Tutor(tmp_path_factory.mktemp("tutor"), "--fresh")
    yield running
    running.close()


@pytest.fixture
def meet(tutor: Tutor) -> Callable[[], Learner]:
    """Somebody whom the bot has never met."""
    return lambda: Learner(tutor)


@pytest.fixture
def learner(meet: Callable[[], Learner]) -> Learner:
    return meet()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Tutor]]:
    """Starts a tutor of the test's own on the test's folder; each further one is the next start there."""
    started: list[Tutor] = []

    def begin(*options: str, **settings: str) -> Tutor:
        started.append(Tutor(tmp_path, *options, **settings))
        return started[-1]

    yield begin
    for tutor in started:
        tutor.close()
