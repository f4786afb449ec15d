from __future__ import annotations

from bot.domain.authority import Authority
from bot.domain.people import Instructor

NAMED, APPOINTED, ADA = 1, 2, 3
AUTHORITY = Authority(frozenset({NAMED}))


class Appointments:
    """Stands for the store's table."""

    def has(self, id: int) -> bool:
        return id == APPOINTED


def test_an_instructor_is_named_by_the_settings_or_appointed() -> None:
    instructs = {person for person in (NAMED, APPOINTED, ADA) if AUTHORITY.instructs(person, Appointments())}
    assert instructs == {NAMED, APPOINTED}


def test_only_people_whom_the_settings_name_may_appoint() -> None:
    assert [AUTHORITY.appoints(person) for person in (NAMED, APPOINTED, ADA)] == [True, False, False]


def test_all_instructors_are_both_kinds_together() -> None:
    assert AUTHORITY.all([Instructor(APPOINTED, "Grace", NAMED, 0.0)]) == {NAMED, APPOINTED}


def test_nobody_is_an_instructor_by_default() -> None:
    assert not Authority().appoints(NAMED)
    assert Authority().all([]) == set()
