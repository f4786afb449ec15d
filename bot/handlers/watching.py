"""Looking at a class: its report, its pulse, the web pages."""

from __future__ import annotations

from bot import buttons, tokens
from bot.classes.pulse import KIND as PULSE
from bot.classes.pulse import WATCHED_SECONDS, post_of
from bot.classes.pulse import screen as pulse_screen
from bot.classes.report import KIND as REPORT
from bot.handlers.choosing import behind_command, choose, own
from bot.records import Cohort, Mode, Pulse, Ticket, TicketKind
from bot.screens import watching as screens
from bot.turn import Turn

TICKET_SECONDS = 600.0
"""For how long a link to the dashboard is good."""


def report(turn: Turn) -> None:
    """`/report class`"""
    chosen = choose(turn, "report", behind_command(turn))
    if chosen:
        begin_report(turn, chosen[0])


def press_report(turn: Turn, pressed: buttons.Report) -> None:
    cohort = own(turn, pressed.cohort)
    if cohort:
        turn.toast("Here it comes.")
        begin_report(turn, cohort)


def begin_report(turn: Turn, cohort: Cohort) -> None:
    """It is built beside the writer, and comes when it is ready."""
    turn.soon(REPORT, {"chat": turn.chat, "cohort": cohort.id, "by": turn.learner.id})


def pulse(turn: Turn) -> None:
    """`/pulse class`"""
    chosen = choose(turn, "pulse", behind_command(turn))
    if chosen:
        begin_pulse(turn, chosen[0])


def press_pulse(turn: Turn, pressed: buttons.WatchPulse) -> None:
    cohort = own(turn, pressed.cohort)
    if cohort:
        turn.toast("Live for 15 minutes.")
        begin_pulse(turn, cohort)


def begin_pulse(turn: Turn, cohort: Cohort) -> None:
    """The clockwork shows it at once, and then whenever it changes. A chat watches one class at a time."""
    before = turn.tables.figures.pulse(turn.learner.id)
    if before and before.cohort != cohort.id:
        _still(turn, before)
    turn.tables.figures.set_pulse(Pulse(turn.learner.id, cohort.id, turn.now + WATCHED_SECONDS))
    turn.soon(PULSE, {"chat": turn.learner.id})


def stop(turn: Turn, pressed: buttons.StopPulse) -> None:
    cohort = own(turn, pressed.cohort)
    going = turn.tables.figures.pulse(turn.learner.id)
    if cohort is None:
        return
    if going and going.cohort == cohort.id:
        turn.tables.figures.end_pulse(turn.learner.id)
        turn.tables.timers.unset(PULSE, {"chat": turn.learner.id})
        _still(turn, going)
    else:
        turn.toast("It has stopped already.")


def _still(turn: Turn, pulse: Pulse) -> None:
    """What is shown stays, and moves no more."""
    if pulse.shown:
        turn.show(pulse_screen(pulse.cohort, pulse.shown, None), post_of(pulse.cohort), Mode.KEEP)


def dashboard(turn: Turn) -> None:
    """`/dashboard`: a link that signs in once."""
    secret = tokens.secret()
    ticket = Ticket(TicketKind.DASHBOARD, turn.learner.id, None, turn.now + TICKET_SECONDS)
    turn.tables.tickets.issue(secret.hash, ticket)
    turn.say(screens.dashboard(f"{turn.house.web}/dashboard/enter/{secret.text}"))
