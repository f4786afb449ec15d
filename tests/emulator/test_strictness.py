"""What Telegram refuses, this server refuses in the same words."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot

from .conftest import Served, png

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def button(**action: Any) -> dict[str, Any]:
    """A keyboard of one button."""
    return {"inline_keyboard": [[{"text": "x", **action}]]}


def poll(**changes: Any) -> dict[str, Any]:
    """A good quiz, changed."""
    return {
        "chat_id": 1001,
        "question": "?",
        "options": ["a", "b"],
        "type": "quiz",
        "correct_option_ids": [0],
    } | changes


TO_ADA = {"chat_id": 1001, "text": "x"}
SENDS = [
    ({"text": "x"}, "chat_id is empty"),
    ({"chat_id": 1001}, "message text is empty"),
    ({"chat_id": 77, "text": "x"}, "chat not found"),
    ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
    ({"chat_id": 1001, "text": " \n "}, "text must be non-empty"),
    ({"chat_id": 1001, "text": "x" * 4097}, "message is too long"),
    ({"chat_id": 1001, "text": "🏟" * 4097}, "message is too long"),
    ({"chat_id": 1001, "text": "\ud83d"}, "strings must be encoded in UTF-8"),
    (TO_ADA | {"parse_mode": "XML"}, "unsupported parse_mode"),
    (TO_ADA | {"entities": "{"}, "can't parse entities JSON object"),
    (TO_ADA | {"entities": [{"type": "bold", "offset": 0, "length": 2}]},
     "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 2"),
    (TO_ADA | {"reply_parameters": {"message_id": 1}}, "message to be replied not found"),
    (TO_ADA | {"message_thread_id": 5}, "message thread not found"),
    (TO_ADA | {"reply_markup": "nonsense"}, "can't parse reply keyboard markup JSON object"),
    (TO_ADA | {"reply_markup": [1]}, "object expected as reply markup"),
    (TO_ADA | {"reply_markup": button(callback_data="x" * 65)}, "BUTTON_DATA_INVALID"),
    (TO_ADA | {"reply_markup": button(callback_data="é" * 33)}, "BUTTON_DATA_INVALID"),
    (TO_ADA | {"reply_markup": button(callback_data="")}, "BUTTON_DATA_INVALID"),
    (TO_ADA | {"reply_markup": button()},
     "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    (TO_ADA | {"reply_markup": button(text=" ", callback_data="a")}, "inline keyboard button text must be non-empty"),
    (TO_ADA | {"reply_markup": button(url="nowhere")},
     "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"),
    (TO_ADA | {"reply_markup": button(copy_text={"text": "x" * 257})}, "BUTTON_COPY_TEXT_INVALID"),
    (TO_ADA | {"reply_markup": button(web_app={"url": "http://a.org"})},
     "inline keyboard button Web App URL 'http://a.org' is invalid: Only HTTPS links are allowed"),
    (TO_ADA | {"reply_markup": button(callback_data="a", style="pink")},
     "can't parse inline keyboard button: Invalid button style specified"),
    (TO_ADA | {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "a"}] * 9]}},
     "reply markup is too long"),
    (TO_ADA | {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "a"}]] * 101}},
     "reply markup is too long"),
    (TO_ADA | {"reply_markup": {"keyboard": [[" "]]}}, "keyboard button text must be non-empty"),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "reason"), SENDS)
async def test_messages(served: Served, bot: Bot, parameters: dict[str, Any], reason: str) -> None:
    assert await refusal(served, "sendMessage", parameters) == (400, f"Bad Request: {reason}")


POLLS = [
    (poll(question="x" * 301), "poll question length must not exceed 300"),
    (poll(question=" "), "poll question must be non-empty"),
    (poll(options=[]), "poll must have at least 1 option"),
    (poll(options=["a"] * 13), "poll can't have more than 12 options"),
    (poll(options=["a", ""]), "poll options must be non-empty"),
    (poll(options=["a", "x" * 101]), "poll options length must not exceed 100"),
    (poll(correct_option_ids=[]), "correct quiz option list must be non-empty"),
    (poll(correct_option_ids=[1, 0]), "correct quiz option list must be increasing"),
    (poll(correct_option_ids=[2]), "wrong correct option ID specified"),
    (poll(explanation="x" * 201), "quiz explanation is too long"),
    (poll(explanation="a\nb\nc\nd"), "quiz explanation is too long"),
    (poll(open_period=3), "invalid open_period specified"),
]


@pytest.mark.parametrize(("parameters", "reason"), POLLS)
async def test_polls(served: Served, bot: Bot, parameters: dict[str, Any], reason: str) -> None:
    assert await refusal(served, "sendPoll", parameters) == (400, f"Bad Request: {reason}")


OTHERS = [
    ("answerCallbackQuery", {"callback_query_id": "1"},
     "query is too old and response timeout expired or query ID is invalid"),
    ("sendChatAction", {"chat_id": 1001, "action": "yawning"}, "wrong parameter action in request"),
    ("deleteMessage", {"chat_id": 1001, "message_id": 1}, "message to delete not found"),
    ("editMessageText", TO_ADA | {"message_id": 1}, "message to edit not found"),
    ("editMessageText", TO_ADA, "message identifier is not specified"),
    ("stopPoll", {"chat_id": 1001, "message_id": 1}, "message with poll to stop not found"),
    ("getFile", {"file_id": "nope"}, "wrong file_id or the file is temporarily unavailable"),
    ("sendPhoto", {"chat_id": 1001}, "there is no photo in the request"),
    ("sendPhoto", {"chat_id": 1001, "photo": "nope"}, "wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"chat_id": 1001, "photo": "https://a.org/b.png"}, "failed to get HTTP URL content"),
    ("sendMediaGroup", {"chat_id": 1001, "media": [{"type": "photo", "media": "x"}] * 11},
     "too many messages to send as an album"),
    ("setMyCommands", {"commands": [{"command": "Train", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "train", "description": " "}]},
     "command description must be non-empty"),
    ("setMyDescription", {"description": "x" * 513}, "bot description is too long"),
    ("getChatMember", {"chat_id": 1001, "user_id": 5}, "invalid user_id specified"),
    ("setWebhook", {"url": "ftp://a.org"}, "bad webhook: invalid webhook URL specified"),
    ("setWebhook", {"url": "http://a.org", "secret_token": "a b"}, "secret token contains unallowed characters"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "parameters", "reason"), OTHERS)
async def test_other_methods(served: Served, bot: Bot, method: str, parameters: dict[str, Any], reason: str) -> None:
    assert await refusal(served, method, parameters) == (400, f"Bad Request: {reason}")


async def refusal(served: Served, method: str, parameters: dict[str, Any]) -> tuple[int, str]:
    answer = await served.call(method, **parameters)
    assert answer["ok"] is False, answer
    return answer["status"], answer["description"]


async def test_edits(served: Served, bot: Bot) -> None:
    keyboard = button(callback_data="a")
    sent = (await served.call("sendMessage", **TO_ADA, reply_markup=keyboard))["result"]["message_id"]
    photo = (await bot.send_photo(1001, png())).message_id
    theirs = (await served.chat())[0]["message_id"]
    same = {"chat_id": 1001, "message_id": sent, "text": "x ", "reply_markup": keyboard}
    table: list[tuple[str, dict[str, Any], str]] = [
        ("editMessageText", same, NOT_MODIFIED),
        ("editMessageText", same | {"text": "x" * 4097}, "MESSAGE_TOO_LONG"),
        ("editMessageText", same | {"reply_markup": {"keyboard": [["a"]]}}, "inline keyboard expected"),
        ("editMessageText", same | {"message_id": photo}, "there is no text in the message to edit"),
        ("editMessageText", same | {"message_id": theirs}, "message can't be edited"),
        ("editMessageCaption", {"chat_id": 1001, "message_id": sent}, "there is no caption in the message to edit"),
        ("editMessageCaption", {"chat_id": 1001, "message_id": photo}, NOT_MODIFIED),
        (
            "editMessageCaption",
            {"chat_id": 1001, "message_id": photo, "caption": "x" * 1025},
            "message caption is too long",
        ),
        ("stopPoll", {"chat_id": 1001, "message_id": sent}, "message is not a poll"),
    ]
    for method, parameters, reason in table:
        assert await refusal(served, method, parameters) == (400, f"Bad Request: {reason}")
    assert (await served.call("editMessageText", **(same | {"reply_markup": None})))["ok"]


async def test_files(served: Served, bot: Bot) -> None:
    async def upload(kind: str, content: bytes) -> tuple[int, str]:
        answer = await served.http.post(
            f"/bot{bot.token}/send{kind}", data={"chat_id": 1001}, files={kind.lower(): ("f.png", content)}
        )
        return answer.status_code, answer.json()["description"]

    big = png() + bytes(10_000_000)
    limit = f"file of size {len(big)} bytes is too big for a photo; the maximum size is 10000000 bytes"
    assert await upload("Photo", b"no picture") == (400, "Bad Request: IMAGE_PROCESS_FAILED")
    assert await upload("Photo", b"") == (400, "Bad Request: file must be non-empty")
    assert await upload("Photo", png(2100, 100)) == (400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    assert await upload("Photo", big) == (400, f"Bad Request: {limit}")
    assert await upload("Document", bytes(50_000_001)) == (413, "Request Entity Too Large")


async def test_who_may_be_written_to(served: Served, bot: Bot) -> None:
    stranger = "Forbidden: bot can't initiate conversation with a user"
    assert await refusal(served, "sendMessage", {"chat_id": 1002, "text": "x"}) == (403, stranger)
    await served.act("block", user=1001)
    blocked = "Forbidden: bot was blocked by the user"
    assert await refusal(served, "sendMessage", TO_ADA) == (403, blocked)
    assert "unblock" in await served.refused("message", user=1001, text="hi")
    await served.act("block", user=1001, blocked=False)
    assert (await served.call("sendMessage", **TO_ADA))["ok"]
