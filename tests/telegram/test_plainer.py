"""Plainer forms of refused messages: each step takes something away, and what was named is taken away first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Attachment, Key, Outgoing
from bot.telegram.plainer import in_place_of, plainer

PICTURE = Attachment("run.png", b"...", picture=True)
BOLD = {"type": "bold", "offset": 0, "length": 1}
DATE = {"type": "date_time", "offset": 0, "length": 1, "unix_time": 1}
KEYS = ((Key("A", data="1l"), Key("Open", url="https://tutor.example")), (Key("Copy", copy="x"),))
RICH = Outgoing(5, "words", (BOLD, DATE), KEYS, PICTURE, key="run:1")


def steps(message: Outgoing, refusal: str) -> list[Outgoing]:
    found = []
    simpler: Outgoing | None = message
    while simpler := plainer(simpler, refusal):
        found.append(simpler)
    return found


@pytest.mark.parametrize(
    ("refusal", "first"),
    [
        ("PHOTO_INVALID_DIMENSIONS", "attachment"),
        ("Bad Request: IMAGE_PROCESS_FAILED", "attachment"),
        ("Can't parse MessageEntity: Unsupported type specified", "entities"),
        ("Entity URL 'x' is invalid: Wrong HTTP URL", "entities"),
        ("reply markup is too long", "keyboard"),
        ("Text buttons are unallowed in the inline keyboard", "keyboard"),
        ("something that Telegram says next year", "attachment"),
    ],
)
def test_what_the_refusal_names_goes_first(refusal: str, first: str) -> None:
    simpler = plainer(RICH, refusal)
    assert simpler is not None
    changed = {
        name for name in ("attachment", "entities", "keyboard", "text") if getattr(simpler, name) != getattr(RICH, name)
    }
    assert changed == {first}


def test_a_button_that_talks_to_the_bot_outlives_the_others() -> None:
    simpler = plainer(RICH, "button refused")
    assert simpler is not None
    assert simpler.keyboard == ((Key("A", data="1l"),),)


def test_a_bold_word_outlives_a_date_that_is_refused() -> None:
    simpler = plainer(RICH, "entity refused")
    assert simpler is not None
    assert simpler.entities == (BOLD,)


attachments = st.none() | st.builds(Attachment, st.just("a.png"), st.binary(max_size=3), st.booleans())
keys = st.builds(
    Key,
    st.text(max_size=3),
    st.none() | st.just("1l"),
    st.none() | st.just("http://x"),
    style=st.none() | st.just("danger"),
)
messages = st.builds(
    Outgoing,
    st.just(5),
    st.text(max_size=9),
    st.lists(st.sampled_from([BOLD, DATE]), max_size=3).map(tuple),
    st.lists(st.lists(keys, max_size=3).map(tuple), max_size=3).map(tuple),
    attachments,
    st.sampled_from(["", "panel"]),
)


@given(messages, st.sampled_from(["photo", "entity", "markup", ""]))
def test_any_message_ends_as_its_plain_words_in_its_place(message: Outgoing, refusal: str) -> None:
    forms = [message, *steps(message, refusal)]
    assert len(forms) <= 9
    last = forms[-1]
    assert (last.entities, last.keyboard, last.attachment) == ((), (), None)
    assert last.text.startswith(message.text.strip()) or last.text == message.text
    assert all((form.chat, form.key) == (message.chat, message.key) for form in forms)
    assert in_place_of(message, "sorry").text == "sorry"
