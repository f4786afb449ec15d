"""Every method, called by PTB over HTTP, and the table against PTB's own signatures."""

from __future__ import annotations

import inspect
from typing import Any

import httpx
import pytest
import telegram
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAnimation,
    InputMediaDocument,
    InputMediaPhoto,
    MenuButtonCommands,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.emulator.methods import METHODS
from tests.support.pictures import gif, png
from tests.support.served import TOKEN, Served

# What PTB's methods take for itself, or translates before it sends.
OF_PTB = {
    *("read_timeout", "write_timeout", "connect_timeout", "pool_timeout", "api_kwargs", "filename"),
    *("allow_sending_without_reply", "reply_to_message_id", "disable_web_page_preview"),
}
# PTB puts an album's caption into its first item.
TRANSLATED = {"sendMediaGroup": frozenset({"caption", "parse_mode", "caption_entities"})}


@pytest.mark.parametrize("name", sorted(METHODS))
def test_the_table_knows_every_parameter_ptb_can_send(name: str) -> None:
    signature = inspect.signature(getattr(Bot, name))
    offered = set(signature.parameters) - {"self"} - OF_PTB - TRANSLATED.get(name, frozenset())
    known = set(f"{METHODS[name].required} {METHODS[name].optional}".split())
    assert offered <= known


def test_bot_api_version() -> None:
    assert telegram.__bot_api_version__ == "10.0"


async def test_every_method_once(served: Served, bot: Bot) -> None:
    start = (await served.calls())[0]["number"]
    await talk(bot)
    await draw(bot)
    await ask(bot, served)
    await introduce(bot)
    await receive(bot, served)
    called = {call["method"] for call in await served.calls(start - 1)}
    assert set(METHODS) - called == set()
    assert [call["method"] for call in await served.calls() if not call["answer"]["ok"]] == []
    assert [call for call in await served.calls() if "(ignored)" in call["parameters"]] == []
    assert TOKEN not in str(await served.calls())


async def talk(bot: Bot) -> None:
    """Text messages: sending, replying, editing, reacting, deleting."""
    text = "Read 🏟 fit()"
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="next", style="primary")]])
    first = await bot.send_message(1001, text, entities=[MessageEntity("code", 8, 5)], reply_markup=keyboard)
    assert first.parse_entities() == {first.entities[0]: "fit()"}
    assert first.reply_markup == keyboard
    assert first.from_user.id == bot.id
    second = await bot.send_message(
        1001, "<b>ok</b>", parse_mode="HTML", reply_parameters=ReplyParameters(first.message_id), protect_content=True
    )
    assert second.reply_to_message == first
    assert second.has_protected_content
    edited = await bot.edit_message_text("changed", 1001, first.message_id)
    assert (edited.text, edited.reply_markup) == ("changed", None)
    assert edited.edit_date is not None
    again = await bot.edit_message_reply_markup(1001, first.message_id, reply_markup=keyboard)
    assert again.reply_markup == keyboard
    assert await bot.set_message_reaction(1001, first.message_id, ReactionTypeEmoji("👍"))
    assert await bot.send_chat_action(1001, "typing")
    assert await bot.delete_message(1001, second.message_id)
    assert await bot.delete_messages(1001, [first.message_id, 5])
    await bot.send_message(1001, "pick", reply_markup=ReplyKeyboardMarkup([["a", "b"]]))


async def draw(bot: Bot) -> None:
    """Pictures and documents, and the text message that becomes a picture."""
    photo = await bot.send_photo(1001, png(), caption="*c*", parse_mode="MarkdownV2")
    assert (photo.photo[-1].width, photo.photo[-1].height) == (40, 30)
    assert (photo.caption, photo.caption_entities[0].type) == ("c", "bold")
    resent = await bot.send_photo(1001, photo.photo[-1].file_id)
    assert resent.photo == photo.photo
    captioned = await bot.edit_message_caption(1001, photo.message_id, caption="new")
    assert captioned.caption == "new"
    document = await bot.send_document(1001, b"a,b\n", filename="data.csv")
    assert document.document.file_name == "data.csv"
    assert await (await document.document.get_file()).download_as_bytearray() == bytearray(b"a,b\n")
    moving = await bot.send_animation(1001, gif(), caption="grows", filename="grows.gif")
    assert (moving.animation.width, moving.animation.height, moving.animation.mime_type) == (40, 30, "image/gif")
    assert moving.document.file_id == moving.animation.file_id
    still = await bot.edit_message_media(InputMediaPhoto(png()), 1001, moving.message_id)
    assert (still.animation, still.document, still.photo[-1].width) == (None, None, 40)
    again = await bot.edit_message_media(InputMediaAnimation(moving.animation.file_id), 1001, moving.message_id)
    assert again.animation == moving.animation
    film = await bot.send_animation(1001, b"\0\0\0\x18ftypmp42", filename="film.mp4")
    assert film.animation.mime_type == "video/mp4"
    text = await bot.send_animation(1001, b"a,b", filename="table.csv")
    assert (text.animation, text.document.file_name) == (None, "table.csv")
    album = await bot.send_media_group(1001, [InputMediaPhoto(png()), InputMediaPhoto(png(), caption="x")])
    assert album[0].media_group_id == album[1].media_group_id
    files = await bot.send_media_group(1001, [InputMediaDocument(b"1"), InputMediaDocument(b"2")], caption="both")
    assert files[0].caption == "both"
    running = await bot.send_message(1001, "epoch 3/10")
    done = await bot.edit_message_media(InputMediaPhoto(png(), caption="done"), 1001, running.message_id)
    assert (done.message_id, done.text, done.caption) == (running.message_id, None, "done")


async def ask(bot: Bot, served: Served) -> None:
    """Polls, and a pressed button."""
    quiz = await bot.send_poll(
        1001, "2 + 2?", ["3", "4"], type="quiz", correct_option_ids=[1], explanation="<b>Count</b>",
        explanation_parse_mode="HTML", is_anonymous=False,
    )  # fmt: skip
    assert list(quiz.poll.correct_option_ids) == [1]
    assert quiz.poll.explanation == "Count"
    stopped = await bot.stop_poll(1001, quiz.message_id)
    assert stopped.is_closed
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    message = await bot.send_message(1001, "?", reply_markup=keyboard)
    pressed = await served.act("press", user=1001, message_id=message.message_id, button="Go", wait=0.001)
    assert not pressed["answered"]
    assert await bot.answer_callback_query(pressed["id"], "late but there")


async def introduce(bot: Bot) -> None:
    """What the bot says about itself, and what it can see of chats."""
    assert (await bot.get_me()).id == 4242
    commands = [BotCommand("train", "Train the model")]
    assert await bot.set_my_commands(commands, scope=BotCommandScopeChat(1001))
    assert await bot.get_my_commands(BotCommandScopeChat(1001)) == tuple(commands)
    assert await bot.get_my_commands() == ()
    assert await bot.delete_my_commands(BotCommandScopeChat(1001))
    assert await bot.set_my_name("Teacher")
    assert (await bot.get_my_name()).name == "Teacher"
    assert await bot.set_my_description("About")
    assert (await bot.get_my_description()).description == "About"
    assert await bot.set_my_short_description("Short")
    assert (await bot.get_my_short_description()).short_description == "Short"
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await bot.get_chat_menu_button() == MenuButtonCommands()
    assert (await bot.get_chat(1001)).first_name == "Ada"
    assert (await bot.get_chat_member(1001, 1001)).status == "member"
    assert await bot.close()
    assert await bot.log_out()


async def receive(bot: Bot, served: Served) -> None:
    """Updates, by poll and by webhook."""
    updates = await bot.get_updates()
    assert updates[0].message.text == "/start"
    assert await bot.get_updates(offset=updates[-1].update_id + 1) == ()
    assert await bot.set_webhook(f"{served.address}/nowhere", secret_token="s3cret")
    assert (await bot.get_webhook_info()).url.endswith("/nowhere")
    assert "s3cret" not in str(await served.calls())
    assert await bot.delete_webhook()


@pytest.mark.parametrize("send", ["json", "data", "files", "params"])
async def test_parameters_may_come_in_any_form(served: Served, bot: Bot, send: str) -> None:
    parameters: dict[str, Any] = {"chat_id": "1001", "text": "hi", "disable_notification": "true"}
    body = {name: (None, value) for name, value in parameters.items()} if send == "files" else parameters
    answer = await served.http.post(f"/bot{TOKEN}/SENDMESSAGE", **{send: body})
    assert answer.json()["result"]["text"] == "hi"


async def test_unknown_methods_and_malformed_tokens(served: Served) -> None:
    assert await served.call("sendSmell") == {
        "status": 404, "ok": False, "error_code": 404, "description": "Not Found: method not found",
    }  # fmt: skip
    answer = await served.http.get("/botnonsense/getMe")
    assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized: invalid token specified")
    assert (await served.http.get("/nowhere")).json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_parameters_telegram_would_ignore_show_in_the_log(served: Served, bot: Bot) -> None:
    await served.call("sendMessage", chat_id=1001, text="hi", parsemode="HTML")
    assert (await served.calls())[-1]["parameters"]["(ignored)"] == ["parsemode"]


async def test_files_are_served_to_bots_only_by_their_path(served: Served, bot: Bot) -> None:
    photo = await bot.send_photo(1001, png())
    path = (await served.call("getFile", file_id=photo.photo[-1].file_id))["result"]["file_path"]
    answer = await served.http.get(f"/file/bot{TOKEN}/{path}")
    assert answer.content == png()
    assert (await served.http.get(f"/file/bot{TOKEN}/photos/other.png")).status_code == 404


async def test_commands_of_the_narrowest_scope_show(served: Served, bot: Bot) -> None:
    await served.says("hi", user=9001)
    await bot.set_my_commands([("help", "For all")])
    await bot.set_my_commands([("classes", "For instructors")], scope=BotCommandScopeChat(9001))

    async def menu(user: int) -> list[str]:
        me: httpx.Response = await served.http.get(f"/sim/me?user={user}")
        return [command["command"] for command in me.json()["result"]["commands"]]

    assert await menu(1001) == ["help"]
    assert await menu(9001) == ["classes"]
    await bot.set_my_commands([("lessons", "For learners")], scope=BotCommandScopeAllPrivateChats())
    assert await menu(1001) == ["lessons"]
    assert await menu(9001) == ["classes"]
    await bot.delete_my_commands(BotCommandScopeChat(9001))
    assert await menu(9001) == ["lessons"]


async def test_ptb_sees_refusals_as_its_own_errors(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(1001, "")
