"""Learners, instructors, and what lets them in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import CohortId, LearnerId


@dataclass(frozen=True, slots=True)
class Learner:
    """A person studying; `id` is Telegram's user id."""

    id: LearnerId
    name: str
    username: str | None = None
    language: str | None = None
    joined_at: float = 0.0
    reachable: bool = True
    """False since the learner blocked the bot."""
    zone: str | None = None
    """Time zone as the IANA names it (`Europe/Berlin`), if they said so."""
    heard_at: float = 0.0
    """When the bot last heard from them, and so of their username."""
    inherited: bool = False
    """Another learner had the username before."""


@dataclass(frozen=True, slots=True)
class Instructor:
    """Somebody who was appointed; those that the settings name have no record."""

    id: LearnerId
    name: str
    appointed_by: LearnerId
    at: float


class TicketKind(StrEnum):
    """What a link that works once is good for."""

    DASHBOARD = "dashboard"
    """Signs its issuer in on the web."""
    INSTRUCTOR = "instructor"
    """Makes who opens it an instructor."""
    COHORT = "cohort"
    """Lets an instructor who opens it teach a class along with others."""


@dataclass(frozen=True, slots=True)
class LinkTicket:
    """What is known of a link that its receiver may open once. The link itself holds the secret."""

    kind: TicketKind
    issued_by: LearnerId
    cohort: CohortId | None
    """The class that a COHORT ticket is for; None for other kinds."""
    expires_at: float


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that an instructor signed in with."""

    instructor: LearnerId
    csrf: str
    """What every form of this session carries."""
    started_at: float
    seen_at: float
