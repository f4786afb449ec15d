"""What committed work leaves for others to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class NewsKind(Enum):
    """What a listener wants to hear of."""

    MAIL = "mail"
    TIMER = "timer"


@dataclass(slots=True)
class News:
    """Tables note here what they write, while a piece of work is in its transaction."""

    chats: set[int] = field(default_factory=set)
    """Chats that have a new message to be delivered."""
    due_at: float | None = None
    """The earliest time of the timers that were set; None when none was."""

    def timer(self, due_at: float) -> None:
        """Note that a timer was set."""
        self.due_at = due_at if self.due_at is None else min(self.due_at, due_at)

    def add(self, other: News) -> None:
        self.chats |= other.chats
        if other.due_at is not None:
            self.timer(other.due_at)

    def take(self) -> News:
        """What was noted since the last call."""
        taken = News(self.chats, self.due_at)
        self.chats, self.due_at = set(), None
        return taken

    @property
    def kinds(self) -> set[NewsKind]:
        """What there is news of."""
        return {
            kind for kind, there in ((NewsKind.MAIL, self.chats), (NewsKind.TIMER, self.due_at is not None)) if there
        }

    def __bool__(self) -> bool:
        return bool(self.kinds)
