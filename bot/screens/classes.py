"""Classes as learners see them: joining one, what it means, what is due, and leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot import buttons
from bot.records import Cohort
from bot.screens.screen import Button, Row, Screen
from bot.text import Text, bold, code, join, lines, moment, paragraphs, text

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


@dataclass(frozen=True, slots=True)
class Due:
    """A lesson by its title, and by when its quiz is to be passed."""

    title: str
    at: float
    passed: bool
    late: bool = False
    """Passed, and after that time."""

    @property
    def state(self) -> str:
        return "" if not self.passed else "passed after that" if self.late else "passed in time"


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
            (Button("Join", buttons.Join(cohort.code), style="success"),),
            (Button("Not now", buttons.NotNow(cohort.code)),),
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
    begin = Button("☰ Lessons", buttons.Lessons(), style="primary")
    return Screen(
        paragraphs(text("✅ You are in ", bold(cohort.name), "."), _due(due, zone)),
        ((begin, Button("My classes", buttons.MyClasses())),),
    )


def already_in(cohort: Cohort, due: Sequence[Due], zone: tzinfo) -> Screen:
    return Screen(
        paragraphs(text("You are in ", bold(cohort.name), " already."), _due(due, zone)),
        ((Button("My classes", buttons.MyClasses()),),),
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
        ((Button("Open the class", buttons.Card(cohort.id)),),),
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


def bad_link() -> Screen:
    return Screen(
        text("This link leads nowhere, or no longer. Ask for a new one; /lessons shows what you can learn here."),
        ((Button("☰ Lessons", buttons.Lessons()),),),
    )


def lesson_gone() -> Screen:
    return Screen(
        text("The lesson behind this link is not in the course. Perhaps another one is what you want:"),
        ((Button("☰ Lessons", buttons.Lessons(), style="primary"),),),
    )


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
            ((Button("☰ Lessons", buttons.Lessons()),),),
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
    leave: list[Row] = [(Button(f"Leave {c.cohort.name}", buttons.Leave(c.cohort.id)),) for c in classes[:MOST]]
    return Screen(paragraphs(*blocks, more, seen, hint), tuple(leave))


def leave(cohort: Cohort) -> Screen:
    return Screen(
        paragraphs(
            text("Leave ", bold(cohort.name), "?"),
            "Its instructors will see nothing of you any more. What you have learnt stays with you.",
        ),
        (
            (Button("Leave", buttons.LeaveNow(cohort.id), style="danger"),),
            (Button("Stay", buttons.MyClasses()),),
        ),
    )


def left(cohort: Cohort) -> Screen:
    return Screen(
        text("You have left ", bold(cohort.name), ". Its instructors see nothing of you any more."),
        ((Button("☰ Lessons", buttons.Lessons()), Button("My progress", buttons.Progress())),),
    )


# Time zone


def ask_for_zone(present: str | None) -> Screen:
    now = text("Your time zone is ", bold(present), ".") if present else "You have set no time zone; times are in UTC."
    which = "another one" if present else "yours"
    return Screen(
        paragraphs(now, text(f"Send me {which}, like ", code("Europe/Berlin"), " or ", code("New York"), "."))
    )


def zone_set(name: str, now: float, zone: tzinfo) -> Screen:
    return Screen(
        text("Your time zone is ", bold(name), ". It is ", f"{datetime.fromtimestamp(now, zone):%H:%M}", " there now.")
    )


def unknown_zone(typed: str, alike: Sequence[str]) -> Screen:
    near = text("Perhaps ", join(" or ", [code(f"/zone {name}") for name in alike]), "?") if alike else Text()
    return Screen(
        paragraphs(
            text("I know no time zone “", typed.strip()[:64], "”."),
            near,
            "" if alike else text("It is a continent and a city, like ", code("/zone Europe/Berlin"), "."),
        )
    )
