"""Everything that can be asked of the database or written to it, grouped by noun. Handed to work by the Store."""

from __future__ import annotations

from sqlite_utils import Database

from bot.store.clock import Alerts, Timers
from bot.store.learners import Learners
from bot.store.mail import Inbox, Outbox, Posts
from bot.store.quizzes import Quizzes
from bot.store.reading import Reading
from bot.store.runs import Runs


class Tables:
    def __init__(self, db: Database) -> None:
        self.learners = Learners(db)
        self.reading = Reading(db)
        self.quizzes = Quizzes(db)
        self.runs = Runs(db)
        self.inbox = Inbox(db)
        self.outbox = Outbox(db)
        self.posts = Posts(db)
        self.timers = Timers(db)
        self.alerts = Alerts(db)
