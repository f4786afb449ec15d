"""Secrets that people carry."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import tokens


def test_a_secret_fits_a_start_link_and_its_hash_tells_nothing_of_it() -> None:
    made = tokens.secret()
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", made.text)
    assert made.hash == tokens.hashed(made.text)
    assert made.text not in made.hash
    assert tokens.secret() != made


def test_a_code_has_only_what_nobody_mistakes_for_something_else() -> None:
    made = {tokens.code() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01ILO")


@given(st.text(tokens.ALPHABET, min_size=8, max_size=8), st.integers(0, 7), st.sampled_from(["-", " ", "\n", "\u00a0"]))
def test_a_code_is_read_however_it_is_typed(code: str, place: int, between: str) -> None:
    assert tokens.read_code(code[:place].lower() + between + code[place:]) == code
    assert tokens.read_code(f" {tokens.shown_code(code)} ") == code
