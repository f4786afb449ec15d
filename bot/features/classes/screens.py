"""Classes as their instructors see them: the list, the card of one, and what is asked before something ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.domain import wording
from bot.domain.classes import Cohort
from bot.features.announcements.buttons import Announce
from bot.features.assignments.buttons import Assign, Unassign
from bot.features.classes.buttons import (
    Card,
    Classes,
    End,
    EndNow,
    Invite,
    NewCode,
    NewCodeNow,
    Rename,
    SetOpen,
    TeachAlong,
)
from bot.features.pulse.buttons import WatchPulse
from bot.features.report.buttons import Report
from bot.telegram.richtext import Text, bold, code, join, lines, link, moment, paragraphs, text
from bot.telegram.screen import Button, Row, Screen
from bot.turns.buttons import NewClass
from bot.turns.screens import LISTED, none_yet


@dataclass(frozen=True, slots=True)
class Assigned:
    """A lesson's id and title, and by when its quiz is to be passed."""

    lesson: str
    title: str
    due_at: float


@dataclass(frozen=True, slots=True)
class Details:
    """A class with all that its card shows."""

    cohort: Cohort
    shown_code: str
    join_link: str
    enrolled: int
    instructors: tuple[str, ...]
    assigned: tuple[Assigned, ...]
    zone: tzinfo


def class_list(classes: Sequence[tuple[Cohort, int]]) -> Screen:
    """With how many are in each."""
    if not classes:
        return none_yet()
    rows: list[Row] = [
        (Button(f"{cohort.name} · {wording.count(size, 'learner')}", Card(cohort.id)),)
        for cohort, size in classes[:LISTED]
    ]
    rows.append((Button("+ New class", NewClass()),))
    return Screen(text(bold("Your classes")), tuple(rows))


def ask_name(cohort: Cohort | None = None) -> Screen:
    """For a new class, or the new name of one."""
    if cohort is None:
        return Screen(text("What is the class called? Send me its name."))
    back = Button("Cancel", Card(cohort.id))
    return Screen(text("What shall ", bold(cohort.name), " be called? Send me the new name."), ((back,),))


def reads_like_a_sentence() -> Screen:
    return Screen(
        text(
            "That reads like a sentence, not like the name of a class. Send me the name alone, like ",
            code("Autumn 2026"),
            ".",
        )
    )


def bad_name(length: int, limit: int) -> Screen:
    """`length` is 0 when the name holds what cannot be shown in one line."""
    if length > limit:
        return Screen(text(f"That name has {length} characters; {limit} is the most. Send me a shorter one."))
    return Screen(text("I cannot take that as a name: it needs letters, all in one line. Send me another."))


def card(details: Details) -> Screen:
    cohort = details.cohort
    closed = "" if cohort.open else "Joining is closed: the code does not work now."
    others = join(", ", [name[:32] for name in details.instructors[:10]])
    return Screen(
        paragraphs(
            bold(cohort.name),
            lines(text("Code ", code(details.shown_code)), link(details.join_link, details.join_link), closed),
            lines(
                f"{wording.count(details.enrolled, 'learner')} enrolled", text("Taught by ", others) if others else ""
            ),
            _assigned(details),
        ),
        _card_buttons(details),
    )


def _assigned(details: Details) -> Text:
    if not details.assigned:
        return Text("Nothing is due.")
    rows = (text("• ", one.title, " – by ", moment(one.due_at, details.zone)) for one in details.assigned[:12])
    return lines(bold("Quizzes to pass"), *rows)


def _card_buttons(details: Details) -> tuple[Row, ...]:
    id, open = details.cohort.id, details.cohort.open
    removing = [(Button(f"✕ {one.title}", Unassign(id, one.lesson)),) for one in details.assigned[:12]]
    return (
        (Button("📊 Report", Report(id), style="primary"), Button("Pulse", WatchPulse(id))),
        (Button("📣 Announce", Announce(id)), Button("📌 Assign", Assign(id))),
        *removing,
        (Button("Copy the join link", copy=details.join_link),),
        (
            Button("New code", NewCode(id)),
            Button("Close joining" if open else "Open joining", SetOpen(id, 0 if open else 1)),
        ),
        (Button("Invite a co-instructor", Invite(id)), Button("Rename", Rename(id))),
        (Button("‹ My classes", Classes()), Button("End class", End(id), style="danger")),
    )


def new_code(cohort: Cohort) -> Screen:
    return Screen(
        paragraphs(
            text("Give ", bold(cohort.name), " a new code?"),
            "The present code and link will stop working. Learners who have joined stay in the class.",
        ),
        (
            (Button("New code", NewCodeNow(cohort.id, cohort.code), style="primary"),),
            (Button("Cancel", Card(cohort.id)),),
        ),
    )


def end(cohort: Cohort, enrolled: int) -> Screen:
    return Screen(
        paragraphs(
            text("End ", bold(cohort.name), " for good?"),
            text(
                f"Its {wording.count(enrolled, 'learner')} will leave the class, and its quizzes will no longer be due."
            ),
            "No instructor will see its reports again. Learners keep their progress.",
        ),
        (
            (Button("End the class", EndNow(cohort.id), style="danger"),),
            (Button("Cancel", Card(cohort.id)),),
        ),
    )


def ended(name: str) -> Screen:
    return Screen(text(bold(name), " has ended."), ((Button("‹ My classes", Classes()),),))


def along_link(cohort: Cohort, url: str) -> Screen:
    return Screen(
        paragraphs(
            text("An instructor who opens this link teaches ", bold(cohort.name), " with you:"),
            link(url, url),
            "It works once, for 24 hours.",
        ),
        ((Button("Copy the link", copy=url),),),
    )


def along_offer(cohort: Cohort, inviter: str, secret: str) -> Screen:
    return Screen(
        text(bold(inviter), " invites you to teach ", bold(cohort.name), " with them."),
        ((Button("Teach this class", TeachAlong(secret), style="success"),),),
    )


def along_news(cohort: Cohort, name: str) -> Screen:
    """To who made the link."""
    return Screen(text(bold(name), " teaches ", bold(cohort.name), " with you now."))


def only_instructors() -> Screen:
    return Screen(
        text("This link is for instructors, and you are not one. The people who run this bot can make you one.")
    )
