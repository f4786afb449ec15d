"""How long to wait before a call that failed is tried again. Used for every call that must succeed."""

from __future__ import annotations

from dataclasses import dataclass

from telegram.error import RetryAfter, TelegramError

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between tries while Telegram cannot be reached; doubled each time."""


@dataclass(slots=True)
class Patience:
    """One for each call: its pauses grow."""

    _pause: float = 0.0
    """The next one; none was made yet while it is 0."""

    def after(self, error: TelegramError, at_least: float = 0.0) -> float:
        """Seconds to wait after this error: what Telegram asks for, or else a pause that doubles."""
        if isinstance(error, RetryAfter):
            return asked_for(error)
        pause = max(self._pause or FIRST_PAUSE, at_least)
        self._pause = min(2 * pause, LONGEST_PAUSE)
        return pause


def asked_for(flood: RetryAfter) -> float:
    """Seconds for which Telegram asks to wait."""
    wait = flood.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()
