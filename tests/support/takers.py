"""Those who take updates from an inbox."""

from __future__ import annotations

from bot.telegram.rawupdate import RawUpdate


class Nobody:
    """For an inbox that is never started."""

    async def take(self, update: RawUpdate) -> None:
        raise AssertionError("the inbox was not started")

    give_up = take

    async def cannot_store(self, update: RawUpdate) -> None:
        """There is no chat to tell it to."""
