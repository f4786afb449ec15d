"""An announcement: as its author sees it before it goes, as learners get it, and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import wording
from bot.domain.classes import Announcement, Cohort, Member, Spread
from bot.features.announcements.buttons import DropDraft, SendDraft
from bot.features.classes.buttons import Card
from bot.telegram.richtext import Text, bold, italic, lines, paragraphs, text
from bot.telegram.screen import Button, Screen

NAMED = 20
"""Most learners that a status names."""


def ask(cohort: Cohort) -> Screen:
    return Screen(
        text("What shall I tell ", bold(cohort.name), "? Send me the text; you will see it before it goes out."),
        ((Button("Cancel", Card(cohort.id)),),),
    )


def announcement(cohort_name: str, body: str, author_name: str) -> Screen:
    """As learners get it."""
    return Screen(paragraphs(text("📣 ", bold(cohort_name)), body, text("– ", italic(author_name))))


def preview(cohort: Cohort, draft: Announcement, author_name: str, reachable: int, blocked: int) -> Screen:
    """As learners will get it, with what is to be decided below."""
    note = f"{wording.count(blocked, 'learner')} blocked the bot and will not get it." if blocked else ""
    shown = announcement(cohort.name, draft.body, author_name).text
    send = Button(f"Send to {wording.count(reachable, 'learner')}", SendDraft(draft.id), style="primary")
    return Screen(paragraphs(shown, italic(note)), ((send,), (Button("Cancel", DropDraft(draft.id)),)))


def dropped() -> Screen:
    return Screen(text("Nothing was sent."))


def nobody(cohort: Cohort) -> Screen:
    back = Button("‹ Back to the class", Card(cohort.id))
    return Screen(text("Nobody in ", bold(cohort.name), " can be reached."), ((back,),))


def too_long(length: int, limit: int) -> Screen:
    return Screen(text(f"That is {length:,} characters; an announcement has at most {limit:,}. Nothing was sent."))


def status(cohort_name: str, spread: Spread, named: Sequence[Member]) -> Screen:
    """How far it has come; at last `named`, who of those not reached are still in the class."""
    total = spread.delivered + spread.waiting + len(spread.unreached)
    parts = [f"Delivered to {spread.delivered} of {total}"]
    parts += [f"{spread.waiting} waiting"] if spread.waiting else []
    head = lines(text("📣 ", bold(cohort_name)), " · ".join(parts))
    return Screen(head if spread.waiting else paragraphs(head, _unreached(named)))


def _unreached(named: Sequence[Member]) -> Text:
    if not named:
        return Text()
    rows = [text(f"• {m.name[:64]} – ", "could not be reached" if m.reachable else "blocked the bot") for m in named]
    more = f"and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return lines(bold("Not reached"), *rows[:NAMED], more)
