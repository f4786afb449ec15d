from __future__ import annotations

from sqlite_utils import Database

from bot import names
from bot.records import Learner
from bot.store import people


class Learners:
    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, id: int) -> Learner | None:
        row = next(iter(self._db.query("select * from learners where id = ?", [id])), None)
        return people.learner(row) if row else None

    def meet(self, id: int, name: str, username: str | None, language: str | None, at: float) -> tuple[Learner, bool]:
        """The learner with this id under their present name, and whether they are new. Whoever writes is reachable."""
        name = names.shown(name, None, username, id)
        known = self.get(id)
        since, zone = (known.joined_at, known.zone) if known else (at, None)
        met = Learner(id, name, username, language, since, zone=zone)
        if known != met:
            self._db.execute(
                "insert into learners(id, name, username, language, joined_at)"
                " values(:id, :name, :username, :language, :at) on conflict(id) do update"
                " set name = :name, username = :username, language = :language, reachable = 1",
                {"id": id, "name": name, "username": username, "language": language, "at": at},
            )
        return met, known is None

    def unreachable(self, id: int) -> None:
        """The learner blocked the bot; their next message makes them reachable again."""
        self._db.execute("update learners set reachable = 0 where id = ?", [id])

    def set_zone(self, id: int, zone: str) -> None:
        self._db.execute("update learners set zone = ? where id = ?", [zone, id])

    def named(self, username: str) -> Learner | None:
        """Whoever has this username (without the @, any case). None also when it passed from one person to another,
        of whom the bot cannot tell who has it now."""
        rows = list(self._db.query("select * from learners where username = ? collate nocase limit 2", [username]))
        return people.learner(rows[0]) if len(rows) == 1 else None

    def all(self) -> list[Learner]:
        rows = self._db.query("select * from learners order by id")
        return [people.learner(row) for row in rows]
