"""Appointed instructors, links that work once, and browsers that are signed in."""

from __future__ import annotations

from sqlite_utils import Database

from bot.domain.ids import LearnerId
from bot.domain.people import Instructor, LinkTicket, Session, TicketKind
from bot.store import people


class InstructorsTable:
    """Appointed instructors. The settings name others."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def appoint(self, id: LearnerId, name: str, by: LearnerId, at: float) -> bool:
        """Returns False when the person is an instructor already."""
        return (
            self._db.execute("insert or ignore into instructors values(?, ?, ?, ?)", [id, name, by, at]).rowcount == 1
        )

    def dismiss(self, id: LearnerId, heir: LearnerId, at: float) -> bool:
        """Also removes the person's classes, sessions and open links. A class that nobody else teaches goes to `heir`.
        Returns False when the person was no instructor."""
        self._db.execute(
            "insert or ignore into teaching(cohort, instructor, at) select t.cohort, ?, ? from teaching t"
            " where t.instructor = ? and not exists("
            "select 1 from teaching o where o.cohort = t.cohort and o.instructor <> t.instructor)",
            [heir, at, id],
        )
        self._db.execute("delete from teaching where instructor = ?", [id])
        self._db.execute("delete from sessions where instructor = ?", [id])
        self._db.execute("delete from tickets where issued_by = ?", [id])
        return self._db.execute("delete from instructors where id = ?", [id]).rowcount == 1

    def has(self, id: LearnerId) -> bool:
        return any(self._db.execute("select 1 from instructors where id = ?", [id]))

    def all(self) -> list[Instructor]:
        """In the order of their appointment."""
        return [people.instructor(row) for row in self._db.query("select * from instructors order by at, id")]


class TicketsTable:
    """Links that work once. A ticket is known by the hash of its secret."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def issue(self, hash: str, ticket: LinkTicket) -> None:
        self._db.execute(
            "insert into tickets(hash, kind, issued_by, cohort, expires_at) values(?, ?, ?, ?, ?)",
            [hash, ticket.kind, ticket.issued_by, ticket.cohort, ticket.expires_at],
        )

    def look(self, hash: str, now: float) -> LinkTicket | None:
        """The ticket, if it is still valid. It stays valid."""
        rows = self._db.query(
            "select kind, issued_by, cohort, expires_at from tickets"
            " where hash = ? and used_at is null and expires_at > ?",
            [hash, now],
        )
        return next((LinkTicket(**{**row, "kind": TicketKind(row["kind"])}) for row in rows), None)

    def take(self, hash: str, now: float) -> LinkTicket | None:
        """The ticket, if it is still valid. It is used up by this."""
        ticket = self.look(hash, now)
        if ticket:
            self._db.execute("update tickets set used_at = ? where hash = ?", [now, hash])
        return ticket

    def forget_before(self, at: float) -> None:
        self._db.execute("delete from tickets where expires_at < ?", [at])


class SessionsTable:
    """Browsers that are signed in, each known by the hash of its cookie."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def open(self, hash: str, session: Session) -> None:
        self._db.execute(
            "insert into sessions values(?, ?, ?, ?, ?)",
            [hash, session.instructor, session.csrf, session.started_at, session.seen_at],
        )

    def get(self, hash: str) -> Session | None:
        rows = self._db.query("select instructor, csrf, started_at, seen_at from sessions where hash = ?", [hash])
        return next((Session(**row) for row in rows), None)

    def seen(self, hash: str, at: float) -> None:
        self._db.execute("update sessions set seen_at = ? where hash = ?", [at, hash])

    def close(self, hash: str) -> None:
        self._db.execute("delete from sessions where hash = ?", [hash])

    def forget_before(self, started_at: float) -> None:
        self._db.execute("delete from sessions where started_at < ?", [started_at])
