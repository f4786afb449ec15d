"""Asking for a class' report."""

from __future__ import annotations

from bot.domain.classes import Cohort
from bot.features.report.buttons import Report
from bot.features.report.jobs import KIND as REPORT
from bot.turns.choosing import behind_command, choose, own
from bot.turns.turn import Turn


def report(turn: Turn) -> None:
    """`/report class`"""
    chosen = choose(turn, "report", behind_command(turn))
    if chosen:
        begin_report(turn, chosen[0])


def press_report(turn: Turn, pressed: Report) -> None:
    cohort = own(turn, pressed.cohort)
    if cohort:
        turn.toast("Here it comes.")
        begin_report(turn, cohort)


def begin_report(turn: Turn, cohort: Cohort) -> None:
    """It is built beside the writer, and comes when it is ready."""
    turn.soon(REPORT, {"chat": turn.chat, "cohort": cohort.id, "by": turn.learner.id})
