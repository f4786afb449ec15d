"""The class that `tutor seed` makes: the same every time, and with something in it for every report."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.commands.seed import SeedRefused, seed
from bot.commands.seeding.people import HOSTILE
from bot.commands.seeding.schedule import SPAN
from lessons.loader import load

NOW = 1_800_000_000.0
DAY = 86400.0


def made(folder: Path, learners: int = 60, end: float = NOW) -> Path:
    seed(folder / "seed.db", learners, 1_000_000, "Autumn", end)
    return folder / "seed.db"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(made(tmp_path_factory.mktemp("seed")))) as connection:
        yield connection


def one(db: sqlite3.Connection, sql: str, *values: Any) -> Any:
    return db.execute(sql, values).fetchone()[0]


def rows(path: Path) -> list[str]:
    """Everything in the database; when which migration ran is the one thing that the clock of the machine tells."""
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if "_sqlite_migrations" not in line]


TRACES = """
    select learner, at from attempts union all select learner, at from sections_read
    union all select learner, at from bookmarks union all select learner, started_at from quizzes
    union all select learner, finished_at from quizzes where finished_at is not null
    union all select learner, queued_at from runs union all select learner, ended_at from runs
    union all select learner, sent_at from deliveries
"""
LAST = f"select e.learner, max(t.at) as at from enrolments e left join ({TRACES}) t using(learner) group by e.learner"


def test_the_same_arguments_make_the_same_rows(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert rows(made(tmp_path / "one", 20)) == rows(made(tmp_path / "two", 20))


def test_a_learner_is_the_same_in_a_class_of_any_size(tmp_path: Path, db: sqlite3.Connection) -> None:
    sql = "select question, answer, at from attempts where learner = 900000002 order by at"
    with closing(sqlite3.connect(made(tmp_path, 10))) as small:
        assert small.execute(sql).fetchall() == db.execute(sql).fetchall() != []


def test_all_are_in_one_class_that_has_an_instructor_and_something_to_do(db: sqlite3.Connection) -> None:
    assert db.execute("select name from cohorts").fetchall() == [("Autumn",)]
    assert one(db, "select instructor from teaching") == 1_000_000
    assert one(db, "select count(*) from enrolments") == one(db, "select count(*) from learners") == 60
    assert one(db, "select min(id) from learners") == 900_000_001
    assert one(db, "select count(distinct name) from learners") == 60
    assert one(db, "select count(*) from assignments where due_at > ?", NOW) == len(load().lessons)


def test_some_names_are_attacks(db: sqlite3.Connection) -> None:
    assert {name for (name,) in db.execute("select name from learners")} >= set(HOSTILE)


def test_everything_lies_within_the_four_weeks_and_after_joining(db: sqlite3.Connection) -> None:
    first, last = db.execute(f"select min(at), max(at) from ({TRACES})").fetchone()
    assert NOW - SPAN <= first < last <= NOW
    assert one(db, "select min(joined_at) from learners") >= NOW - SPAN
    early = f"select count(*) from ({TRACES}) t join enrolments e using(learner) where t.at < e.at"
    assert one(db, early) == 0


def test_there_is_plenty_of_everything(db: sqlite3.Connection) -> None:
    assert one(db, "select count(*) from attempts") > 300
    assert one(db, "select count(*) from runs") > 150
    assert one(db, "select count(*) from quizzes where finished_at is not null") > 25
    assert one(db, "select count(distinct parameters) from runs") > 12
    assert one(db, "select count(*) from attempts where hinted = 1") > 10


def test_no_run_is_left_for_the_bot_to_take_up(db: sqlite3.Connection) -> None:
    assert one(db, "select count(*) from runs where state in ('queued', 'running')") == 0


def test_some_never_started(db: sqlite3.Connection) -> None:
    assert one(db, f"select count(*) from ({LAST}) where at is null") >= 3


def test_some_are_away(db: sqlite3.Connection) -> None:
    unfinished = "learner not in (select learner from quizzes where correct >= 0.7 * total)"
    assert one(db, f"select count(*) from ({LAST}) where at < ? and {unfinished}", NOW - 7 * DAY) >= 4


def test_some_are_stuck_at_a_question(db: sqlite3.Connection) -> None:
    stuck = (
        "select count(*) from (select learner, question from attempts a where not exists (select 1 from attempts b"
        " where b.learner = a.learner and b.question = a.question and b.correct = 1 and b.at > a.at)"
        " and correct = 0 group by learner, question having count(*) >= 3)"
    )
    assert one(db, stuck) >= 3


def test_the_runs_of_some_keep_failing(db: sqlite3.Connection) -> None:
    ends: dict[int, list[str]] = {}
    for learner, state in db.execute("select learner, state from runs where state <> 'cancelled' order by queued_at"):
        ends.setdefault(learner, []).append(state)
    assert sum(states[-3:] == ["failed"] * 3 for states in ends.values()) >= 3
    assert {"error", "timeout", "memory"} <= {row[0] for row in db.execute("select distinct reason from runs")}


def test_some_are_here_right_now_and_some_have_a_question_before_them(db: sqlite3.Connection) -> None:
    assert one(db, f"select count(*) from ({LAST}) where at > ?", NOW - 900) >= 5
    unanswered = "select count(*) from deliveries where sent_at > ? and id not in (select delivery from attempts)"
    assert one(db, unanswered, NOW - 900) >= 1


def test_questions_are_of_different_difficulty(db: sqlite3.Connection) -> None:
    shares = [row[1] for row in db.execute("select question, avg(correct) from attempts where first group by question")]
    assert len(shares) == len(load().lessons[0].questions)
    assert min(shares) < 0.3
    assert max(shares) > 0.75


def test_some_take_the_quiz_again(db: sqlite3.Connection) -> None:
    again = "select count(*) from (select learner from quizzes group by learner, lesson having count(*) > 1)"
    assert one(db, again) >= 5


def test_curves_follow_from_the_values(db: sqlite3.Connection) -> None:
    sql = "select parameters, figure, history from runs where example = 'digits' and state = 'finished'"
    runs = [(json.loads(values), figure, json.loads(history)) for values, figure, history in db.execute(sql)]
    plain = [figure for values, figure, _ in runs if not values]
    wild = [figure for values, figure, _ in runs if values.get("learning_rate") == 0.1]
    assert min(plain) > 0.9
    assert max(wild) < 0.6
    assert all(0 <= figure <= 1 for _, figure, _ in runs)
    assert all(len(history) == values.get("epochs", 15) for values, _, history in runs)


def test_twice_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    path = made(tmp_path, 10)
    before = rows(path)
    with pytest.raises(SeedRefused, match="Autumn"):
        seed(path, 10, 1_000_000, "Another", NOW)
    assert rows(path) == before


def test_the_command_says_what_it_made_and_that_it_is_there_already(tmp_path: Path) -> None:
    words = ["seed", "--db", str(tmp_path / "new" / "try.db"), "--learners", "10", "--at", "2026-11-24T18:00+01:00"]
    first, second = (CliRunner().invoke(main, words) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 1)
    assert "Deep Learning, autumn" in first.output
    assert "2026-11-24 17:00 UTC" in first.output
    assert "exists already" in second.output


def test_a_date_that_is_none_is_named(tmp_path: Path) -> None:
    refused = CliRunner().invoke(main, ["seed", "--db", str(tmp_path / "try.db"), "--at", "tomorrow"])
    assert refused.exit_code == 2
    assert "tomorrow" in refused.output
    assert not (tmp_path / "try.db").exists()


def test_the_class_learns_the_course_that_is_set(tmp_path: Path) -> None:
    """One with a lesson of a single section and no examples too."""
    path = tmp_path / "try.db"
    small = Path(__file__).parents[1] / "lessons" / "course"
    done = CliRunner().invoke(main, ["seed", "--db", str(path), "--learners", "40"], env={"TUTOR_COURSE": str(small)})
    assert (done.exit_code, done.exception) == (0, None)
    with closing(sqlite3.connect(path)) as seeded:
        lessons = {row[0] for row in seeded.execute("select lesson from sections_read")}
    assert lessons == {"first", "second"}
