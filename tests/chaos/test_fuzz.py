"""Updates that nobody has seen, made after the Bot API's types: none stops the bot, each has an end, memory is flat.

`python -m tests.bench.fuzz_updates` does the same for a million.
"""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.features import quiz
from bot.routes import FEATURES
from bot.telegram.rawupdate import Unreadable, incoming, received
from bot.turns.feature import Command
from bot.turns.turn import Turn
from tests.bench import odd_updates
from tests.bench.fuzz_updates import fuzz
from tests.bench.odd_updates import Generator

HALF, ROUND = 5000, 1000
GROWTH = 32.0
"""MB that a process may grow after the first round: 8 kB kept of each update would show."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a place: the disk is not what is tested."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as made:
        yield Path(made)


@pytest.mark.parametrize("seed", [1, random.SystemRandom().randrange(2, 10**6)], ids=["the same", "another"])
def test_every_update_has_an_end_and_nothing_else_fails(folder: Path, seed: int) -> None:
    print(f"seed {seed}")  # shown when this fails
    found = asyncio.run(fuzz(HALF, seed, folder, ROUND))
    print(found)
    assert found.made == HALF
    assert found.endless == 0
    assert found.failures == {}
    assert found.trouble == []
    assert found.ends["done"] > HALF / 2
    assert found.ends["dead"] > HALF / 20
    assert found.rss[-1] - found.rss[0] < GROWTH


def test_a_handler_that_fails_would_be_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(turn: Turn) -> None:
        raise LookupError("a mistake of ours")

    mistaken = replace(quiz.FEATURE, commands=(Command("quiz", broken, ""),))
    features = tuple(mistaken if feature is quiz.FEATURE else feature for feature in FEATURES)
    monkeypatch.setattr("bot.app.FEATURES", features)
    found = asyncio.run(fuzz(1000, 1, folder))
    assert found.failures["LookupError('a mistake of ours')"] > 5
    assert found.endless == 0


def test_what_is_sound_can_be_read_however_rare_its_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odd_updates, "WILDNESS", (0.0,))
    made = Generator(2)
    for _ in range(2000):
        text = made.update()
        try:
            incoming(received(text), None)
        except Unreadable as error:
            pytest.fail(f"{error}: {text}")


def test_the_types_hold_every_kind_of_update() -> None:
    kinds = set(odd_updates.TYPES["Update"])
    made = Generator(3)
    seen: set[str] = set()
    for _ in range(3000):
        text = made.update()
        try:
            seen |= set(json.loads(text))
        except (ValueError, TypeError, RecursionError):
            continue
    assert kinds <= seen
