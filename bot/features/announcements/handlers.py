"""Writing to a class: the text, a look at it, and sending it once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.classes import Announcement, Cohort
from bot.domain.ids import AnnouncementId, CohortId
from bot.domain.messages import Mode
from bot.features.announcements import jobs, screens
from bot.features.announcements.buttons import DropDraft, SendDraft
from bot.turns.choosing import TEACH, own
from bot.turns.prompts import Prompt
from bot.turns.turn import Turn


@dataclass(frozen=True)
class AskText(Prompt, kind="announce", any_text=True):
    """The next message is the text of an announcement; it may hold code."""

    cohort: int


def take_text(turn: Turn, asked: AskText) -> None:
    """The message is the text of an announcement."""
    cohort = own(turn, CohortId(asked.cohort))
    if cohort:
        begin(turn, cohort, turn.incoming.text)


def begin(turn: Turn, cohort: Cohort, body: str) -> None:
    """Show what would be sent; without a text, ask for it."""
    members = turn.tables.cohorts.members(cohort.id)
    reachable = sum(member.reachable for member in members)
    if not reachable:
        turn.show(screens.nobody(cohort), TEACH)
        return
    if not body.strip():
        _ask(turn, cohort)
        turn.show(screens.ask(cohort), TEACH)
        return
    try:
        draft = jobs.draft_to(turn.tables, cohort, turn.learner.id, body, [m.id for m in members], turn.now)
    except jobs.TooLong as error:
        _ask(turn, cohort)
        turn.say(screens.too_long(error.length, jobs.LIMIT))
    else:
        screen = screens.preview(cohort, draft, turn.learner.name, reachable, len(members) - reachable)
        turn.show(screen, _post(draft.id), Mode.NEW)


def _ask(turn: Turn, cohort: Cohort) -> None:
    turn.ask(AskText(cohort.id))


def _post(draft: AnnouncementId) -> str:
    return f"draft:{draft}"


def send(turn: Turn, pressed: SendDraft) -> None:
    """Twice is like once."""
    found = _own_draft(turn, AnnouncementId(pressed.announcement))
    if found is None:
        return
    draft, cohort = found
    if jobs.send(turn.tables, draft, cohort, turn.learner.name, turn.now):
        turn.show(screens.announcement(cohort.name, draft.body, turn.learner.name), _post(draft.id), Mode.KEEP)
    else:
        turn.toast("It was sent already.")


def drop(turn: Turn, pressed: DropDraft) -> None:
    found = _own_draft(turn, AnnouncementId(pressed.announcement))
    if found is None:
        return
    draft, _ = found
    if turn.tables.announcements.drop(draft.id):
        turn.show(screens.dropped(), _post(draft.id), Mode.KEEP)
    else:
        turn.toast("It was sent already.")


def _own_draft(turn: Turn, id: AnnouncementId) -> tuple[Announcement, Cohort] | None:
    """The announcement with its class, for its author, while they teach the class."""
    draft = turn.tables.announcements.get(id)
    if draft is None or draft.author != turn.learner.id:
        turn.toast("There is nothing to send any more.")
        return None
    cohort = own(turn, draft.cohort)
    return (draft, cohort) if cohort else None
