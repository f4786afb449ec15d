"""Wrote `schema_0001.sql`, `schema_0003.sql` and `schema_0013.sql`: databases as the migrations up to that one made
them, with rows in every table. Never run it again for those files; for a later state of the schema make another one."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from bot.domain.classes import Assignment, Pulse
from bot.domain.messages import Key, Outgoing, Post
from bot.domain.people import LinkTicket, Session, TicketKind
from bot.domain.runs import CodePart, Epoch, Order, RunState
from bot.features.quiz.buttons import StartQuiz
from bot.features.reading.buttons import Read
from bot.store import Store, Tables
from bot.store.migrations import schema
from lessons.loader import load
from tests.support.desk import ADA, GRACE, IRIS, NOW, SMALL_COURSE, Desk

ROWS: dict[str, list[tuple[object, ...]]] = {
    "learners": [(1001, "Ada", "ada", "en", 1.5, 1), (1002, "Grâce 🎓", None, None, 2.5, 0)],
    "bookmarks": [(1001, "model-training-and-evaluation", "training", 1, 3.0)],
    "sections_read": [(1001, "model-training-and-evaluation", "training", 3.5)],
    "quizzes": [(1, 1001, "model-training-and-evaluation", 4.0, 9.0, 1, 2), (2, 1002, "l", 5.0, None, None, None)],
    "deliveries": [(1, 1, 1001, "l", "q1", 0, 4.5, 0), (2, 1, 1001, "l", "q2", 1, 4.6, 1),
                   (3, 2, 1002, "l", "q", 0, 6, 0)],
    "attempts": [(1, 1001, "l", "q1", '["a"]', 1, 1, 5.0), (2, 1001, "l", "q2", '["b", "c"]', 0, 0, 5.5)],
    "drafts": [(1001, "l", "e", '{"epochs": 3}')],
    "runs": [
        (1, 1001, 1001, "l", "e", "train", "{}", "x = 1", 1, "finished", None, None, 1.0, 2.0, 3.0, 1.0,
         '[{"epoch": 1, "epochs": 1, "metrics": {"loss": 0.5}, "seconds": 0.1}]', "[]", "out", 0),
        (2, 1002, 1002, "l", "e", "train", '{"epochs": 2}', "x = 2", 0, "failed", "timeout", "too long", 1.0, 2.0, 3.0,
         None, "[]", "[]", "", 1),
        (3, 1002, 1002, "l", "e", "train", "{}", "x = 3", 1, "queued", None, None, 4.0, None, None, None, "[]", "[]",
         "", 0),
    ],
    "artifacts": [(1001, "l", "e", "model.keras", 1, bytes(range(256)))],
    "inbox": [(10, 1001, "{}", "done", 1, None, 1.0, 2.0), (11, 1001, "{}", "new", 0, None, 3.0, None),
              (12, 1002, "{}", "dead", 5, "KeyError()", 3.0, 4.0)],
    "outbox": [(1, 1001, "panel", "follow", '{"text": "Hi", "entities": [], "keyboard": []}', None, 0, 5.0),
               (2, 1002, "", "new", '{"text": "See", "entities": [], "keyboard": [],'
                ' "attachment": {"name": "a.png", "picture": true}}', b"\x89PNG", 0, 6.0)],
    "posts": [(1001, "panel", 17, 0, 1)],
    "chats": [(1001, 18)],
}  # fmt: skip


LATER: dict[str, list[tuple[object, ...]]] = {
    "deliveries": [(1, 1, 1001, "l", "q1", 0, 4.5, 0, 0), (2, 1, 1001, "l", "q2", 1, 4.6, 1, 3),
                   (3, 2, 1002, "l", "q", 0, 6, 0, 0)],
    "timers": [(1, "forget_inbox", "{}", 99.0)],
    "alerts": [("handler", 7.0)],
}  # fmt: skip
"""Tables that 0002 and 0003 made or changed."""


async def live(desk: Desk) -> None:
    """What learners and an instructor do in the chat of today. It names no table, so that it also tells later what
    the rows of `schema_0013.sql` are."""
    card = await desk.says("/newclass Autumn", IRIS)
    link = next(word for word in card.text.split() if "?start=j" in word)
    for learner in (ADA, GRACE):
        joining = await desk.says(f"/start {link.rpartition('=')[2]}", learner)
        await desk.presses(joining.key("Join"), learner)
    await desk.presses(Read("first", "training"), ADA)
    await finish_a_quiz(desk)
    await leave_ticks(desk)
    await leave_another_try(desk)
    await desk.says("/newclass", IRIS)  # a name is asked for


async def finish_a_quiz(desk: Desk) -> None:
    """Ada: the first question right at the second try, after a hint; the others right; three of four at first."""
    shown = await desk.presses(StartQuiz("first"), ADA)
    hinted = await desk.presses(shown.key("Hint"), ADA)
    wrong = await desk.presses(hinted.key(other(desk, 0)), ADA)
    right = await desk.presses((await desk.presses(wrong.key("Try again"), ADA)).key(correct(desk, 0)), ADA)
    shown = await desk.presses(right.key("Next question"), ADA)
    for label in ("☐ A", "☐ B", "Hand in"):
        shown = await desk.presses(shown.key(label), ADA)
    await desk.presses(shown.key("Next question"), ADA)
    await desk.presses((await desk.says("4", ADA)).key("Next question"), ADA)
    await desk.presses((await desk.says("epoch", ADA)).key("See the result"), ADA)


async def leave_ticks(desk: Desk) -> None:
    """Ada, once more: the first question answered, of the second one choice ticked."""
    shown = await desk.presses(StartQuiz("first"), ADA)
    right = await desk.presses(shown.key(correct(desk, 0)), ADA)
    shown = await desk.presses(right.key("Next question"), ADA)
    await desk.presses(shown.key("☐ A"), ADA)


async def leave_another_try(desk: Desk) -> None:
    """Grace: one wrong answer, and the question is open once more, with its hint shown."""
    shown = await desk.presses(StartQuiz("first"), GRACE)
    wrong = await desk.presses(shown.key(other(desk, 0)), GRACE)
    again = await desk.presses(wrong.key("Try again"), GRACE)
    await desk.presses(again.key("Hint"), GRACE)


def correct(desk: Desk, place: int) -> str:
    """The letter of the right choice."""
    return next("ABC"[i] for i, c in enumerate(desk.course.lessons[0].questions[place].choices) if c.correct)


def other(desk: Desk, place: int) -> str:
    return next("ABC"[i] for i, c in enumerate(desk.course.lessons[0].questions[place].choices) if not c.correct)


def leave_rows(t: Tables) -> None:
    """What the chat's story left empty."""
    done = t.runs.add(Order(ADA, ADA, "first", "x = 1", "train", "train", {"epochs": 1}), NOW)
    t.runs.end(done.id, RunState.FINISHED, NOW + 2, seconds=1.0, history=[Epoch(1, 1, {"loss": 0.5}, 0.1)])
    t.runs.keep(done, "model.keras", bytes(range(256)))
    t.runs.add(Order(GRACE, GRACE, "first", "x = 2", "train", "train"), NOW + 3)
    t.runs.set_draft(ADA, "first", "train", {"epochs": 3})
    t.reading.finish_section(ADA, "first", "training", NOW)
    t.cohorts.assign(Assignment(1, "first", NOW + 86400, IRIS, NOW))
    t.posts.put(Post(ADA, "quiz:2:some", 17, pictured=False, keyed=True))
    t.snippets.add(GRACE, [CodePart(31, "print(1)", 8)], 0, True, NOW)
    t.files.keep(ADA, "rows.csv", b"1,2", NOW)
    t.inbox.add(10, ADA, "{}", NOW)
    t.outbox.add(Outgoing(ADA, "Hi", keyboard=((Key("k", data="1"),),), key="panel"), NOW)
    t.menus.put(IRIS)
    t.timers.ensure("forget_inbox", NOW)
    t.alerts.raise_("handler", NOW, 60.0)
    t.instructors.appoint(1004, "Juno", IRIS, NOW)
    t.tickets.issue("hash", LinkTicket(TicketKind.DASHBOARD, IRIS, None, NOW + 60))
    t.sessions.open("hash", Session(IRIS, "csrf", NOW, NOW))
    t.announcements.draft(1, IRIS, "Hello", [ADA], NOW)
    t.pulses.set(Pulse(IRIS, 1, NOW + 60, "shown"))


def lived(target: Path) -> None:
    """Write a database of the present schema, with rows that the present code made."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t.db")
        asyncio.run(_live_in(path))
        with closing(sqlite3.connect(path)) as connection:
            target.write_text("\n".join(connection.iterdump()) + "\n")


async def _live_in(path: Path) -> None:
    store = Store(path)
    await live(Desk(store, load(SMALL_COURSE)))
    await store.transact(leave_rows)
    store.close()


def main(stop_before: str, target: Path) -> None:
    """`stop_before` is the name of the first migration that the database shall not have."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.apply(Database(connection), stop_before=stop_before)
    rows_of = ROWS if stop_before == "0002_operations" else ROWS | LATER
    for table, rows in rows_of.items():
        for row in rows:
            connection.execute(f"insert into {table} values({', '.join('?' * len(row))})", row)
    target.write_text("\n".join(connection.iterdump()) + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(sys.argv[1], Path(sys.argv[2]))
    else:
        lived(Path(sys.argv[1]))
