"""A running emulator, a bot that talks to it over HTTP, and a person who chats."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from telegram import Bot

from bot.emulator import Emulator
from tests.support.served import Served, running, serving
from tests.support.waiting import eventually


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """An emulator with its default people."""
    async with running(Emulator("Tutor", "tutor_bot")) as server:
        yield server


@pytest.fixture
async def bot(served: Served) -> AsyncIterator[Bot]:
    """A PTB bot that Ada (1001) has written to."""
    async with served.bot() as made:
        await served.says("/start")
        yield made


@pytest.fixture
def run_emulator() -> Callable[[Emulator], Any]:
    """Serves an emulator made by the test."""
    return running


@pytest.fixture
def serve() -> Callable[[Any], Any]:
    """Serves any ASGI application."""
    return serving


@pytest.fixture
def until() -> Callable[[Callable[[], Any]], Awaitable[Any]]:
    """Waits for a condition."""
    return eventually
