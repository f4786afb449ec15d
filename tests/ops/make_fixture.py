"""Wrote `schema_0001.sql` and `schema_0003.sql`: databases as the migrations up to that one made them, with rows in
every table. Never run it again for those files; for a later state of the schema make another one."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from sqlite_utils import Database

from bot.store.migrations import schema

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
    main(sys.argv[1], Path(sys.argv[2]))
