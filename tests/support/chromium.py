"""Debian's Chromium, for tests of pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


def path() -> str:
    found = shutil.which("chromium")
    assert found, "these tests need Debian's package chromium"
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with a fresh profile. One at a time: playwright's loop cannot be entered twice."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path(), args=FLAGS)
        try:
            yield launched
        finally:
            launched.close()
