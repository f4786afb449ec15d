from __future__ import annotations

from sqlite_utils import Database

from bot.domain.ids import LearnerId
from bot.domain.learning import Bookmark, Passed, Standing


class ReadingTable:
    """Bookmarks, and the sections that were read."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def turn_to(self, learner: LearnerId, lesson: str, section: str, page: int, at: float) -> None:
        """Stores the opened page as the learner's place in the lesson. The lesson becomes their current one."""
        self._db.execute(
            "insert into bookmarks(learner, lesson, section, page, at) values(?, ?, ?, ?, ?)"
            " on conflict(learner, lesson) do update"
            " set section = excluded.section, page = excluded.page, at = excluded.at",
            [learner, lesson, section, page, at],
        )

    def finish_section(self, learner: LearnerId, lesson: str, section: str, at: float) -> None:
        """Stores that the learner has seen the last page of this section. The first time stands."""
        self._db.execute("insert or ignore into sections_read values(?, ?, ?, ?)", [learner, lesson, section, at])

    def bookmark(self, learner: LearnerId, lesson: str) -> Bookmark | None:
        rows = self._db.query(
            "select lesson, section, page, at from bookmarks where learner = ? and lesson = ?", [learner, lesson]
        )
        return next((Bookmark(**row) for row in rows), None)

    def current_lesson(self, learner: LearnerId) -> str | None:
        """The lesson opened last."""
        rows = self._db.query("select lesson from bookmarks where learner = ? order by at desc limit 1", [learner])
        return next((row["lesson"] for row in rows), None)

    def standings(self, learner: LearnerId) -> dict[str, Standing]:
        """Progress by lesson, for every lesson in which there is any."""
        read: dict[str, set[str]] = {}
        for row in self._db.query("select lesson, section from sections_read where learner = ?", [learner]):
            read.setdefault(row["lesson"], set()).add(row["section"])
        finished: dict[str, list[Passed]] = {}
        for quiz in self._db.execute(
            "select learner, lesson, started_at, finished_at, correct, total from quizzes"
            " where learner = ? and finished_at is not null order by finished_at, id",
            [learner],
        ):
            finished.setdefault(quiz[1], []).append(Passed._make(quiz))
        runs = {
            row["lesson"]: row
            for row in self._db.query(
                "select lesson, count(*) as n, sum(state = 'finished') as finished from runs"
                " where learner = ? group by lesson",
                [learner],
            )
        }
        return {
            lesson: Standing(
                lesson,
                frozenset(read.get(lesson, ())),
                runs[lesson]["n"] if lesson in runs else 0,
                runs[lesson]["finished"] if lesson in runs else 0,
                tuple(finished.get(lesson, ())),
            )
            for lesson in {*read, *finished, *runs}
        }
