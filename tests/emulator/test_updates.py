"""How updates reach the bot: long polling and webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update
from telegram.error import Conflict
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.emulator import Emulator
from tests.support.served import TOKEN, Served


async def test_updates_wait_until_they_are_confirmed(served: Served, bot: Bot) -> None:
    await served.says("two")
    first = await bot.get_updates()
    assert [update.message.text for update in first] == ["/start", "two"]
    assert [update.update_id for update in await bot.get_updates()] == [update.update_id for update in first]
    assert [update.message.text for update in await bot.get_updates(offset=first[1].update_id)] == ["two"]
    assert [update.message.text for update in await bot.get_updates(limit=1)] == ["two"]
    assert await bot.get_updates(offset=first[1].update_id + 1) == ()


async def test_a_negative_offset_counts_from_the_end(served: Served, bot: Bot) -> None:
    for text in "abc":
        await served.says(text)
    assert [update.message.text for update in await bot.get_updates(offset=-2)] == ["b", "c"]


async def test_a_poll_waits_for_the_first_update(served: Served, bot: Bot, until: Callable[[Any], Any]) -> None:
    last = (await bot.get_updates())[-1].update_id
    poll = asyncio.create_task(bot.get_updates(offset=last + 1, timeout=20))
    await until(lambda: served.emulator.world.updates.polled)
    assert not poll.done()
    await served.says("now")
    assert [update.message.text for update in await poll] == ["now"]


async def test_the_bot_chooses_which_updates_it_wants(served: Served, bot: Bot) -> None:
    last = (await bot.get_updates(allowed_updates=["callback_query"]))[-1].update_id
    await served.says("unwanted")
    assert await bot.get_updates(offset=last + 1) == ()
    await bot.get_updates(allowed_updates=[])
    await served.says("wanted")
    assert len(await bot.get_updates(offset=last + 1)) == 1


async def test_a_second_poller_ends_the_first(served: Served, bot: Bot, until: Callable[[Any], Any]) -> None:
    last = (await bot.get_updates())[-1].update_id
    first = asyncio.create_task(bot.get_updates(offset=last + 1, timeout=20))
    await until(lambda: served.emulator.world.updates.polled)
    async with served.bot() as other:
        second = asyncio.create_task(other.get_updates(offset=last + 1, timeout=20))
        with pytest.raises(Conflict, match="make sure that only one bot instance is running"):
            await first
        await served.says("for the second")
        assert len(await second) == 1


async def test_a_webhook_and_polling_exclude_each_other(served: Served, bot: Bot, until: Callable[[Any], Any]) -> None:
    last = (await bot.get_updates())[-1].update_id
    poll = asyncio.create_task(bot.get_updates(offset=last + 1, timeout=20))
    await until(lambda: served.emulator.world.updates.polled)
    await bot.set_webhook(f"{served.address}/nowhere")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()


async def test_a_webhook_gets_every_update_in_order_with_its_secret(
    served: Served, bot: Bot, serve: Callable[[Any], Any], until: Callable[[Any], Any]
) -> None:
    taken: list[dict[str, Any]] = []
    attempts: list[str] = []

    async def hook(request: Request) -> Response:
        attempts.append(request.headers["X-Telegram-Bot-Api-Secret-Token"])
        if len(attempts) == 1:
            return Response(status_code=500)
        taken.append(await request.json())
        return Response()

    async with serve(Starlette(routes=[Route("/hook", hook, methods=["POST"])])) as address:
        await bot.set_webhook(f"{address}/hook", secret_token="s3cret", allowed_updates=["message"])
        await served.says("second")
        await until(lambda: len(taken) == 2)
        info = await bot.get_webhook_info()
    assert [Update.de_json(update, bot).message.text for update in taken] == ["/start", "second"]
    assert set(attempts) == {"s3cret"}
    assert len(attempts) == 3
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    assert (info.pending_update_count, info.allowed_updates) == (0, ("message",))


async def test_pending_updates_can_be_dropped(served: Served, bot: Bot) -> None:
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_ptb_application_answers(served: Served, until: Callable[[Any], Any]) -> None:
    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"You said {update.message.text}")

    builder = ApplicationBuilder().token(TOKEN).base_url(f"{served.address}/bot")
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        await application.start()
        await application.updater.start_polling()
        said = await served.says("hello")
        chat = await until(lambda: two_messages(served))
        assert chat[1]["text"] == "You said hello"
        seen = (await served.http.get("/sim/chats/1001/messages")).json()["seen"]
        assert seen == said["message_id"]
        await application.updater.stop()
        await application.stop()


async def two_messages(served: Served) -> list[dict[str, Any]]:
    chat = await served.chat()
    return chat if len(chat) == 2 else []


PIN = {
    "message_id": 11, "from": {"id": 5, "is_bot": False, "first_name": "Emmy", "last_name": "Noether"},
    "chat": {"id": 5, "type": "private", "first_name": "Emmy"}, "date": 1_700_000_000,
    "pinned_message": {"message_id": 9, "chat": {"id": 5, "type": "private", "first_name": "Emmy"}, "date": 0},
}  # fmt: skip


async def raw(served: Served, **parameters: Any) -> list[dict[str, Any]]:
    """getUpdates without the library, which cannot read everything."""
    return list((await served.call("getUpdates", **parameters))["result"])


async def test_a_raw_update_is_delivered_as_it_stands(served: Served) -> None:
    await served.says("first")
    [before] = await raw(served, allowed_updates=["message"])
    odd = {"update_id": 7, "message": PIN, "unheard_of": {"a": [None, 1e300, "\ud83d"]}}
    assert await served.act("update", update=odd) == odd
    # Its id lies below what is confirmed, and still it comes, once.
    assert await raw(served, offset=before["update_id"] + 1) == [odd]
    assert await raw(served, offset=8) == []


async def test_a_raw_update_gets_an_id_if_it_has_none(served: Served) -> None:
    given = await served.act("update", update={"edited_channel_post": 5})
    await served.says("next")
    [first, second] = await raw(served)
    assert first == given == {"update_id": first["update_id"], "edited_channel_post": 5}
    assert second["update_id"] == first["update_id"] + 1


async def test_after_a_raw_update_with_a_high_id_others_still_come(served: Served) -> None:
    await served.act("update", update={"update_id": 2**60})
    await served.says("next")
    assert len(await raw(served)) == 2
    assert [update["message"]["text"] for update in await raw(served, offset=2**60 + 1)] == ["next"]


@pytest.mark.parametrize("number", ["7", None, 1.5, True, []])
async def test_a_raw_update_whose_id_is_no_number_comes_once(served: Served, number: Any) -> None:
    await served.act("update", update={"update_id": number})
    assert [update["update_id"] for update in await raw(served)] == [number]
    assert await raw(served) == []


@pytest.mark.parametrize("update", [None, 5, "[1]", [{}]])
async def test_what_is_no_object_is_no_update(served: Served, update: Any) -> None:
    assert "an object is needed" in await served.refused("update", update=update)


async def test_whoever_a_raw_update_names_can_be_answered(served: Served, bot: Bot) -> None:
    group = {"id": -100_555, "type": "supergroup", "title": "Class", "is_forum": True}
    await served.act("update", update={"message": PIN})
    await served.act("update", update={"message": PIN | {"chat": group, "message_thread_id": 3}})
    assert (await bot.send_message(5, "x")).chat.full_name == "Emmy Noether"
    assert (await bot.send_message(-100_555, "x", message_thread_id=3)).chat.title == "Class"


async def test_a_raw_press_can_be_answered(served: Served, bot: Bot) -> None:
    press = {"id": "77", "from": PIN["from"], "chat_instance": "1", "data": "a", "message": PIN["pinned_message"]}
    await served.act("update", update={"callback_query": press})
    assert await bot.answer_callback_query("77", "ok")


async def test_raw_updates_come_by_webhook_too(
    served: Served, bot: Bot, serve: Callable[[Any], Any], until: Callable[[Any], Any]
) -> None:
    taken: list[Any] = []

    async def hook(request: Request) -> Response:
        taken.append(await request.json())
        return Response()

    async with serve(Starlette(routes=[Route("/hook", hook, methods=["POST"])])) as address:
        await bot.set_webhook(f"{address}/hook", drop_pending_updates=True)
        odd = {"update_id": 7, "message": {"text": "\ud83d"}}
        await served.act("update", update=odd)
        await until(lambda: taken == [odd])


async def test_updates_are_kept_for_a_day_and_presses_for_two_and_a_half_minutes(run_emulator: Any) -> None:
    now = 1_790_000_000.0
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "a"}]]}
    async with run_emulator(Emulator(clock=lambda: now)) as served:
        await served.says("hi")
        sent = (await served.call("sendMessage", chat_id=1001, text="?", reply_markup=keyboard))["result"]
        await served.act("press", user=1001, message_id=sent["message_id"], button="a", wait=0.001)
        now += 150
        assert [kind for update in await raw(served) for kind in update][1::2] == ["message", "callback_query"]
        now += 1
        assert [kind for update in await raw(served) for kind in update][1::2] == ["message"]
        now += 24 * 3600
        assert (await served.call("getWebhookInfo"))["result"]["pending_update_count"] == 0
        assert await raw(served) == []


async def test_a_webhook_that_takes_one_persons_updates_badly_still_gets_the_others(
    served: Served, bot: Bot, serve: Callable[[Any], Any], until: Callable[[Any], Any]
) -> None:
    taken: list[str] = []

    async def hook(request: Request) -> Response:
        message = (await request.json())["message"]
        if message["chat"]["id"] == 1001:
            return Response(status_code=500)
        taken.append(message["text"])
        return Response()

    async with serve(Starlette(routes=[Route("/hook", hook, methods=["POST"])])) as address:
        await bot.set_webhook(f"{address}/hook", allowed_updates=["message"])
        for text in ("a", "b", "c"):
            await served.says(text, user=1002)
        await until(lambda: taken == ["a", "b", "c"])
        assert (await bot.get_webhook_info()).pending_update_count == 1


async def test_the_bot_may_use_as_many_connections_as_it_allows(
    served: Served, bot: Bot, serve: Callable[[Any], Any], until: Callable[[Any], Any]
) -> None:
    at_once: list[int] = []
    waiting: set[int] = set()
    go = asyncio.Event()

    async def hook(request: Request) -> Response:
        chat = (await request.json())["message"]["chat"]["id"]
        waiting.add(chat)
        at_once.append(len(waiting))
        await go.wait()
        waiting.discard(chat)
        return Response()

    async with serve(Starlette(routes=[Route("/hook", hook, methods=["POST"])])) as address:
        await bot.set_webhook(f"{address}/hook", allowed_updates=["message"], max_connections=2)
        for user in (1002, 1003):
            await served.says("hi", user=user)
        await until(lambda: len(waiting) == 2)
        go.set()
        await until(lambda: len(at_once) == 3)
    assert max(at_once) == 2
