"""Everything that can be asked of the database or written to it, grouped by noun. Handed to work by the Store."""

from __future__ import annotations

from sqlite_utils import Database

from bot.store.access import Instructors, Prompts, Sessions, Tickets
from bot.store.announcements import Announcements
from bot.store.clock import Alerts, Timers
from bot.store.cohorts import Cohorts
from bot.store.figures import Figures
from bot.store.files import Files, Snippets
from bot.store.learners import Learners
from bot.store.mail import Inbox, Outbox, Posts
from bot.store.menus import ShownMenus
from bot.store.quizzes import Quizzes
from bot.store.reading import Reading
from bot.store.runs import Runs


class Tables:
    def __init__(self, db: Database) -> None:
        self.learners = Learners(db)
        self.reading = Reading(db)
        self.quizzes = Quizzes(db)
        self.runs = Runs(db)
        self.files = Files(db)
        self.snippets = Snippets(db)
        self.inbox = Inbox(db)
        self.outbox = Outbox(db)
        self.posts = Posts(db)
        self.menus = ShownMenus(db)
        self.timers = Timers(db)
        self.alerts = Alerts(db)
        self.instructors = Instructors(db)
        self.tickets = Tickets(db)
        self.sessions = Sessions(db)
        self.prompts = Prompts(db)
        self.cohorts = Cohorts(db)
        self.announcements = Announcements(db)
        self.figures = Figures(db)
