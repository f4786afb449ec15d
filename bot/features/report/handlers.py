"""Asking for a class' report."""

from __future__ import annotations

from bot.domain.classes import Cohort
from bot.features.report.jobs import KIND
from bot.turns.turn import Turn


def begin(turn: Turn, cohort: Cohort, text: str) -> None:
    """The report is built beside the writer, and comes when it is ready."""
    turn.toast("Here it comes.")
    turn.soon(KIND, {"chat": turn.chat, "cohort": cohort.id, "by": turn.learner.id})
