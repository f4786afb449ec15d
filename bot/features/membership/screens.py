"""Classes as learners see them: joining one, what it means, what is due, and leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.domain.classes import Cohort, Due
from bot.features.classes.buttons import Card
from bot.features.membership.buttons import Join, Leave, LeaveNow, MyClasses, NotNow
from bot.features.progress.buttons import Progress
from bot.telegram.richtext import Text, bold, code, join, lines, moment, paragraphs, text
from bot.telegram.screen import Button, Row, Screen
from bot.turns.buttons import Lessons

SEEN = (
    "your name as Telegram shows it",
    "which sections you read, and when",
    "your quiz answers, with times and tries",
    "your runs, with their values and results",
)
"""What a class' instructors see of a learner; the sentences after it say the rest."""


LISTED = 6
"""Most classes that are shown with what is due, the one joined last first; any can be left."""


MOST = 90
"""Most buttons under a message, with room to spare."""


def ask_for_code() -> Screen:
    return Screen(text("Which class? Send me its code, like ", code("K7QM-2F9X"), "."))


def offer(cohort: Cohort, instructors: Sequence[str]) -> Screen:
    """What joining means, before anything happens."""
    return Screen(
        paragraphs(
            text("You are invited to the class ", bold(cohort.name), "."),
            _seen(
                text("Taught by ", _people(instructors), ", who will see:") if instructors else "Instructors will see:"
            ),
            "You can leave at any time: /class.",
        ),
        (
            (Button("Join", Join(cohort.code), style="success"),),
            (Button("Not now", NotNow(cohort.code)),),
        ),
    )


def _people(names: Sequence[str]) -> Text:
    """The first few of them, however many and however long."""
    more = f"{len(names) - 3} more" if len(names) > 3 else ""
    return join(", ", [*(bold(name[:32]) for name in names[:3]), more])


def _seen(head: Text | str) -> Text:
    return paragraphs(
        lines(head, *(f"• {what}" for what in SEEN)),
        "Also from before you joined. Not: code of your own, or chats elsewhere.",
    )


def not_now(shown_code: str) -> Screen:
    return Screen(text("Fine, nothing happened. When you like: ", code(f"/join {shown_code}")))


def joined(cohort: Cohort, due: Sequence[Due], zone: tzinfo) -> Screen:
    begin = Button("☰ Lessons", Lessons(), style="primary")
    return Screen(
        paragraphs(text("✅ You are in ", bold(cohort.name), "."), _due(due, zone)),
        ((begin, Button("My classes", MyClasses())),),
    )


def already_in(cohort: Cohort, due: Sequence[Due], zone: tzinfo) -> Screen:
    return Screen(
        paragraphs(text("You are in ", bold(cohort.name), " already."), _due(due, zone)),
        ((Button("My classes", MyClasses()),),),
    )


def _due(due: Sequence[Due], zone: tzinfo, most: int = 12) -> Text:
    if not due:
        return Text("Nothing is due at the moment.")
    rows = (
        text("✓ " if d.passed else "• ", d.title, " – by ", moment(d.at, zone), f" · {d.state}" if d.state else "")
        for d in due[:most]
    )
    return lines(bold("Quizzes to pass"), *rows, f"and {len(due) - most} more" if len(due) > most else "")


def own_class(cohort: Cohort) -> Screen:
    """An instructor opened the link to a class of theirs."""
    return Screen(
        text("You teach ", bold(cohort.name), ". Share the link with those who shall join."),
        ((Button("Open the class", Card(cohort.id)),),),
    )


def bad_code(typed: str) -> Screen:
    return Screen(
        paragraphs(
            text("No class has the code ", code(typed.strip()[:32] or "?"), "."),
            text("It has 8 letters and digits, like ", code("K7QM-2F9X"), ". Ask your instructor for the present one."),
        )
    )


def closed(cohort: Cohort) -> Screen:
    return Screen(text(bold(cohort.name), " takes nobody in at the moment. Ask its instructor to open it again."))


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A class of the learner's, with its instructors' names and what is due."""

    cohort: Cohort
    instructors: tuple[str, ...]
    due: tuple[Due, ...]


def mine(classes: Sequence[Enrolled], zone: tzinfo, zone_set: bool) -> Screen:
    if not classes:
        return Screen(
            text("You are in no class. With a code from an instructor, send ", code("/join CODE"), "."),
            ((Button("☰ Lessons", Lessons()),),),
        )
    shown = classes[:LISTED]
    room = max(2, 12 // len(shown))
    blocks = [
        lines(
            bold(c.cohort.name),
            text("Taught by ", _people(c.instructors)) if c.instructors else "",
            _due(c.due, zone, room),
        )
        for c in shown
    ]
    more = f"And {len(classes) - LISTED} more, below." if len(classes) > LISTED else ""
    seen = _seen(bold("What instructors see"))
    hint = "" if zone_set or not any(c.due for c in classes) else "Times off? /zone sets your time zone."
    leave: list[Row] = [(Button(f"Leave {c.cohort.name}", Leave(c.cohort.id)),) for c in classes[:MOST]]
    return Screen(paragraphs(*blocks, more, seen, hint), tuple(leave))


def leave(cohort: Cohort) -> Screen:
    return Screen(
        paragraphs(
            text("Leave ", bold(cohort.name), "?"),
            "Its instructors will no longer see what you do. You keep your progress.",
        ),
        (
            (Button("Leave", LeaveNow(cohort.id), style="danger"),),
            (Button("Stay", MyClasses()),),
        ),
    )


def left(cohort: Cohort) -> Screen:
    return Screen(
        text("You have left ", bold(cohort.name), ". Its instructors no longer see what you do."),
        ((Button("☰ Lessons", Lessons()), Button("My progress", Progress())),),
    )
