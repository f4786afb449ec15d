"""A name that one can see, and its place among others."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import names


@pytest.mark.parametrize(
    "first", ["\u3164", "\u2800", "\u200b\u200d", "\u0301\u0302", " ", "", "\u202e", "\u115f\u1160"]
)
def test_a_name_that_shows_nothing_gives_way(first: str) -> None:
    assert names.shown(first, None, "ada", 7) == "ada"
    assert names.shown(first, None, None, 7) == "7"


@pytest.mark.parametrize(
    ("first", "last", "seen"),
    [
        ("Maria", "Silva", "Maria Silva"),
        ("\u3164", "Silva", "Silva"),
        ("\u202eadA\u2066", None, "adA"),
        ("two\nlines", None, "two lines"),
        ("\u0301Zoe\u0308", None, "Zo\u00eb"),
        ("می\u200cخواهم", None, "می\u200cخواهم"),
        ("x" * 200, None, "x" * 64),
        ("a" + "\u0316" * 40, None, "a" + "\u0316" * 3),
    ],
)
def test_a_name_is_one_line_that_leaves_the_rest_alone(first: str, last: str | None, seen: str) -> None:
    assert names.shown(first, last) == seen


@given(st.text(), st.none() | st.text())
def test_whatever_the_name_something_shows(first: str, last: str | None) -> None:
    name = names.shown(first, last, None, 7)
    assert any(unicodedata.category(c)[0] in "LNPS" for c in name)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name)
    assert len(name) <= names.LONGEST


@given(st.text(), st.none() | st.text())
def test_a_name_that_is_shown_once_more_stays_as_it_is(first: str, last: str | None) -> None:
    name = names.shown(first, last, None, 7)
    assert names.shown(name, None, None, 7) == name


def test_names_are_sorted_as_people_read() -> None:
    """Q12."""
    people = ["Zoë", "émile", "Ana", "Łukasz", "анна", "Åsa", "bob"]
    assert sorted(people, key=names.sort_key) == ["Ana", "Åsa", "bob", "émile", "Łukasz", "Zoë", "анна"]
