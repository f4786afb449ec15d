"""Open prompts: what a person was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlite_utils import Database

from bot.domain.ids import LearnerId
from bot.domain.messages import OpenPrompt


class PromptsTable:
    """The prompt that a person's next message answers; at most one a person."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def set(self, learner: LearnerId, kind: str, payload: Mapping[str, object], at: float) -> None:
        self._db.execute(
            "insert into prompts values(?, ?, ?, ?) on conflict(learner) do update"
            " set kind = excluded.kind, payload = excluded.payload, at = excluded.at",
            [learner, kind, json.dumps(payload), at],
        )

    def kind(self, learner: LearnerId, since: float) -> str | None:
        """The kind of the prompt set after `since`. The prompt stays open."""
        rows = self._db.query("select kind from prompts where learner = ? and at > ?", [learner, since])
        return next((row["kind"] for row in rows), None)

    def take(self, learner: LearnerId, since: float) -> OpenPrompt | None:
        """Removes the prompt. Returns it if it was set after `since`."""
        rows = self._db.query("delete from prompts where learner = ? returning kind, payload, at", [learner])
        found = next((OpenPrompt(row["kind"], json.loads(row["payload"]), row["at"]) for row in rows), None)
        return found if found and found.at > since else None

    def clear(self, learner: LearnerId) -> None:
        self._db.execute("delete from prompts where learner = ?", [learner])
