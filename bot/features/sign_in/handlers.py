"""The way to the web pages."""

from __future__ import annotations

from bot.domain import tokens
from bot.domain.people import LinkTicket, TicketKind
from bot.features.sign_in import screens
from bot.turns.jobs import Occasion
from bot.turns.turn import Turn

TICKET_SECONDS = 600.0
"""For how long a link to the dashboard is good."""


def dashboard(turn: Turn) -> None:
    """`/dashboard`: a link that signs in once."""
    secret = tokens.secret()
    ticket = LinkTicket(TicketKind.DASHBOARD, turn.learner.id, None, turn.now + TICKET_SECONDS)
    turn.tables.tickets.issue(secret.hash, ticket)
    turn.say(screens.dashboard(f"{turn.identity.web}/dashboard/enter/{secret.text}"))


def forget_tickets(due: Occasion) -> None:
    """Timer's work: links that are no longer good go."""
    due.tables.tickets.forget_before(due.now)
