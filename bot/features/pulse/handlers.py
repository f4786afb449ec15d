"""Watching a class."""

from __future__ import annotations

from bot.domain.classes import Cohort, Pulse
from bot.domain.ids import CohortId
from bot.domain.messages import Mode
from bot.features.pulse.buttons import StopPulse
from bot.features.pulse.jobs import KIND, WATCHED_SECONDS, post_of, screen
from bot.turns.choosing import own
from bot.turns.turn import Turn


def begin(turn: Turn, cohort: Cohort, text: str = "") -> None:
    """The scheduler shows it at once, and then whenever it changes. A chat watches one class at a time."""
    turn.toast("Live for 15 minutes.")
    before = turn.tables.pulses.of(turn.learner.id)
    if before and before.cohort != cohort.id:
        _still(turn, before)
    turn.tables.pulses.set(Pulse(turn.learner.id, cohort.id, turn.now + WATCHED_SECONDS))
    turn.soon(KIND, {"chat": turn.learner.id})


def stop(turn: Turn, pressed: StopPulse) -> None:
    cohort = own(turn, CohortId(pressed.cohort))
    going = turn.tables.pulses.of(turn.learner.id)
    if cohort is None:
        return
    if going and going.cohort == cohort.id:
        turn.tables.pulses.end(turn.learner.id)
        turn.tables.timers.unset(KIND, {"chat": turn.learner.id})
        _still(turn, going)
    else:
        turn.toast("It has stopped already.")


def _still(turn: Turn, pulse: Pulse) -> None:
    """Shows the last state as stopped."""
    if pulse.shown:
        turn.show(screen(pulse.cohort, pulse.shown, None), post_of(pulse.cohort), Mode.KEEP)
