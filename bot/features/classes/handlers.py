"""Making classes, and all that their card offers. Each press asks again whether the class is theirs."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass

from bot.domain import tokens
from bot.domain.classes import Cohort
from bot.domain.ids import CohortId
from bot.domain.people import LinkTicket, TicketKind
from bot.features.assignments.jobs import end_class
from bot.features.classes import screens
from bot.features.classes.buttons import (
    Card,
    End,
    EndNow,
    Invite,
    NewCode,
    NewCodeNow,
    Rename,
    SetOpen,
    TeachAlong,
)
from bot.store import CodeTaken
from bot.turns.choosing import TEACH, behind_command, own
from bot.turns.people import instructs, name_of, own_zone, teachers
from bot.turns.prompts import Prompt
from bot.turns.screens import bad_link
from bot.turns.turn import Turn

NAME_LENGTH = 60
"""Longest name of a class, in characters: a button's line."""
NAME_WORDS, SENTENCE_WORDS = 9, 4
"""A text of more words than a name has, or of so many with an end of a sentence, is a sentence."""
LINK_SECONDS = 86400.0
"""For how long a link for a co-instructor is good."""
_TURNED = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows them, also of what is not theirs."""


@dataclass(frozen=True)
class AskName(Prompt, kind="newclass"):
    """The next message is the name of a new class."""


@dataclass(frozen=True)
class AskNewName(Prompt, kind="rename"):
    """The next message is the new name of a class."""

    cohort: int


def classes(turn: Turn) -> None:
    """`/classes`: a button for each."""
    taught = turn.tables.cohorts.taught_by(turn.learner.id)
    turn.show(screens.class_list([(cohort, turn.tables.cohorts.size(cohort.id)) for cohort in taught]), TEACH)


def new_class(turn: Turn) -> None:
    """`/newclass Name`; without a name, ask for it."""
    typed = behind_command(turn)
    if typed:
        _create(turn, typed)
    else:
        ask_name(turn)


def ask_name(turn: Turn) -> None:
    turn.ask(AskName())
    turn.say(screens.ask_name())


def take_name(turn: Turn) -> None:
    """The message is the new class' name."""
    if not _is_sentence(turn, AskName()):
        _create(turn, turn.incoming.text)


def _create(turn: Turn, typed: str) -> None:
    name = _name(turn, typed, AskName())
    if name:
        show_card(turn, _with_new_code(turn, name))


def _name(turn: Turn, typed: str, again: Prompt) -> str | None:
    """A class' name. One that does not do is refused, and asked for again."""
    name = typed.strip()
    fits = len(name) <= NAME_LENGTH and can_be_shown(name)
    if not fits:
        turn.ask(again)
        turn.say(screens.bad_name(len(name), NAME_LENGTH))
    return name if fits else None


def _is_sentence(turn: Turn, again: Prompt) -> bool:
    """A sentence that was written when a name was asked for is not taken for one; the name is asked for again. Behind
    the command any name is meant as it stands."""
    text = turn.incoming.text.strip()
    words = len(text.split())
    sentence = len(text) <= NAME_LENGTH and (words > NAME_WORDS or (words >= SENTENCE_WORDS and text[-1] in ".!…。"))
    if sentence:
        turn.ask(again)
        turn.say(screens.reads_like_a_sentence())
    return sentence


def can_be_shown(name: str) -> bool:
    """Whether it is one line that shows something, and leaves what stands around it alone."""
    kinds = [unicodedata.category(character) for character in name]
    foul = any(kind in ("Cc", "Cs", "Zl", "Zp") for kind in kinds) or any(c in _TURNED for c in name)
    return not foul and any(kind[0] in "LNPS" for kind in kinds)


def _with_new_code(turn: Turn, name: str) -> Cohort:
    while True:
        try:
            return turn.tables.cohorts.create(name, tokens.code(), secrets.token_hex(16), turn.learner.id, turn.now)
        except CodeTaken:  # one in 850 billion
            continue


def card(turn: Turn, pressed: Card) -> None:
    cohort = own(turn, CohortId(pressed.cohort))
    if cohort:
        show_card(turn, cohort)


def show_card(turn: Turn, cohort: Cohort) -> None:
    """The class as it is now, for one who teaches it."""
    tables = turn.tables
    current = tables.cohorts.get(cohort.id) or cohort
    assigned = []
    for one in tables.cohorts.assignments(cohort.id):
        lesson = turn.course.lesson(one.lesson)
        assigned.append(screens.Assigned(one.lesson, lesson.title if lesson else one.lesson, one.due_at))
    details = screens.Details(
        cohort=current,
        shown_code=tokens.shown_code(current.code),
        join_link=turn.identity.link(f"j{current.code}"),
        enrolled=tables.cohorts.size(cohort.id),
        instructors=tuple(teachers(turn, current)),
        assigned=tuple(assigned),
        zone=own_zone(turn),
    )
    turn.show(screens.card(details), TEACH)


def rename(turn: Turn, pressed: Rename) -> None:
    cohort = own(turn, CohortId(pressed.cohort))
    if cohort:
        turn.ask(AskNewName(cohort.id))
        turn.show(screens.ask_name(cohort), TEACH)


def take_new_name(turn: Turn, asked: AskNewName) -> None:
    """The message is the class' new name."""
    cohort = own(turn, CohortId(asked.cohort))
    if cohort is None or _is_sentence(turn, asked):
        return
    name = _name(turn, turn.incoming.text, asked)
    if name:
        turn.tables.cohorts.rename(cohort.id, name)
        show_card(turn, cohort)


def new_code(turn: Turn, pressed: NewCode) -> None:
    cohort = own(turn, CohortId(pressed.cohort))
    if cohort:
        turn.show(screens.new_code(cohort), TEACH)


def new_code_now(turn: Turn, pressed: NewCodeNow) -> None:
    cohort = own(turn, CohortId(pressed.cohort))
    if cohort is None:
        return
    while cohort.code == pressed.code:  # a second press is about a code that is gone
        try:
            turn.tables.cohorts.recode(cohort.id, tokens.code())
        except CodeTaken:
            continue
        break
    show_card(turn, cohort)


def set_open(turn: Turn, pressed: SetOpen) -> None:
    cohort = own(turn, CohortId(pressed.cohort))
    if cohort:
        turn.tables.cohorts.set_open(cohort.id, pressed.on != 0)
        turn.toast("The code lets people in." if pressed.on else "The code lets nobody in.")
        show_card(turn, cohort)


def end(turn: Turn, pressed: End) -> None:
    cohort = own(turn, CohortId(pressed.cohort))
    if cohort:
        turn.show(screens.end(cohort, turn.tables.cohorts.size(cohort.id)), TEACH)


def end_now(turn: Turn, pressed: EndNow) -> None:
    cohort = own(turn, CohortId(pressed.cohort))
    if cohort:
        end_class(turn.tables, cohort.id, turn.now)
        turn.show(screens.ended(cohort.name), TEACH)


# Teaching a class along with others


def invite(turn: Turn, pressed: Invite) -> None:
    """A link that lets one other instructor teach the class, too."""
    cohort = own(turn, CohortId(pressed.cohort))
    if cohort:
        secret = tokens.secret()
        ticket = LinkTicket(TicketKind.COHORT, turn.learner.id, cohort.id, turn.now + LINK_SECONDS)
        turn.tables.tickets.issue(secret.hash, ticket)
        turn.say(screens.along_link(cohort, turn.identity.link(f"c{secret.text}")))


def invited_to(turn: Turn, secret: str) -> tuple[Cohort, LinkTicket] | None:
    """The class that the link is for, while who made it still teaches it."""
    ticket = turn.tables.tickets.look(tokens.hashed(secret), turn.now)
    if ticket is None or ticket.kind is not TicketKind.COHORT or ticket.cohort is None:
        return None
    cohort = turn.tables.cohorts.taught(ticket.cohort, ticket.issued_by)
    return (cohort, ticket) if cohort and instructs(turn, ticket.issued_by) else None


def open_along(turn: Turn, secret: str) -> None:
    """`/start c<secret>`: an instructor is invited to teach a class along with others."""
    if not turn.instructs:
        turn.say(screens.only_instructors())
        return
    found = invited_to(turn, secret)
    if found is None:
        turn.say(bad_link())
    elif turn.tables.cohorts.taught(found[0].id, turn.learner.id):
        show_card(turn, found[0])
    else:
        turn.show(screens.along_offer(found[0], name_of(turn, found[1].issued_by), secret), TEACH)


def teach_along(turn: Turn, pressed: TeachAlong) -> None:
    found = invited_to(turn, pressed.secret)
    if found is None:
        turn.toast("This link is not good any more. Ask for a new one.", alert=True)
        return
    cohort, ticket = found
    turn.tables.tickets.take(tokens.hashed(pressed.secret), turn.now)
    turn.tables.cohorts.add_instructor(cohort.id, turn.learner.id, turn.now)
    news = screens.along_news(cohort, name_of(turn, turn.learner.id))
    turn.tables.outbox.add(news.outgoing(ticket.issued_by), turn.now)
    show_card(turn, cohort)
