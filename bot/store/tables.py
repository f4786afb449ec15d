"""Everything that can be asked of the database or written to it, grouped by noun. Handed to work by the Store."""

from __future__ import annotations

from sqlite_utils import Database

from bot.store.access import InstructorsTable, SessionsTable, TicketsTable
from bot.store.alerts import AlertsTable
from bot.store.announcements import AnnouncementsTable
from bot.store.cohorts import CohortsTable
from bot.store.files import FilesTable, SnippetsTable
from bot.store.inbox import InboxTable
from bot.store.learners import LearnersTable
from bot.store.menus import MenusTable
from bot.store.news import News
from bot.store.outbox import OutboxTable, PostsTable
from bot.store.prompts import PromptsTable
from bot.store.pulses import PulsesTable
from bot.store.reading import ReadingTable
from bot.store.rounds import RoundsTable
from bot.store.runs import RunsTable
from bot.store.timers import TimersTable
from bot.store.traces import TracesTable


class Tables:
    def __init__(self, db: Database) -> None:
        self.news = News()
        self.learners = LearnersTable(db)
        self.reading = ReadingTable(db)
        self.rounds = RoundsTable(db)
        self.runs = RunsTable(db)
        self.files = FilesTable(db)
        self.snippets = SnippetsTable(db)
        self.inbox = InboxTable(db)
        self.outbox = OutboxTable(db, self.news, self.reading)
        self.posts = PostsTable(db)
        self.menus = MenusTable(db)
        self.timers = TimersTable(db, self.news)
        self.alerts = AlertsTable(db)
        self.instructors = InstructorsTable(db)
        self.tickets = TicketsTable(db)
        self.sessions = SessionsTable(db)
        self.prompts = PromptsTable(db)
        self.cohorts = CohortsTable(db)
        self.announcements = AnnouncementsTable(db)
        self.traces = TracesTable(db)
        self.pulses = PulsesTable(db)
