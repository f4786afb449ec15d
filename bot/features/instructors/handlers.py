"""Making people instructors and ending it, for people in the settings; and opening an invitation."""

from __future__ import annotations

from bot.domain import tokens
from bot.domain.ids import LearnerId
from bot.domain.people import Instructor, Learner, LinkTicket, TicketKind
from bot.features.instructors import screens
from bot.features.instructors.buttons import (
    AppointNow,
    BecomeInstructor,
    Dismiss,
    DismissNow,
)
from bot.telegram.screen import Screen
from bot.turns.choosing import TEACH
from bot.turns.people import instructs, name_of, own_zone
from bot.turns.screens import bad_link
from bot.turns.turn import OfferMenu, Turn

LINK_SECONDS = 86400.0
SURE_SECONDS = 86400.0
"""A username that the bot heard of so long ago may have passed on to somebody else."""
INVITED = "invited"
"""Key of the message that offers to teach."""


def appoint(turn: Turn) -> None:
    """`/appoint @name`, or an id; alone it shows who was appointed."""
    if not turn.appoints:
        turn.say(screens.not_yours())
    elif turn.incoming.arguments:
        _appoint(turn, turn.incoming.arguments[0])
    else:
        _show_appointed(turn)


def _appoint(turn: Turn, typed: str) -> None:
    name = typed.removeprefix("@")
    by_name = turn.tables.learners.named(name) if name else None
    person = by_name or _with_id(turn, name)
    if person is None:
        turn.say(screens.never_met(typed))
    elif instructs(turn, person.id):
        turn.say(screens.is_already(person.name))
    elif by_name and (by_name.inherited or turn.now - by_name.heard_at > SURE_SECONDS):
        turn.say(screens.who_is_meant(by_name, own_zone(turn)))
    else:
        _make_instructor(turn, person)
        turn.say(screens.appointed_now(person, own_zone(turn)))


def _with_id(turn: Turn, typed: str) -> Learner | None:
    """Somebody by Telegram's id, if they have written to the bot."""
    is_id = typed.isascii() and typed.isdigit() and len(typed) < 19
    return turn.tables.learners.get(LearnerId(int(typed))) if is_id else None


def _make_instructor(turn: Turn, person: Learner) -> None:
    turn.tables.instructors.appoint(person.id, person.name, turn.learner.id, turn.now)
    _tell(turn, person.id, screens.welcome(turn.learner.name))


def appoint_now(turn: Turn, pressed: AppointNow) -> None:
    """Appoints the person who was shown, even if somebody else has the username by now."""
    person = turn.tables.learners.get(LearnerId(pressed.person))
    if not _may(turn):
        return
    if person is None:
        turn.toast("I no longer know them.", alert=True)
    elif instructs(turn, person.id):
        turn.toast(f"{person.name} is an instructor already.")
    else:
        _make_instructor(turn, person)
        turn.say(screens.appointed_now(person, own_zone(turn)))


def _show_appointed(turn: Turn) -> None:
    turn.show(screens.appointed(turn.tables.instructors.all()), TEACH)


def show_appointed(turn: Turn) -> None:
    if _may(turn):
        _show_appointed(turn)


def invite(turn: Turn) -> None:
    """A link that makes one person an instructor."""
    if _may(turn):
        secret = tokens.secret()
        ticket = LinkTicket(TicketKind.INSTRUCTOR, turn.learner.id, None, turn.now + LINK_SECONDS)
        turn.tables.tickets.issue(secret.hash, ticket)
        turn.say(screens.invitation(turn.identity.link(f"i{secret.text}")))


def dismiss(turn: Turn, pressed: Dismiss) -> None:
    person = _appointed(turn, LearnerId(pressed.person))
    if person:
        turn.show(screens.dismiss(person), TEACH)


def dismiss_now(turn: Turn, pressed: DismissNow) -> None:
    """Their classes, sessions and open links go with it; their menu with their next message."""
    person = _appointed(turn, LearnerId(pressed.person))
    if person:
        turn.tables.instructors.dismiss(person.id, turn.learner.id, turn.now)
        turn.toast(f"{person.name} is no longer an instructor.")
        _show_appointed(turn)


def _appointed(turn: Turn, id: LearnerId) -> Instructor | None:
    if not _may(turn):
        return None
    found = next((one for one in turn.tables.instructors.all() if one.id == id), None)
    if found is None:
        turn.toast("They are no longer an instructor.")
        _show_appointed(turn)
    return found


def _may(turn: Turn) -> bool:
    if not turn.appoints:
        turn.toast("Only people named in the bot's settings can do this.", alert=True)
    return turn.appoints


def _tell(turn: Turn, person: LearnerId, screen: Screen) -> None:
    """A word to somebody else."""
    turn.tables.outbox.add(screen.outgoing(person), turn.now)


# Opening a link


def open_invitation(turn: Turn, secret: str) -> None:
    """`/start i<secret>`: say what it is for; it stays good until the button is pressed."""
    ticket = _invitation(turn, secret)
    if turn.instructs:
        turn.say(screens.already())
    elif ticket is None:
        turn.say(bad_link())
    else:
        turn.show(screens.offer(name_of(turn, ticket.issued_by), secret), INVITED)


def _invitation(turn: Turn, secret: str) -> LinkTicket | None:
    """The ticket, while who made it may still appoint."""
    ticket = turn.tables.tickets.look(tokens.hashed(secret), turn.now)
    good = ticket and ticket.kind is TicketKind.INSTRUCTOR and turn.identity.authority.appoints(ticket.issued_by)
    return ticket if good else None


def become(turn: Turn, pressed: BecomeInstructor) -> None:
    ticket = _invitation(turn, pressed.secret)
    if turn.instructs:
        turn.toast("You are an instructor already.")
    elif ticket is None:
        turn.toast("This link is not good any more. Ask for a new one.", alert=True)
    else:
        turn.tables.tickets.take(tokens.hashed(pressed.secret), turn.now)
        turn.tables.instructors.appoint(turn.learner.id, turn.learner.name, ticket.issued_by, turn.now)
        _tell(turn, ticket.issued_by, screens.news(turn.learner.name))
        turn.after(OfferMenu(turn.learner.id, True))
        turn.show(screens.welcome(), INVITED)
