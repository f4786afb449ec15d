"""Making people instructors, and ending it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from bot.domain.people import Instructor, Learner
from bot.features.instructors.buttons import (
    Appointed,
    AppointNow,
    BecomeInstructor,
    Dismiss,
    DismissNow,
    InviteInstructor,
)
from bot.telegram.richtext import Text, bold, code, link, moment, paragraphs, text
from bot.telegram.screen import Button, Row, Screen
from bot.turns.buttons import NewClass

LISTED = 90


def not_yours() -> Screen:
    return Screen(text("Only people named in the bot's settings can make others instructors."))


def appointed(people: Sequence[Instructor]) -> Screen:
    rows: list[Row] = [(Button(f"Remove {one.name}", Dismiss(one.id)),) for one in people[:LISTED]]
    listed = "Press a name to remove somebody." if people else "Nobody yet."
    how = text("Somebody I have met: ", code("/appoint @name"), ". Anybody else: make a link.")
    rows.insert(0, (Button("Make a link", InviteInstructor(), style="primary"),))
    return Screen(paragraphs(bold("Appointed instructors"), listed, how), tuple(rows))


def invitation(url: str) -> Screen:
    return Screen(
        paragraphs(
            text("The first person to open this link can become an instructor:"),
            link(url, url),
            "It works once, for 24 hours. Send it to that person alone.",
        ),
        ((Button("Copy the link", copy=url),),),
    )


def offer(inviter: str, secret: str) -> Screen:
    return Screen(
        paragraphs(
            text(bold(inviter), " invites you to be an instructor here."),
            "You can make classes, and see how those who join them are doing.",
        ),
        ((Button("Become an instructor", BecomeInstructor(secret), style="success"),),),
    )


def welcome(by: str = "") -> Screen:
    who = text(bold(by), " made you an instructor.") if by else text("You are an instructor now.")
    return Screen(
        paragraphs(who, text("Make a class with ", code("/newclass Autumn"), "; /help shows what else you can do.")),
        ((Button("+ New class", NewClass(), style="primary"),),),
    )


def already() -> Screen:
    return Screen(text("You are an instructor already. /classes shows your classes."))


def is_already(name: str) -> Screen:
    return Screen(text(bold(name), " is an instructor already."))


def news(name: str) -> Screen:
    """To whoever invited them."""
    return Screen(text(bold(name), " is an instructor now."))


def appointed_now(person: Learner, zone: tzinfo) -> Screen:
    return Screen(paragraphs(text(bold(person.name), " is an instructor now."), _last_heard(person, zone)))


def who_is_meant(person: Learner, zone: tzinfo) -> Screen:
    """A username that may be somebody else's by now."""
    doubt = (
        "Somebody else had this username before." if person.inherited else "A username can pass on to somebody else."
    )
    return Screen(
        paragraphs(
            text("Do you mean ", bold(person.name), "?"),
            _last_heard(person, zone),
            text(doubt, " If you are not sure, make a link and send it to the person you mean."),
        ),
        (
            (Button("Yes, make an instructor", AppointNow(person.id), style="primary"),),
            (Button("Make a link", InviteInstructor()),),
        ),
    )


def _last_heard(person: Learner, zone: tzinfo) -> Text:
    name = f"@{person.username}: " if person.username else ""
    return text(name, "last heard from ", moment(person.heard_at, zone), ".")


def never_met(typed: str) -> Screen:
    return Screen(
        paragraphs(
            text("I have never met “", typed[:64], "”. They have to write to me first; or make a link for them."),
        ),
        ((Button("Make a link", InviteInstructor()),),),
    )


def dismiss(person: Instructor) -> Screen:
    return Screen(
        paragraphs(
            text("Remove ", bold(person.name), " as an instructor?"),
            "They will no longer teach their classes, and will be signed out of the web pages."
            " Classes that nobody else teaches will become yours.",
        ),
        (
            (Button("Remove", DismissNow(person.id), style="danger"),),
            (Button("Cancel", Appointed()),),
        ),
    )
