"""Names, roles and time zones of people."""

from __future__ import annotations

from datetime import tzinfo

from bot.domain.classes import Cohort
from bot.domain.ids import LearnerId
from bot.domain.zones import zone
from bot.turns.turn import Turn


def own_zone(turn: Turn) -> tzinfo:
    """The time zone of the person who acts; UTC if they have set none."""
    return zone(turn.learner.zone)


def instructs(turn: Turn, person: LearnerId) -> bool:
    """Whether this person is an instructor now."""
    return turn.identity.authority.instructs(person, turn.tables.instructors)


def name_of(turn: Turn, person: LearnerId) -> str:
    """The name that Telegram shows. A person who never wrote to the bot has none."""
    known = turn.tables.learners.get(person)
    return known.name if known else "somebody"


def teachers(turn: Turn, cohort: Cohort) -> list[str]:
    """Names of the people who teach the class now. They see what its learners do."""
    return [name_of(turn, one) for one in turn.tables.cohorts.instructors(cohort.id) if instructs(turn, one)]
