"""Announcements to a class: written down, shown, sent once to everybody in it, and followed until they have arrived.

The chat and the web pages send in the same way: `draft_to`, then `send`, each in a transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.classes import Announcement, Cohort
from bot.domain.ids import AnnouncementId, LearnerId
from bot.domain.messages import Mode
from bot.features.announcements import screens
from bot.store import Tables
from bot.store.announcements import post_of
from bot.telegram.richtext import units
from bot.turns.jobs import Occasion

LIMIT = 3000
"""Longest text, in characters as Telegram counts them (UTF-16 units)."""
FOLLOW = "spread"
"""Kind of the timer that follows an announcement on its way."""
FOLLOW_SECONDS = 2.0


class TooLong(ValueError):
    """The text is over LIMIT; `length` is in the same units."""

    def __init__(self, length: int) -> None:
        super().__init__(f"{length} units; at most {LIMIT}")
        self.length = length


def draft_to(
    tables: Tables, cohort: Cohort, author: LearnerId, text: str, recipients: Iterable[LearnerId], now: float
) -> Announcement:
    """Write down what shall be sent to these learners of a class. Raises TooLong, and ValueError for an empty text."""
    body = text.strip()
    if not body:
        raise ValueError("an announcement needs a text")
    if units(body) > LIMIT:
        raise TooLong(units(body))
    return tables.announcements.draft(cohort.id, author, body, recipients, now)


def send(tables: Tables, announcement: Announcement, cohort: Cohort, author_name: str, now: float) -> bool:
    """Send it to those of its recipients who are still in the class; False when it was sent, or dropped, before.

    Its status appears in the author's chat.
    """
    if not tables.announcements.send(announcement.id, now):
        return False
    screen = screens.announcement(cohort.name, announcement.body, author_name)
    for learner in tables.announcements.recipients(announcement.id):
        known = tables.learners.get(learner)
        if known and known.reachable:
            tables.outbox.add(screen.outgoing(learner, post_of(announcement.id), Mode.NEW), now)
    shown = _show_status(tables, announcement, cohort, now)
    tables.timers.set(FOLLOW, now, {"announcement": announcement.id, "shown": shown})
    return True


def follow(due: Occasion) -> None:
    """The timer's work: keep the status right until nothing waits any more."""
    tables, payload, now = due.tables, due.payload, due.now
    announcement = tables.announcements.get(AnnouncementId(payload["announcement"]))
    cohort = tables.cohorts.get(announcement.cohort) if announcement else None
    if announcement is None or cohort is None:
        return
    spread, shown = tables.announcements.spread(announcement.id), payload["shown"]
    if not spread.waiting:
        tables.announcements.finish(announcement.id, now)
        _show_status(tables, announcement, cohort, now)
        return
    behind = tables.outbox.holds(announcement.author, status_of(announcement.id))
    if [spread.delivered, spread.waiting] != shown and not behind:
        shown = _show_status(tables, announcement, cohort, now)
    tables.timers.set(FOLLOW, now + FOLLOW_SECONDS, {"announcement": announcement.id, "shown": shown})


def status_of(announcement: AnnouncementId) -> str:
    """Key of the message in the author's chat that says how far it has come."""
    return f"spread:{announcement}"


def _show_status(tables: Tables, announcement: Announcement, cohort: Cohort, now: float) -> list[int]:
    """Returns what is shown: how many got it, how many still wait."""
    spread = tables.announcements.spread(announcement.id)
    # Learners who have left the class are not named; nobody is, if the author no longer teaches it.
    teaches = tables.cohorts.taught(cohort.id, announcement.author) is not None
    named = [m for m in spread.unreached if teaches and tables.cohorts.member(cohort.id, m.id)]
    screen = screens.status(cohort.name, spread, named)
    tables.outbox.add(screen.outgoing(announcement.author, status_of(announcement.id), Mode.KEEP), now)
    return [spread.delivered, spread.waiting]
