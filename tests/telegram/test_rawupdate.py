"""An update is read without trust: whatever its text holds, it becomes a value or is named unreadable."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.telegram.incoming import Incoming
from bot.telegram.rawupdate import NoObject, Unreadable, incoming, received, salvaged
from tests.support.desk import ADA

PERSON = {"id": ADA, "is_bot": False, "first_name": "Ada"}
PRIVATE = {"id": ADA, "type": "private", "first_name": "Ada"}


def message(**more: Any) -> dict[str, Any]:
    return {"message_id": 3, "date": 1_800_000_000, "chat": PRIVATE, "from": PERSON, "text": "hello"} | more


def text_of(content: object) -> str:
    return json.dumps(content)


def read(**update: Any) -> Incoming | None:
    return incoming(received(text_of({"update_id": 7, **update})), None)


def test_a_message_is_read_from_telegram_s_own_text() -> None:
    update = received(text_of({"update_id": 7, "message": message()}))
    assert (update.id, update.lane, update.kind, update.chat, update.query) == (7, ADA, "message", ADA, None)
    came = incoming(update, None)
    assert came
    assert (came.update, came.learner, came.text) == (7, ADA, "hello")


def test_a_press_says_where_an_apology_would_go() -> None:
    press = {"id": "55", "from": PERSON, "chat_instance": "1", "message": message(**{"from": None})}
    update = received(text_of({"update_id": 7, "callback_query": press}))
    assert (update.lane, update.chat, update.query) == (ADA, ADA, "55")


def test_nobody_is_written_to_in_a_group_for_what_cannot_be_read() -> None:
    group = {"id": -5, "type": "supergroup", "title": "Class"}
    assert received(text_of({"update_id": 7, "message": message(chat=group)})).chat is None


def test_a_pin_of_a_message_that_is_gone_is_a_service_message() -> None:
    came = read(message=message(text=None, pinned_message={"message_id": 9, "chat": PRIVATE, "date": 0}))
    assert came
    assert (came.content, came.text) == ("service", "")


def test_fields_of_the_future_are_passed_over() -> None:
    came = read(message=message(hologram={"depth": [1, {"x": None}]}, date_of_birth=2**80), new_kind={"from": 1})
    assert came
    assert came.text == "hello"
    assert read(new_kind={"from": PERSON, "chat": PRIVATE}) is None


@pytest.mark.parametrize("half", ["\\ud83d", "\\ude00", "\\ude00\\ud83d"])
def test_halves_of_surrogate_pairs_are_replaced(half: str) -> None:
    body = text_of({"update_id": 7, "message": message()}).replace("hello", f"a{half}b\\ud83d\\ude00")
    came = incoming(received(body), None)
    assert came
    assert came.text.encode()
    assert came.text.startswith("a\ufffd")
    assert came.text.endswith("b😀")


@pytest.mark.parametrize(
    "broken",
    [
        {"message": 5},
        {"message": [1]},
        {"message": message(text=5)},
        {"message": message(text={"a": "b"})},
        {"message": message(message_id="3")},
        {"message": message(message_id=2**63)},
        {"message": message(message_id=True)},
        {"message": message(message_id=1.5)},
        {"message": message(message_id=float("nan"))},
        {"message": message(date=1e300)},
        {"message": message(chat={"id": 2**70, "type": "private"})},
        {"message": message(**{"from": PERSON | {"first_name": None}})},
        {"message": message(**{"from": PERSON | {"first_name": 7}})},
        {"message": message(**{"from": PERSON | {"last_name": ["x"]}})},
        {"message": message(**{"from": PERSON | {"username": 7}})},
        {"message": message(**{"from": PERSON | {"id": -(2**64)}})},
        {"message": message(document={"file_id": "5", "file_unique_id": "u", "file_size": "9"})},
        {"message": message(entities=[{"type": "pre", "offset": "x", "length": 2}])},
        {"callback_query": {"id": 5, "from": PERSON, "chat_instance": "1", "data": "1l", "message": message()}},
        {"my_chat_member": {"chat": PRIVATE, "from": PERSON, "date": 1}},
    ],
    ids=str,
)
def test_wrong_types_are_named_and_nothing_else_is_raised(broken: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(**broken)


@pytest.mark.parametrize("id", [None, True, "7", 7.0, -7, 0, 2**53, 10**30, [], float("inf")], ids=str)
def test_an_id_that_cannot_be_used_is_replaced_by_one_of_the_text_s_own(id: object) -> None:
    body = text_of({"update_id": id, "message": message()})
    update = received(body)
    assert update.id < 0
    assert (received(body).id, received(body + " ").id == update.id) == (update.id, False)
    assert update.chat == ADA, "who wrote it can still be told"
    with pytest.raises(Unreadable, match="update_id"):
        incoming(update, None)


@pytest.mark.parametrize(
    "part", ['{"a":' * 5000 + "1" + "}" * 5000, "[" * 5000 + "]" * 5000, "9" * 5000], ids=["deep", "deep list", "long"]
)
def test_what_python_cannot_hold_keeps_its_id(part: str) -> None:
    update = received(f'{{"message": {part}, "update_id": 7}}')
    assert (update.id, update.lane, update.content, update.kind) == (7, 0, None, "other")
    with pytest.raises(Unreadable, match="JSON"):
        incoming(update, None)


def test_what_nests_as_deep_as_python_can_hold_is_unreadable_or_read() -> None:
    for depth in range(50, 1000, 50):
        body = text_of({"update_id": 7, "message": message()}).replace('"hello"', '{"a":' * depth + "1" + "}" * depth)
        with pytest.raises(Unreadable):
            incoming(received(body), None)


@pytest.mark.parametrize("body", ["", "{", "[1]", "5", "null", '"x"', "<html>", "[" * 5000, '{"update_id": 7,}'])
def test_what_is_no_object_is_refused_or_salvaged_for_a_dead_letter(body: str) -> None:
    with pytest.raises(NoObject):
        received(body)
    assert salvaged(body).content is None
    assert salvaged(body).id == (7 if "7" in body else salvaged(body).id)
    assert salvaged(body).id != 0
