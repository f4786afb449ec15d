"""What people do, as the bot hears of it and as the chat shows it."""

from __future__ import annotations

import asyncio
import base64
import re
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Update

from bot.emulator import PEOPLE, Emulator, Person
from bot.emulator.sim import ACTS
from tests.support.fake_time import Messenger, run
from tests.support.pictures import png
from tests.support.served import Served

KEYBOARD = InlineKeyboardMarkup(
    [[InlineKeyboardButton("A · yes", callback_data="v1:a"), InlineKeyboardButton("Docs", url="https://keras.io")]]
)


async def updates(bot: Bot) -> list[Update]:
    """What waits for the bot, confirmed."""
    fetched = list(await bot.get_updates())
    if fetched:
        await bot.get_updates(offset=fetched[-1].update_id + 1)
    return fetched


async def test_a_message_carries_who_wrote_it_and_the_command(served: Served, bot: Bot) -> None:
    message = (await updates(bot))[0].message
    assert (message.from_user.first_name, message.from_user.username, message.from_user.language_code) == (
        "Ada",
        "ada",
        "en",
    )
    assert message.chat.type == "private"
    assert message.parse_entities(["bot_command"]) == {message.entities[0]: "/start"}


async def test_an_unknown_id_becomes_a_person(served: Served, bot: Bot) -> None:
    await served.says("hi", user=555, name="Emmy")
    await served.says("hi", user=556)
    people = (await served.http.get("/sim/people")).json()["result"]
    assert [person["first_name"] for person in people[-2:]] == ["Emmy", "Person 556"]
    added = await served.act("person", name="Sofia", language_code="ru")
    assert (added["id"], added["language_code"]) == (9002, "ru")


async def test_a_press_waits_for_the_answer(served: Served, bot: Bot) -> None:
    message = await bot.send_message(1001, "?", reply_markup=KEYBOARD)
    await updates(bot)
    press = asyncio.create_task(served.act("press", user=1001, message_id=message.message_id, button="A · yes"))
    [update] = await bot.get_updates(timeout=10)
    query = update.callback_query
    assert (query.data, query.from_user.id, query.message) == ("v1:a", 1001, message)
    await query.answer("Right!", show_alert=True)
    assert await press == {"answered": True, "id": query.id, "text": "Right!", "show_alert": True, "url": ""}
    assert not (await served.call("answerCallbackQuery", callback_query_id=query.id))["ok"]


async def test_an_unanswered_press_says_so(served: Served, bot: Bot) -> None:
    message = await bot.send_message(1001, "?", reply_markup=KEYBOARD)
    pressed = await served.act("press", user=1001, message_id=message.message_id, button="v1:a", wait=0.01)
    assert (pressed["answered"], pressed["text"]) == (False, "")


async def test_impossible_presses_are_refused(served: Served, bot: Bot) -> None:
    message = await bot.send_message(1001, "?", reply_markup=KEYBOARD)
    target = {"user": 1001, "message_id": message.message_id}
    assert "opens an address" in await served.refused("press", **target, button="Docs")
    await message.edit_text("done")
    assert "is not under this message" in await served.refused("press", **target, button="v1:a")
    await message.delete()
    assert "no message" in await served.refused("press", **target, button="v1:a")
    assert "another person's" in await served.refused("press", **target | {"chat": 1002}, button="v1:a")


async def test_an_old_press_can_no_longer_be_answered(run_emulator: Any) -> None:
    now = 1_790_000_000.0
    async with run_emulator(Emulator(clock=lambda: now)) as served:
        await served.says("hi")
        sent = await served.call("sendMessage", chat_id=1001, text="?", reply_markup=KEYBOARD.to_dict())
        pressed = await served.act(
            "press", user=1001, message_id=sent["result"]["message_id"], button="v1:a", wait=0.01
        )
        now += 31
        answer = await served.call("answerCallbackQuery", callback_query_id=pressed["id"])
        assert answer["description"].startswith("Bad Request: query is too old")


async def test_votes_are_counted_and_told(served: Served, bot: Bot) -> None:
    quiz = await bot.send_poll(1001, "?", ["a", "b"], type="quiz", correct_option_ids=[1], is_anonymous=False)
    await updates(bot)
    target = {"user": 1001, "message_id": quiz.message_id}
    assert "no such option" in await served.refused("vote", **target, options=[2])
    assert "one answer only" in await served.refused("vote", **target, options=[0, 1])
    await served.act("vote", **target, options=[1])
    answer, state = await updates(bot)
    assert (answer.poll_answer.option_ids, answer.poll_answer.user.id) == ((1,), 1001)
    assert [option.voter_count for option in state.poll.options] == [0, 1]
    assert "no second vote" in await served.refused("vote", **target, options=[0])
    assert (await served.chat())[-1]["poll"]["total_voter_count"] == 1


async def test_an_anonymous_vote_tells_no_name_and_can_be_taken_back(served: Served, bot: Bot) -> None:
    poll = await bot.send_poll(1001, "?", ["a", "b"], allows_multiple_answers=True)
    await updates(bot)
    await served.act("vote", user=1001, message_id=poll.message_id, options=[0, 1])
    [update] = await updates(bot)
    assert update.poll.total_voter_count == 1
    votes = (await served.http.get("/sim/chats/1001/messages")).json()["votes"]
    assert votes == {str(poll.message_id): [0, 1]}
    await served.act("vote", user=1001, message_id=poll.message_id, options=[])
    [update] = await updates(bot)
    assert update.poll.total_voter_count == 0


def test_a_poll_closes_when_its_time_is_over() -> None:
    async def story() -> None:
        messenger = Messenger()
        messenger.meets(1001)
        async with messenger.bot() as bot:
            sent = await bot.send_poll(1001, "?", ["a", "b"], open_period=5)
            [update] = await bot.get_updates(timeout=10)
        assert update.poll.is_closed
        assert messenger.emulator.world.state.chat(1001).messages[sent.message_id]["poll"]["is_closed"]
        vote = {"user": 1001, "message_id": sent.message_id, "options": [0]}
        answer = await messenger.http.post("/sim/vote", json=vote)
        assert "closed" in answer.json()["description"]

    run(story())


async def test_documents_come_as_json_and_as_a_form(served: Served, bot: Bot) -> None:
    await served.act(
        "document", user=1001, name="notes.txt", content=base64.b64encode(b"hello").decode(), caption="mine"
    )
    form = {"user": "1001"}
    answer = await served.http.post("/sim/document", data=form, files={"file": ("run.csv", b"a,b")})
    assert answer.json()["ok"]
    first, second = (update.message for update in (await updates(bot))[1:])
    assert (first.document.file_name, first.document.mime_type, first.caption) == ("notes.txt", "text/plain", "mine")
    assert await (await second.document.get_file()).download_as_bytearray() == bytearray(b"a,b")
    assert "base64" in await served.refused("document", user=1001, name="x", content="%")
    download = await served.http.get(f"/sim/files/{first.document.file_id}")
    assert download.headers["content-disposition"] == "attachment"


async def test_a_start_link_sends_start_with_its_payload(served: Served, bot: Bot) -> None:
    await updates(bot)
    await served.act("link", user=1002, link="https://t.me/tutor_bot?start=join-4x_B")
    await served.act("link", user=555, link="T.me/Tutor_Bot/?start=lesson-2", name="Emmy")
    first, second = (update.message for update in await updates(bot))
    assert (first.text, first.chat.id, first.from_user.first_name) == ("/start join-4x_B", 1002, "Grace")
    assert first.parse_entities(["bot_command"]) == {first.entities[0]: "/start"}
    assert (second.text, second.from_user.first_name) == ("/start lesson-2", "Emmy")


@pytest.mark.parametrize(
    "link",
    [
        *("", "https://keras.io", "https://t.me/tutor_bot", "https://t.me/other_bot?start=a"),
        *("https://t.me/tutor_bot?start=", "https://t.me/tutor_bot?start=a.b", "https://t.me/tutor_bot?startgroup=a"),
        *(f"https://t.me/tutor_bot?start={'x' * 65}", "https://evil.org/?https://t.me/tutor_bot?start=a"),
    ],
)
async def test_other_links_are_refused_and_make_nobody_a_person(served: Served, link: str) -> None:
    assert "no start link of @tutor_bot" in await served.refused("link", user=555, link=link)
    people = (await served.http.get("/sim/people")).json()["result"]
    assert 555 not in [person["id"] for person in people]


async def test_a_start_link_unblocks_the_bot_first(served: Served, bot: Bot) -> None:
    await served.act("block", user=1001)
    await updates(bot)
    await served.act("link", user=1001, link="https://t.me/tutor_bot?start=a")
    unblocked, message = await updates(bot)
    assert unblocked.my_chat_member.new_chat_member.status == "member"
    assert message.message.text == "/start a"


async def test_blocking_is_told(served: Served, bot: Bot) -> None:
    await updates(bot)
    await served.act("block", user=1001)
    await served.act("block", user=1001)
    await served.act("block", user=1001, blocked=False)
    changes = [update.my_chat_member for update in await updates(bot)]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]


async def test_replies_edits_and_deletions(served: Served, bot: Bot) -> None:
    asked = await bot.send_message(1001, "?")
    await updates(bot)
    said = await served.says("yes", reply_to=asked.message_id)
    await served.act("edit", user=1001, message_id=said["message_id"], text="no /stop")
    reply, edit = await updates(bot)
    assert reply.message.reply_to_message == asked
    assert (edit.edited_message.text, edit.edited_message.entities[0].type) == ("no /stop", "bot_command")
    await served.act("delete", user=1001, message_id=asked.message_id)
    refused = await served.call("editMessageText", chat_id=1001, message_id=asked.message_id, text="x")
    assert refused["description"] == "Bad Request: message to edit not found"
    assert "not a text, a picture or a file of this person" in await served.refused(
        "edit", user=1002, chat=-5, message_id=(await served.says("g", user=1001, chat=-5))["message_id"], text="x"
    )


async def test_groups_are_made_on_demand(served: Served, bot: Bot) -> None:
    await updates(bot)
    await served.says("hello all", chat=-5)
    await served.says("me too", user=1002, chat=-5)
    joined, first, second = await updates(bot)
    assert joined.my_chat_member.new_chat_member.status == "member"
    assert (first.message.chat.type, second.message.from_user.first_name) == ("group", "Grace")
    assert (await bot.get_chat_member(-5, 1001)).status == "creator"
    assert (await bot.get_chat_member(-5, 1002)).status == "member"
    assert (await bot.get_chat_member(-5, 1003)).status == "left"
    assert (await bot.get_chat_member(-5, bot.id)).status == "administrator"
    chats = (await served.http.get("/sim/chats")).json()["result"]
    assert [chat["members"] for chat in chats] == [[1001], [1001, 1002]]


async def test_a_group_can_move(served: Served, bot: Bot) -> None:
    await served.says("hi", chat=-5)
    new = (await served.act("migrate", user=1001, chat=-5))["chat"]
    refused = await served.call("sendMessage", chat_id=-5, text="x")
    assert refused["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert refused["parameters"] == {"migrate_to_chat_id": new}
    assert (await served.call("sendMessage", chat_id=new, text="x"))["result"]["chat"]["type"] == "supergroup"


async def test_topics(served: Served, bot: Bot) -> None:
    await served.says("in a topic", chat=-100123, thread=7)
    sent = await bot.send_message(-100123, "here", message_thread_id=7)
    assert sent.is_topic_message
    assert sent.chat.is_forum


async def test_reset_forgets_chats_but_not_the_bots_profile(served: Served, bot: Bot) -> None:
    await bot.set_my_commands([("help", "Help")])
    await served.says("hi", user=77, name="Newcomer")
    before = (await served.chat())[0]["message_id"]
    await served.act("fault", kind="error")
    await served.act("reset")
    assert await served.chat() == []
    assert len((await served.http.get("/sim/people")).json()["result"]) == 4
    assert await bot.get_updates() == ()
    assert len(await bot.get_my_commands()) == 1
    assert (await served.says("again"))["message_id"] > before


async def test_bad_acts_are_refused(served: Served) -> None:
    assert "positive number" in await served.refused("message", text="x")
    assert "needs some" in await served.refused("message", user=1, text=" ")
    assert "4096" in await served.refused("message", user=1, text="x" * 4097)
    assert "there is no /sim/fly" in await served.refused("fly", user=1)
    answer = await served.http.post("/sim/message", data={"user": 1, "text": "x"})
    assert answer.status_code == 415
    assert (await served.http.get("/sim/calls?since=x")).status_code == 400
    assert (await served.http.get("/sim/files/nope")).status_code == 404


async def test_people_of_ones_own(run_emulator: Any) -> None:
    async with run_emulator(Emulator(people=(Person(5, "Emmy"),))) as served:
        assert (await served.http.get("/sim/people")).json()["result"] == [
            {"id": 5, "is_bot": False, "first_name": "Emmy", "language_code": "en"}
        ]


async def test_who_met_the_bot_before_may_be_written_to(run_emulator: Any) -> None:
    async with run_emulator(Emulator(met=(PEOPLE[0], Person(555, "Emmy")))) as served:
        assert (await served.call("sendMessage", chat_id=1001, text="back again"))["ok"]
        assert (await served.call("sendMessage", chat_id=555, text="you too"))["ok"]
        assert not (await served.call("sendMessage", chat_id=1002, text="x"))["ok"]


async def test_who_met_the_bot_before_stands_among_the_people(run_emulator: Any) -> None:
    async with run_emulator(Emulator(met=(Person(555, "Emmy", "emmy"), Person(1001, "Ada L.", "ada")))) as served:
        people = (await served.http.get("/sim/people")).json()["result"]
        assert [person["first_name"] for person in people] == ["Ada L.", "Grace", "Alan", "Dr. Noether", "Emmy"]
        await served.act("reset")
        assert (await served.http.get("/sim/people")).json()["result"] == people


async def test_messages_already_given_away_stay_as_they_were(served: Served, bot: Bot) -> None:
    message = await bot.send_message(1001, "epoch 1")
    await bot.edit_message_text("epoch 2", 1001, message.message_id)
    await bot.edit_message_media(InputMediaPhoto(png()), 1001, message.message_id)
    texts = [call["answer"]["result"].get("text") for call in (await served.calls())[-3:]]
    assert texts == ["epoch 1", "epoch 2", None]
    assert "photo" in (await served.chat())[-1]
    assert "edit_date" in (await served.chat())[-1]


CODE = [{"type": "pre", "offset": 0, "length": 8, "language": "python"}]


async def test_a_message_brings_what_its_writer_formatted(served: Served, bot: Bot) -> None:
    await served.says("print(1)", entities=CODE)
    message = (await updates(bot))[-1].message
    assert message.parse_entities() == {message.entities[0]: "print(1)"}
    assert (message.entities[0].type, message.entities[0].language) == ("pre", "python")
    assert "ends after the end" in await served.refused("message", user=1001, text="x", entities=CODE)


async def test_people_may_have_a_last_name(served: Served, bot: Bot) -> None:
    await served.act("person", user=555, name="Emmy", last_name="Noether")
    await served.says("hi", user=555)
    await served.says("hi", user=556, name="Sofia", last_name="Kovalevskaya")
    first, second = (update.message for update in (await updates(bot))[1:])
    assert (first.from_user.full_name, first.chat.last_name) == ("Emmy Noether", "Noether")
    assert second.from_user.full_name == "Sofia Kovalevskaya"


async def test_an_edit_is_told_with_its_formatting(served: Served, bot: Bot) -> None:
    said = await served.says("print(0)")
    edited = await served.act("edit", user=1001, message_id=said["message_id"], text="print(1)", entities=CODE)
    update = (await updates(bot))[-1]
    assert update.message is None
    assert (update.edited_message.message_id, update.edited_message.text) == (said["message_id"], "print(1)")
    assert [entity.type for entity in update.edited_message.entities] == ["pre"]
    assert update.edited_message.edit_date is not None
    assert edited["text"] == "print(1)"
    again = {"user": 1001, "message_id": said["message_id"], "text": "print(1)", "entities": CODE}
    assert "nothing new" in await served.refused("edit", **again)
    assert "needs some" in await served.refused("edit", **again | {"text": " ", "entities": []})


async def test_a_caption_is_edited_too_and_a_sticker_is_not(served: Served, bot: Bot) -> None:
    photo = await served.act("photo", user=1001, content=base64.b64encode(png()).decode(), caption="a")
    edited = await served.act("edit", user=1001, message_id=photo["message_id"], text="b")
    assert (edited["caption"], edited["photo"]) == ("b", photo["photo"])
    assert (await updates(bot))[-1].edited_message.caption == "b"
    sticker = await served.act("sticker", user=1001)
    assert "not a text" in await served.refused("edit", user=1001, message_id=sticker["message_id"], text="x")


async def test_an_edit_reaches_only_a_bot_that_wants_it(served: Served, bot: Bot) -> None:
    said = await served.says("a")
    await updates(bot)
    await bot.get_updates(allowed_updates=["message"])
    await served.act("edit", user=1001, message_id=said["message_id"], text="b")
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=[])  # the usual kinds, edits among them
    await served.act("edit", user=1001, message_id=said["message_id"], text="c")
    assert [update.edited_message.text for update in await bot.get_updates()] == ["c"]


async def test_an_old_message_cannot_be_edited(run_emulator: Any) -> None:
    now = 1_790_000_000.0
    async with run_emulator(Emulator(clock=lambda: now)) as served:
        said = await served.says("a")
        now += 48 * 3600 + 1
        assert "two days" in await served.refused("edit", user=1001, message_id=said["message_id"], text="b")


async def test_a_photo_comes_as_jpeg_in_several_sizes(served: Served, bot: Bot) -> None:
    content = base64.b64encode(png(1000, 500)).decode()
    await served.act("photo", user=1001, content=content, caption="/help me")
    message = (await updates(bot))[-1].message
    assert [(size.width, size.height) for size in message.photo] == [(90, 45), (320, 160), (800, 400), (1000, 500)]
    assert message.parse_caption_entities() == {message.caption_entities[0]: "/help"}
    assert bytes(await (await message.photo[-1].get_file()).download_as_bytearray()).startswith(b"\xff\xd8")
    assert "IMAGE_PROCESS_FAILED" in await served.refused("photo", user=1001, content="eA==")


async def test_a_large_photo_is_made_smaller(served: Served, bot: Bot) -> None:
    form = {"file": ("big.png", png(2560, 1600))}
    answer = await served.http.post("/sim/photo", data={"user": "1001"}, files=form)
    sizes = answer.json()["result"]["photo"]
    assert [(size["width"], size["height"]) for size in sizes] == [(90, 56), (320, 200), (800, 500), (1280, 800)]


async def test_stickers_and_voice_messages(served: Served, bot: Bot) -> None:
    await served.act("sticker", user=1001)
    await served.act("voice", user=1001)
    sticker, voice = (update.message for update in (await updates(bot))[1:])
    assert (sticker.sticker.emoji, sticker.sticker.width, sticker.text) == ("🙂", 512, None)
    assert (voice.voice.duration, voice.voice.mime_type) == (3, "audio/ogg")
    shown = await served.http.get(f"/sim/files/{sticker.sticker.file_id}")
    assert shown.headers["content-type"] == "image/webp"
    sound = await (await voice.voice.get_file()).download_as_bytearray()
    assert sound.startswith(b"OggS")


async def test_a_pin_is_a_service_message_with_what_was_pinned(served: Served, bot: Bot) -> None:
    asked = await bot.send_message(1001, "?")
    await served.act("pin", user=1001, message_id=asked.message_id)
    message = (await updates(bot))[-1].message
    assert (message.from_user.id, message.text) == (1001, None)
    assert message.pinned_message == asked


async def test_a_pin_of_what_is_gone_says_only_its_id(served: Served, bot: Bot) -> None:
    asked = await bot.send_message(1001, "?")
    await bot.delete_message(1001, asked.message_id)
    await served.act("pin", user=1001, message_id=asked.message_id)
    [raw] = [update for update in (await served.call("getUpdates"))["result"][1:]]
    assert raw["message"]["pinned_message"] == {
        "message_id": asked.message_id, "date": 0,
        "chat": {"id": 1001, "type": "private", "first_name": "Ada", "username": "ada"},
    }  # fmt: skip
    assert "positive" in await served.refused("pin", user=1001)


def test_the_page_about_the_emulator_names_every_act() -> None:
    page = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text()
    rows = [row.split("|")[1] for row in page.splitlines() if row.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(ACTS)


# Privacy mode


async def heard(bot: Bot) -> list[str]:
    return [u.message.text for u in await updates(bot) if u.message and u.message.text]


async def test_a_plain_member_of_a_group_hears_only_what_is_for_it(served: Served, bot: Bot) -> None:
    await served.says("before", chat=-5)
    assert "before" in await heard(bot)
    assert await served.act("rights", user=1001, chat=-5, administrator=False) is False
    (told,) = await updates(bot)
    assert (told.my_chat_member.old_chat_member.status, told.my_chat_member.new_chat_member.status) == (
        "administrator",
        "member",
    )
    assert (await bot.get_chat_member(-5, bot.id)).status == "member"
    asked = await bot.send_message(-5, "a question")
    hers = await served.says("good morning", chat=-5)
    for text in ("/ban@some_other_bot", "hi @grace", "4", "see /help@other_bot", "@tutor_bot2 hello"):
        await served.says(text, chat=-5)
    await served.says("to Ada", chat=-5, user=1002, reply_to=hers["message_id"])
    await served.act("sticker", user=1001, chat=-5)
    assert await updates(bot) == []
    for_it = ["/help", "/help@Tutor_Bot", "look: /help", "hi @tutor_bot", "😀 @Tutor_bot!"]
    for text in for_it:
        await served.says(text, chat=-5)
    await served.says("an answer", chat=-5, user=1002, reply_to=asked.message_id)
    assert await heard(bot) == [*for_it, "an answer"]
    assert len(await served.chat(-5)) == 16, "everybody else sees everything"


async def test_a_plain_member_hears_notices_and_edits_that_are_for_it(served: Served, bot: Bot) -> None:
    said = await served.says("hello", chat=-5)
    await served.act("rights", user=1001, chat=-5, administrator=False)
    await updates(bot)
    await served.act("edit", user=1001, chat=-5, message_id=said["message_id"], text="hello all")
    assert await updates(bot) == []
    await served.act("edit", user=1001, chat=-5, message_id=said["message_id"], text="/help")
    await served.act("pin", user=1001, chat=-5, message_id=said["message_id"])
    edited, pinned = await updates(bot)
    assert edited.edited_message.text == "/help"
    assert pinned.message.pinned_message.message_id == said["message_id"]
    new = (await served.act("migrate", user=1001, chat=-5))["chat"]
    await updates(bot)
    await served.says("hello", chat=new)
    assert await updates(bot) == []


async def test_an_administrator_again_hears_all(served: Served, bot: Bot) -> None:
    await served.act("rights", user=1001, chat=-5, administrator=False)
    await served.act("rights", user=1001, chat=-5, administrator=True)
    await served.says("hello", chat=-5)
    assert "hello" in await heard(bot)
    assert "only in a group" in await served.refused("rights", user=1001, administrator=True)
