from __future__ import annotations

from sqlite_utils import Database

from bot.domain import names
from bot.domain.ids import LearnerId
from bot.domain.people import Learner
from bot.store import people


class LearnersTable:
    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, id: LearnerId) -> Learner | None:
        row = next(iter(self._db.query("select * from learners where id = ?", [id])), None)
        return people.learner(row) if row else None

    def meet(
        self,
        id: LearnerId,
        name: str,
        username: str | None,
        language: str | None,
        at: float,
        heard: float | None = None,
    ) -> tuple[Learner, bool]:
        """Stores the learner's present name and marks them as reachable. Returns the learner, and whether they are new.
        `heard` is when they wrote, if that was before `at`."""
        name = names.shown(name, None, username, id)
        known = self.get(id)
        heard = at if heard is None else heard
        username, inherited = self._claimed(id, username, heard, known)
        since, zone = (known.joined_at, known.zone) if known else (at, None)
        met = Learner(id, name, username, language, since, zone=zone, heard_at=heard, inherited=inherited)
        if known != met:
            self._db.execute(
                "insert into learners(id, name, username, language, joined_at, heard_at, inherited)"
                " values(:id, :name, :username, :language, :at, :heard, :inherited) on conflict(id) do update"
                " set name = :name, username = :username, language = :language, reachable = 1, heard_at = :heard,"
                " inherited = :inherited",
                {"id": id, "name": name, "username": username, "language": language, "at": at}
                | {"heard": heard, "inherited": inherited},
            )
        return met, known is None

    def hear(self, id: LearnerId, username: str | None, heard: float) -> None:
        """Notes a person's username where a message makes nobody a learner, for example in a group. Other learners
        with this username lose it."""
        username, inherited = self._claimed(id, username, heard, self.get(id))
        self._db.execute(
            "update learners set username = ?, inherited = ?, heard_at = ? where id = ? and heard_at <= ?",
            [username, inherited, heard, id, heard],
        )

    def _claimed(
        self, id: LearnerId, username: str | None, heard: float, known: Learner | None
    ) -> tuple[str | None, bool]:
        """The username, and whether another learner had it before. One person has a username at a time, whatever its
        capitals: the one heard from last keeps it, and the others lose it."""
        if not username:
            return None, False
        rows = self._db.query(
            "select id, heard_at from learners where username = ? collate nocase and id <> ?", [username, id]
        )
        others = {row["id"]: row["heard_at"] for row in rows}
        if any(heard_at > heard for heard_at in others.values()):
            return None, False
        for other in others:
            self._db.execute("update learners set username = null, inherited = 0 where id = ?", [other])
        kept = known is not None and known.inherited and (known.username or "").lower() == username.lower()
        return username, bool(others) or kept

    def unreachable(self, id: LearnerId) -> None:
        """Notes that the learner blocked the bot. Their next message makes them reachable again."""
        self._db.execute("update learners set reachable = 0 where id = ?", [id])

    def set_zone(self, id: LearnerId, zone: str) -> None:
        self._db.execute("update learners set zone = ? where id = ?", [zone, id])

    def named(self, username: str) -> Learner | None:
        """The learner who had this username (without the @, in any capitals) when the bot last heard from them."""
        rows = self._db.query("select * from learners where username = ? collate nocase", [username])
        return next((people.learner(row) for row in rows), None)

    def all(self) -> list[Learner]:
        rows = self._db.query("select * from learners order by id")
        return [people.learner(row) for row in rows]
