"""The learners: names, skill, diligence, and how their four weeks go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from random import Random

from bot.domain.ids import LearnerId

FIRST_ID = 900_000_001
HOSTILE = ("<img src=x onerror=alert(1)>", '=HYPERLINK("http://example.com","x")')
NAMES = (
    "Amara Okafor", "Liam O’Connor", "Yuki Tanaka", "Sofía García", "Mehmet Yılmaz", "Priya Sharma", "Jonas Müller",
    "Chloé Dubois", "Nguyễn Minh Anh", "Fatima Zahra", "Oleksandr Kovalenko", "Ingrid Bjørnstad", "Mateo Rodríguez",
    "Zofia Kowalska", "Kwame Mensah", "Hana Nováková", "李伟", "Aisha Bello", "Luca Rossi", "Noor van den Berg",
    "Tomás Ferreira", "Eleni Papadopoulou", "Arjun Patel", "محمد الهاشمي", "Saoirse Byrne", "Ji-woo Kim",
    "Anneli Saarinen", "Diego Fernández", "Leila Haddad", "Björn Lindqvist", "Thandiwe Nkosi", "Marek Horváth",
    "Isabela Costa", "Dmitri Volkov", "Ayşe Demir", "Samuel Adeyemi", "Mei Lin Chen", "Rafael Silva", "נועה לוי",
    "Emma Johansson", "Ravi Krishnan", "Giulia Bianchi", "Omar Farouk", "Katarzyna Wiśniewska", "Hiroshi Sato",
    "Lucía Morales", "Pieter de Vries", "Nadia Petrova", "Tariq Aziz", "Camille Laurent", "Kofi Asante", "Elif Kaya",
    "Andrei Popescu", "Siti Rahayu", "Magnus Holm", "Valentina Cruz", "Ewa Zając", "Daniel Cohen",
)  # fmt: skip
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Lagos", "Asia/Tokyo")


class Way(Enum):
    """How a learner's four weeks went."""

    ORDINARY = auto()
    NEVER = auto()
    """Enrolled, and that was it."""
    AWAY = auto()
    """Began, and has not been seen for over a week."""
    STUCK = auto()
    """Answers one question wrong again and again."""
    FAILING = auto()
    """The last runs all failed."""
    HERE = auto()
    """Is at it this very minute."""


CROWD = (
    Way.HERE, Way.ORDINARY, Way.NEVER, Way.ORDINARY, Way.AWAY, Way.ORDINARY, Way.STUCK, Way.ORDINARY, Way.FAILING,
    Way.HERE, Way.ORDINARY, Way.ORDINARY, Way.AWAY, Way.ORDINARY, Way.ORDINARY,
)  # fmt: skip
"""Over and over."""


@dataclass(frozen=True, slots=True)
class Person:
    id: LearnerId
    name: str
    username: str | None
    skill: float
    """0 is the middle, 1 a standard deviation."""
    diligence: float
    """0 to 1."""
    way: Way


def person_of(number: int, rng: Random) -> Person:
    """The learner with this place in the class."""
    name = HOSTILE[number - 4] if number in (4, 5) else _name(number if number < 4 else number - 2)
    plain = re.sub(r"[^a-z]+", "_", name.lower()).strip("_") if name.isascii() else ""
    username = f"{plain}_{number}" if plain and name not in HOSTILE and rng.random() < 0.8 else None
    way = CROWD[number % len(CROWD)]
    skill = rng.gauss(-0.8 if way in (Way.STUCK, Way.AWAY) else 0.5, 1.0)
    return Person(LearnerId(FIRST_ID + number), name, username, skill, rng.betavariate(3, 1.8), way)


def _name(number: int) -> str:
    """All of NAMES, then first names of some with last names of others."""
    again, place = divmod(number, len(NAMES))
    if not again:
        return NAMES[place]
    last = NAMES[(place + 7 * again) % len(NAMES)].split()[-1]
    return f"{NAMES[place].split()[0]} {last}"
