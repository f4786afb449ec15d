"""One `tutor try` for most stories, each with a learner of its own; nothing is mocked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.support.chromium import chromium

from .people import PATIENCE, Learner, Tutor

expect.set_options(timeout=1000 * PATIENCE)


@pytest.fixture(scope="session")
def tutor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tutor]:
    """The running tutor that the stories share."""
    running = Tutor(tmp_path_factory.mktemp("tutor"), "--fresh")
    yield running
    running.close()


@pytest.fixture
def meet(tutor: Tutor) -> Callable[[], Learner]:
    """Somebody new to the bot."""
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def open_page(tutor: Tutor, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens the page in a profile of its own. At the end: no error on the console, no request to elsewhere."""
    troubles: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(viewport: dict[str, int], **more: Any) -> Page:
        context = browser.new_context(viewport=viewport, reduced_motion="reduce", **more)  # type: ignore[arg-type]
        context.set_default_timeout(1000 * PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", printed)
        page.on("request", requested)
        page.goto(tutor.address)
        return page

    def printed(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(message.text)

    def requested(request: Request) -> None:
        if not request.url.startswith((f"{tutor.address}/", "data:", "blob:")):
            troubles.append(f"a request to {request.url}")

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []
