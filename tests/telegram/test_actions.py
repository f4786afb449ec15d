"""Buttons travel in 64 bytes, come back the same, and nothing else is taken for one."""

from __future__ import annotations

from dataclasses import fields
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import tokens
from bot.features.quiz.buttons import Answer
from bot.runs.buttons import StopRun
from bot.telegram.actions import Action, UnknownButton, decode, encode
from bot.turns.buttons import Read
from lessons import forms
from tests.support.desk import ROUTES

ROWID = st.integers(0, 2**63 - 1)


def ids(length: int) -> st.SearchStrategy[str]:
    return st.from_regex(forms.ID_PATTERN, fullmatch=True).filter(lambda id: len(id) <= length) | st.just("a" * length)


WIDEST: dict[str, st.SearchStrategy[object]] = {
    "snippet": st.integers(0, 2**63 - 1),
    "file": st.integers(0, 2**63 - 1),
    "lesson": ids(forms.LESSON_ID),
    "section": st.just("") | ids(forms.SECTION_ID),
    "example": ids(forms.EXAMPLE_ID),
    "delivery": ROWID,
    "run": ROWID,
    "choice": st.integers(0, forms.CHOICES - 1),
    "on": st.integers(0, 1),
    "parameter": st.integers(0, forms.PARAMETERS - 1),
    "preset": st.integers(0, forms.PRESETS - 1),
    "page": st.integers(0, 999),
    "cohort": st.integers(0, 10**12),
    "announcement": ROWID,
    "person": ROWID,
    "minute": st.integers(0, 10**8 - 1),
    "code": st.text(tokens.ALPHABET, min_size=tokens.CODE_LENGTH, max_size=tokens.CODE_LENGTH),
    "secret": st.builds(lambda _: tokens.secret().text, st.none()),
}
"""Every field of an action with all the values that a checked course or a full store can give it."""


def actions() -> st.SearchStrategy[Action]:
    kinds = ROUTES.actions.values()
    return st.one_of(*(st.builds(kind, **{f.name: WIDEST[f.name] for f in fields(kind)}) for kind in kinds))


@given(actions())
def test_every_action_fits_and_comes_back(action: Action) -> None:
    data = encode(action)
    assert len(data.encode()) <= 64
    assert decode(data, ROUTES.actions) == action


@given(st.text(max_size=64) | st.from_regex(r"1[a-z0](:[^:]{0,4}){0,4}", fullmatch=True))
def test_what_is_decoded_is_what_some_button_writes(data: str) -> None:
    try:
        action = decode(data, ROUTES.actions)
    except UnknownButton:
        return
    assert encode(action) == data


@pytest.mark.parametrize(
    "data",
    ["", "1", ":", "hello", "2l", "1?", "1a:1", "1a:1:2:3", "1a:x:0", "1a:-1:0", "1z:", "1z:9223372036854775808",
     "1z:1_000", "1z: 7", "1z:+7", "1z:07", "1z:٧", "1z:" + "9" * 5000],
)  # fmt: skip
def test_garbage_is_no_button(data: str) -> None:
    with pytest.raises(UnknownButton):
        decode(data, ROUTES.actions)


def test_what_does_not_fit_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(Read("l" * 64))
    with pytest.raises(ValueError, match="does not fit"):
        encode(Read("a:b"))


def test_every_action_has_one_letter_and_a_handler() -> None:
    known = {action for action in Action.__subclasses__() if action.__module__.startswith("bot.")}
    assert set(ROUTES.actions.values()) == known
    assert len(ROUTES.actions) == len(known)
    for kind in known:
        assert {get_type_hints(kind)[field.name] for field in fields(kind)} <= {str, int}


def test_letters_in_old_chats_keep_their_meaning() -> None:
    """Buttons stand in chats for months: these stay as they are, and new actions get new letters."""
    assert decode("1r:model-training-and-evaluation:training:0", ROUTES.actions) == Read(
        "model-training-and-evaluation", "training", 0
    )
    assert decode("1a:17:2", ROUTES.actions) == Answer(17, 2)
    assert decode("1z:5", ROUTES.actions) == StopRun(5)
