"""What an update says: what a message brings, and whether it was edited."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from bot.telegram.incoming import Content, Incoming, read

ADA = {"id": 5, "is_bot": False, "first_name": "Ada"}
CHAT = {"id": 5, "type": "private", "first_name": "Ada"}
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 9}


def came(**message: Any) -> Incoming:
    return update(message={"message_id": 11, "from": ADA, "chat": CHAT, "date": 1700000000, **message})


def update(**what: Any) -> Incoming:
    read_ = read(Update.de_json({"update_id": 7, **what}, None))
    assert read_ is not None
    return read_


@pytest.mark.parametrize(
    ("message", "content"),
    [
        ({"text": "hello"}, Content.TEXT),
        ({"document": {**FILE, "file_name": "a.py"}}, Content.FILE),
        ({"photo": [{**FILE, "width": 9, "height": 9}], "caption": "look"}, Content.PHOTO),
        (
            {"animation": {**FILE, "width": 9, "height": 9, "duration": 1}, "document": {**FILE, "file_name": "a.mp4"}},
            Content.OTHER,
        ),
        ({"voice": {**FILE, "duration": 2}}, Content.OTHER),
        ({"location": {"longitude": 1.5, "latitude": 2.5}}, Content.OTHER),
        ({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}, Content.SERVICE),
        ({"pinned_message": {"message_id": 9, "chat": CHAT, "date": 0}}, Content.SERVICE),
        ({"a_field_of_next_year": {}}, Content.SERVICE),
    ],
)
def test_content_is_told_apart(message: dict[str, Any], content: Content) -> None:
    assert came(**message).content is content


def test_an_edited_message_is_known_as_such() -> None:
    edited = {"message_id": 11, "from": ADA, "chat": CHAT, "date": 1700000000, "edit_date": 1700000009, "text": "new"}
    incoming = update(edited_message=edited)
    assert incoming.edited
    assert incoming.text == "new"
    assert incoming.message == 11


def test_a_message_of_a_forum_knows_its_topic() -> None:
    group = {"id": -100, "type": "supergroup", "title": "Class", "is_forum": True}
    assert came(chat=group, text="/help", message_thread_id=3, is_topic_message=True).topic == 3
    assert came(chat=group, text="/help", message_thread_id=3).topic is None


def test_what_was_sent_as_one_album_says_so() -> None:
    assert came(media_group_id="13", voice={**FILE, "duration": 2}).album == "13"
    assert came(text="hello").album is None
