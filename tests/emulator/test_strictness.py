"""What Telegram refuses, this server refuses in the same words."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.emulator import Emulator
from tests.support.pictures import gif, png
from tests.support.served import TOKEN, Served

LABEL, DATA = "x" * 60, "y" * 10


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """An emulator that Ada (1001) has written to, called without a network."""
    emulator = Emulator("Tutor", "tutor_bot")
    transport = httpx.ASGITransport(emulator.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as http:
        made = Served(emulator, "http://emulator", http)
        await made.says("/start")
        yield made
    await emulator.aclose()


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
    ({"chat_id": "@ada", "text": "x"}, "chat not found"),
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
    (TO_ADA | {"reply_markup": {"inline_keyboard": [[{"text": LABEL, "callback_data": DATA}]] * 100}},
     "reply markup is too long"),
    (TO_ADA | {"reply_markup": {"inline_keyboard": [[{"text": "课" * 60, "callback_data": DATA}]] * 50}},
     "reply markup is too long"),
    (TO_ADA | {"reply_markup": button(url="http://localhost:8080/dashboard")},
     "inline keyboard button URL 'http://localhost:8080/dashboard' is invalid: Wrong HTTP URL"),
    (TO_ADA | {"entities": [{"type": "text_link", "offset": 0, "length": 1, "url": "http://tutor:8080/"}]},
     "entity URL 'http://tutor:8080/' is invalid: Wrong HTTP URL"),
    (TO_ADA | {"reply_markup": {"keyboard": [[" "]]}}, "keyboard button text must be non-empty"),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "reason"), SENDS)
async def test_messages(served: Served, parameters: dict[str, Any], reason: str) -> None:
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
async def test_polls(served: Served, parameters: dict[str, Any], reason: str) -> None:
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
    ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 1002}}, "chat not found"),
    ("getMyCommands", {"scope": {"type": "chat", "chat_id": 77}}, "chat not found"),
    ("deleteMyCommands", {"scope": {"type": "chat_member", "chat_id": -5, "user_id": 1001}}, "chat not found"),
    ("setChatMenuButton", {"chat_id": 1002}, "chat not found"),
    ("getChat", {"chat_id": 1002}, "chat not found"),
    ("sendAnimation", {"chat_id": 1001}, "there is no animation in the request"),
    ("sendMediaGroup", {"chat_id": 1001, "media": [{"type": "animation", "media": "x"}]},
     "animation can't be sent in an album"),
    ("setWebhook", {"url": "http://a.org/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    ("setWebhook", {"url": "https://a.org:8080/hook"},
     "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
    ("setWebhook", {"url": "https://a.org:x/"}, "bad webhook: invalid webhook URL specified"),
    ("setWebhook", {"url": "ftp://a.org"}, "bad webhook: invalid webhook URL specified"),
    ("setWebhook", {"url": "http://a.org", "secret_token": "a b"}, "secret token contains unallowed characters"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "parameters", "reason"), OTHERS)
async def test_other_methods(served: Served, method: str, parameters: dict[str, Any], reason: str) -> None:
    assert await refusal(served, method, parameters) == (400, f"Bad Request: {reason}")


async def test_a_markup_may_be_large_but_not_too_large(served: Served) -> None:
    rows = [[{"text": LABEL, "callback_data": DATA}]] * 90
    assert (await served.call("sendMessage", **TO_ADA, reply_markup={"inline_keyboard": rows}))["ok"]


async def test_text_is_counted_in_characters(served: Served) -> None:
    sent = await served.call("sendMessage", chat_id=1001, text="🏟" * 4096)
    assert len(sent["result"]["text"]) == 4096


async def refusal(served: Served, method: str, parameters: dict[str, Any]) -> tuple[int, str]:
    answer = await served.call(method, **parameters)
    assert answer["ok"] is False, answer
    return answer["status"], answer["description"]


async def test_edits(served: Served) -> None:
    keyboard = button(callback_data="a")
    sent = (await served.call("sendMessage", **TO_ADA, reply_markup=keyboard))["result"]["message_id"]
    photo = (await upload(served, "Photo", png()))["result"]["message_id"]
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


async def upload(served: Served, kind: str, content: bytes) -> dict[str, Any]:
    """The whole answer to a picture or a file sent to Ada."""
    files = {kind.lower(): ("f.png", content)}
    answer = await served.http.post(f"/bot{TOKEN}/send{kind}", data={"chat_id": 1001}, files=files)
    return dict(answer.json())


def sized(width: int, height: int) -> bytes:
    """A picture that says it is as large as that, and holds less."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    picture = bytearray(png(3, 3))
    picture[16:29] = head
    picture[29:33] = struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return bytes(picture)


PICTURES = [
    (b"", "file must be non-empty"),
    (b"no picture", "IMAGE_PROCESS_FAILED"),
    (png()[:60], "IMAGE_PROCESS_FAILED"),  # a good head, and then it ends
    (png(200, 200)[:80] + bytes(100), "IMAGE_PROCESS_FAILED"),
    (sized(640, 480), "IMAGE_PROCESS_FAILED"),
    (gif()[:30], "IMAGE_PROCESS_FAILED"),
    (b"\xff\xd8\xff\xe0" + bytes(200), "IMAGE_PROCESS_FAILED"),
    (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    (png(1, 21), "PHOTO_INVALID_DIMENSIONS"),
    (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
    (sized(2**31 - 1, 2**31 - 1), "PHOTO_INVALID_DIMENSIONS"),
    (png() + bytes(10_000_000),
     f"file of size {len(png()) + 10_000_000} bytes is too big for a photo; the maximum size is 10000000 bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "reason"), PICTURES)
async def test_pictures(served: Served, content: bytes, reason: str) -> None:
    answer = await upload(served, "Photo", content)
    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {reason}")


async def test_pictures_of_just_the_right_size(served: Served) -> None:
    for content in (png(1, 20), png(9000, 1000), gif()):
        assert (await upload(served, "Photo", content))["ok"]


async def test_files_are_of_fifty_megabytes_at_most(served: Served) -> None:
    answer = await upload(served, "Document", bytes(50_000_001))
    assert (answer["error_code"], answer["description"]) == (413, "Request Entity Too Large")


async def test_a_file_is_sent_again_only_as_what_it_was(served: Served) -> None:
    sticker = (await served.act("sticker", user=1001))["sticker"]["file_id"]
    document = (await upload(served, "Document", png()))["result"]["document"]["file_id"]
    for kind, given in (("Sticker", sticker), ("Document", document)):
        reason = f"Bad Request: can't use file of type {kind} as Photo"
        assert await refusal(served, "sendPhoto", {"chat_id": 1001, "photo": given}) == (400, reason)


async def test_who_may_be_written_to(served: Served) -> None:
    stranger = "Forbidden: bot can't initiate conversation with a user"
    assert await refusal(served, "sendMessage", {"chat_id": 1002, "text": "x"}) == (400, "Bad Request: chat not found")
    await served.says("hi", user=1002, chat=-5)  # now the bot has seen Grace, in a group
    assert await refusal(served, "sendMessage", {"chat_id": 1002, "text": "x"}) == (403, stranger)
    await served.act("block", user=1001)
    blocked = "Forbidden: bot was blocked by the user"
    assert await refusal(served, "sendMessage", TO_ADA) == (403, blocked)
    assert "unblock" in await served.refused("message", user=1001, text="hi")
    await served.act("block", user=1001, blocked=False)
    assert (await served.call("sendMessage", **TO_ADA))["ok"]
