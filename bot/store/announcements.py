from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from bot.domain.classes import Announcement, Spread
from bot.domain.ids import AnnouncementId, CohortId, LearnerId
from bot.store import people


def post_of(announcement: AnnouncementId) -> str:
    """Key of the announcement's message in each recipient's chat. A post with this key means that it was delivered."""
    return f"announcement:{announcement}"


class AnnouncementsTable:
    def __init__(self, db: Database) -> None:
        self._db = db

    def draft(
        self, cohort: CohortId, author: LearnerId, body: str, recipients: Iterable[LearnerId], at: float
    ) -> Announcement:
        """Stores a draft for these learners. It is not sent yet."""
        rows = self._db.query(
            "insert into announcements(cohort, author, body, written_at) values(?, ?, ?, ?) returning id",
            [cohort, author, body, at],
        )
        made = Announcement(AnnouncementId(next(iter(rows))["id"]), cohort, author, body, at)
        for learner in recipients:
            self._db.execute("insert or ignore into recipients values(?, ?)", [made.id, learner])
        return made

    def get(self, id: AnnouncementId) -> Announcement | None:
        rows = self._db.query("select * from announcements where id = ?", [id])
        return next((Announcement(**row) for row in rows), None)

    def recipients(self, id: AnnouncementId) -> list[LearnerId]:
        """The recipients who are still in the class."""
        rows = self._db.execute(
            "select r.learner from announcements a join recipients r on r.announcement = a.id"
            " join enrolments e on e.cohort = a.cohort and e.learner = r.learner where a.id = ? order by r.learner",
            [id],
        )
        return [LearnerId(row[0]) for row in rows]

    def send(self, id: AnnouncementId, at: float) -> bool:
        """Marks the draft as sent. Returns False when it was sent or dropped before. Learners who have left the class
        since it was written are removed from its recipients."""
        cursor = self._db.execute("update announcements set sent_at = ? where id = ? and sent_at is null", [at, id])
        if cursor.rowcount != 1:
            return False
        self._db.execute(
            "delete from recipients where announcement = :id and learner not in (select e.learner from announcements a"
            " join enrolments e on e.cohort = a.cohort where a.id = :id)",
            {"id": id},
        )
        return True

    def drop(self, id: AnnouncementId) -> bool:
        """Deletes a draft. Returns False when it was sent or dropped before."""
        return self._db.execute("delete from announcements where id = ? and sent_at is null", [id]).rowcount == 1

    def finish(self, id: AnnouncementId, at: float) -> None:
        self._db.execute("update announcements set finished_at = ? where id = ? and finished_at is null", [at, id])

    def spread(self, id: AnnouncementId) -> Spread:
        """How many recipients have the message, by the posts in their chats and the rows in the outbox."""
        rows = self._db.query(
            "select l.id, l.name, l.username, l.joined_at as enrolled_at, l.reachable,"
            " exists(select 1 from posts p where p.chat = r.learner and p.at = :at) as delivered,"
            " exists(select 1 from outbox o where o.chat = r.learner and o.at = :at) as waiting"
            " from recipients r join learners l on l.id = r.learner where r.announcement = :id order by l.id",
            {"id": id, "at": post_of(id)},
        )
        delivered, waiting, unreached = 0, 0, []
        for row in rows:
            if row.pop("delivered"):
                delivered += 1
            elif row.pop("waiting"):
                waiting += 1
            else:
                unreached.append(people.member(row))
        return Spread(delivered, waiting, tuple(people.by_name(unreached)))
