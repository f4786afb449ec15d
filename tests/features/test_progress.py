"""What learners have done so far."""

from __future__ import annotations

from bot.turns.buttons import Read
from tests.support.desk import GRACE, Desk
from tests.support.school import LESSON


async def test_progress_adds_up(desk: Desk) -> None:
    empty = (await desk.says("/progress")).text
    assert "not finished yet" in empty
    assert "no model trained yet" in empty
    await desk.presses(Read(LESSON, "training", 0))
    await desk.says("/train digits")
    shown = await desk.says("/progress")
    assert "1 of" in shown.text
    assert "1 run" in shown.text
    assert "Last run" in shown.text
    assert "Last run" not in (await desk.says("/progress", GRACE)).text
