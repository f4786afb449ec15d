"""Who is an instructor, and who may make others instructors. The rule stands here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.ids import LearnerId
from bot.domain.people import Instructor


class Appointments(Protocol):
    """The people who were appointed, as the store knows them."""

    def has(self, id: LearnerId) -> bool:
        """Whether this person is appointed now."""
        ...


@dataclass(frozen=True, slots=True)
class Authority:
    """An instructor is a person whom the settings name, or who was appointed by one of those.

    Appointments can end at any time, so `instructs` is asked again for each act.
    """

    named: frozenset[LearnerId] = frozenset()
    """Ids of the people whom the settings name."""

    def instructs(self, person: LearnerId, appointed: Appointments) -> bool:
        """Whether this person is an instructor now."""
        return person in self.named or appointed.has(person)

    def appoints(self, person: LearnerId) -> bool:
        """Whether this person may make others instructors, and end that."""
        return person in self.named

    def all(self, appointed: Iterable[Instructor]) -> set[LearnerId]:
        """The ids of all instructors."""
        return {*self.named, *(one.id for one in appointed)}
