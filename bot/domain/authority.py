"""Says which people are instructors, and which of them may make others instructors. The rule stands only here."""

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
    """The settings name some instructors. These may appoint others.

    Appointments can end at any time, so `instructs` is asked again for each act.
    """

    named: frozenset[LearnerId] = frozenset()
    """Ids of the people in the settings."""

    def instructs(self, person: LearnerId, appointed: Appointments) -> bool:
        """Whether this person is an instructor now."""
        return person in self.named or appointed.has(person)

    def appoints(self, person: LearnerId) -> bool:
        """Whether this person may make others instructors, and end that."""
        return person in self.named

    def all(self, appointed: Iterable[Instructor]) -> set[LearnerId]:
        """The ids of all instructors."""
        return {*self.named, *(one.id for one in appointed)}
