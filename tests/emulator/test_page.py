"""The chat page in headless Chromium, with a small PTB bot behind it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect
from telegram import (
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.emulator import Emulator
from tests.support.chromium import DESKTOP, FLAGS, PHONE
from tests.support.chromium import path as chromium_path
from tests.support.pictures import gif, png
from tests.support.served import TOKEN, Served, running

# One event loop and one browser for all tests here; each has its own emulator, bot and browser context.
pytestmark = pytest.mark.asyncio(loop_scope="module")
fixture = pytest_asyncio.fixture(loop_scope="module")

Context = ContextTypes.DEFAULT_TYPE
KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Toast", callback_data="toast"), InlineKeyboardButton("Alert", callback_data="alert")],
        [InlineKeyboardButton("Edit", callback_data="edit", style="primary")],
    ]
)
LESSON = (
    "<b>Fit</b> calls <code>fit()</code>, <tg-spoiler>softly</tg-spoiler> 🏟 <i>now</i>\n"
    '<pre><code class="language-python">model.fit(x, y)  # go</code></pre>'
    "<blockquote expandable>one\ntwo\nthree\nfour\nfive</blockquote>"
    "Next: https://t.me/tutor_bot?start=lesson-2 or /help"
)


async def start(update: Update, context: Context) -> None:
    assert update.message is not None
    await update.message.reply_text(f"Welcome {' '.join(context.args or [])}".strip(), reply_markup=KEYBOARD)


async def lesson(update: Update, context: Context) -> None:
    assert update.message is not None
    await update.message.reply_html(LESSON)


async def echo(update: Update, context: Context) -> None:
    message = update.effective_message
    assert message is not None
    words = message.text or message.caption or (message.document and message.document.file_name) or "nothing"
    await message.reply_text(f"You {'now say' if update.edited_message else 'said'}: {words}"[:4096])


async def pressed(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query is not None
    if query.data == "edit":
        await query.edit_message_text("Edited")
    await query.answer(f"A {query.data}", show_alert=query.data == "alert")


@fixture
async def served() -> AsyncIterator[Served]:
    """An emulator with its default people."""
    async with running(Emulator("Tutor", "tutor_bot")) as server:
        yield server


@fixture
async def application(served: Served) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    """A small bot: it greets, teaches, echoes and answers buttons."""
    made = ApplicationBuilder().token(TOKEN).base_url(f"{served.address}/bot").build()
    made.add_handlers([CommandHandler("start", start), CommandHandler("lesson", lesson), CallbackQueryHandler(pressed)])
    made.add_handler(MessageHandler(filters.ALL, echo))
    async with made:
        await made.bot.set_my_commands([("lesson", "Read the lesson"), ("level", "Choose a level"), ("help", "Help")])
        await made.bot.set_my_description("I teach Keras.")
        await made.start()
        await made.updater.start_polling(timeout=1)
        yield made
        await made.updater.stop()
        await made.stop()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium with a fresh profile."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield launched
        await launched.close()


Open = Callable[..., Any]


@fixture
async def open_page(served: Served, application: Any, browser: Browser) -> AsyncIterator[Open]:
    """Opens the page; at the end, no script error and no refused resource may have occurred."""
    troubles: list[str] = []
    contexts: list[BrowserContext] = []

    async def opened(
        viewport: dict[str, int] = DESKTOP, context: BrowserContext | None = None, path: str = "/", **more: Any
    ) -> Page:
        context = context or await browser.new_context(viewport=viewport, reduced_motion="reduce", **more)  # type: ignore[arg-type]
        context.set_default_timeout(8000)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: message.type == "error" and troubles.append(message.text))
        await page.goto(f"{served.address}{path}")
        await expect(page.get_by_test_id("column").first).to_be_visible()
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert [trouble for trouble in troubles if "400 (Bad Request)" not in trouble] == []


@fixture
async def page(open_page: Open) -> Page:
    """The page on a desktop, Ada's chat open and started."""
    opened: Page = await open_page()
    await opened.get_by_test_id("start").click()
    await expect(from_bot(opened)).to_have_count(1)
    return opened


def from_bot(page: Page | Locator) -> Locator:
    return page.locator('[data-testid=message][data-from="bot"]')


def from_me(page: Page | Locator) -> Locator:
    return page.locator('[data-testid=message][data-from="me"]')


async def say(page: Page, text: str) -> None:
    await page.get_by_test_id("composer").fill(text)
    await page.keyboard.press("Enter")


async def sent(application: Any, text: str, **more: Any) -> Message:
    message: Message = await application.bot.send_message(1001, text, **more)
    return message


async def test_an_empty_chat_shows_the_description_and_a_start_button(open_page: Open) -> None:
    page = await open_page()
    await expect(page.get_by_test_id("empty")).to_contain_text("I teach Keras.")
    await expect(page.get_by_test_id("composer")).to_be_hidden()
    await page.get_by_test_id("start").click()
    await expect(from_bot(page)).to_contain_text("Welcome")
    await expect(page.get_by_test_id("empty")).to_be_hidden()
    await expect(page.get_by_test_id("composer")).to_be_visible()


async def test_writing_with_enter_and_a_new_line_with_shift(page: Page) -> None:
    field = page.get_by_test_id("composer")
    await field.fill("one")
    await field.press("Shift+Enter")
    await field.press_sequentially("two")
    assert await field.input_value() == "one\ntwo"
    tall = (await field.bounding_box() or {})["height"]
    await field.press("Enter")
    await expect(from_bot(page).last).to_contain_text("You said: one\ntwo", use_inner_text=True)
    await expect(field).to_have_value("")
    assert (await field.bounding_box() or {})["height"] < tall
    await expect(from_me(page).last.locator(".ticks use")).to_have_attribute("href", re.compile("#checks$"))
    await expect(page.get_by_test_id("news")).to_contain_text("Tutor: You said: one two")


async def test_buttons_toast_alert_and_edit_in_place(page: Page) -> None:
    await page.get_by_test_id("inline-button").filter(has_text="Toast").click()
    await expect(page.get_by_test_id("toast")).to_have_text("A toast")
    await page.get_by_test_id("inline-button").filter(has_text="Alert").click()
    await expect(page.get_by_test_id("alert")).to_contain_text("A alert")
    await page.get_by_test_id("alert-ok").click()
    await expect(page.get_by_test_id("alert")).to_have_count(0)
    before = await from_bot(page).get_attribute("data-message-id")
    await page.get_by_test_id("inline-button").filter(has_text="Edit").click()
    await expect(from_bot(page).get_by_test_id("message-text")).to_have_text("Edited")
    await expect(from_bot(page).get_by_test_id("edited")).to_be_visible()
    await expect(page.get_by_test_id("inline-button")).to_have_count(0)
    assert await from_bot(page).get_attribute("data-message-id") == before


async def test_a_pressed_button_spins_until_it_is_answered(page: Page, served: Served) -> None:
    await served.act("fault", kind="delay", method="answerCallbackQuery", seconds=0.5)
    button = page.get_by_test_id("inline-button").filter(has_text="Toast")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    await expect(button).not_to_have_attribute("aria-busy", "true")


async def test_formatted_text(page: Page) -> None:
    await say(page, "/lesson")
    text = from_bot(page).last.get_by_test_id("message-text")
    await expect(text.locator("strong")).to_have_text("Fit")
    await expect(text.locator("em")).to_have_text("now")
    await expect(text.get_by_test_id("code-language")).to_have_text("python")
    await expect(text.locator("pre")).to_have_text("model.fit(x, y)  # go")
    await expect(text.locator(".code-comment")).to_have_text("# go")
    spoiler = text.get_by_test_id("spoiler")
    assert await spoiler.evaluate("node => getComputedStyle(node).color") == "rgba(0, 0, 0, 0)"
    await spoiler.click()
    await expect(spoiler).to_have_class(re.compile("open"))
    quote = text.locator("blockquote")
    folded = (await quote.bounding_box() or {})["height"]
    await text.get_by_test_id("quote-toggle").click()
    assert (await quote.bounding_box() or {})["height"] > folded


async def test_code_is_copied(open_page: Open, served: Served, browser: Browser) -> None:
    context = await browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = await open_page(context=context)
    await page.get_by_test_id("start").click()
    await say(page, "/lesson")
    await page.get_by_test_id("code-copy").click()
    await expect(page.get_by_test_id("code-copy")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "model.fit(x, y)  # go"
    await page.locator(".inline-code").click()
    await expect(page.get_by_test_id("toast")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "fit()"


async def test_a_start_link_in_a_text_is_opened_as_one_of_the_people(page: Page) -> None:
    await say(page, "/lesson")
    await page.get_by_role("link", name="https://t.me/tutor_bot?start=lesson-2").click()
    dialog = page.get_by_test_id("open-as")
    await expect(dialog.get_by_role("button")).to_have_text(
        [re.compile(name) for name in ("Ada.*this chat", "Grace", "Alan", "Noether", "A new person", "Cancel")]
    )
    await expect(dialog).to_contain_text("t.me/tutor_bot?start=lesson-2")
    await dialog.get_by_test_id("open-as-1002").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_test_id("column")).to_have_attribute("data-user-id", "1002")
    await expect(from_me(page)).to_contain_text("/start lesson-2")
    await expect(from_bot(page)).to_contain_text("Welcome lesson-2")
    await expect(page).to_have_url(re.compile("/$"))


async def test_a_start_link_goes_to_ones_own_chat_with_enter_and_away_with_escape(page: Page) -> None:
    await say(page, "/lesson")
    await page.get_by_test_id("start-link").click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("open-as")).to_have_count(0)
    await page.get_by_test_id("start-link").click()
    await page.keyboard.press("Enter")
    await expect(from_bot(page).last).to_contain_text("Welcome lesson-2")
    await expect(from_me(page)).to_have_count(3)


async def test_a_start_link_on_a_button_is_opened_as_somebody_new(page: Page, application: Any) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Join", url="https://t.me/tutor_bot?start=join-7")]])
    await sent(application, "Join the class", reply_markup=markup)
    await page.get_by_test_id("inline-button").filter(has_text="Join").click()
    await page.get_by_test_id("open-as-new").click()
    await page.get_by_test_id("ask").get_by_role("textbox").fill("Sofia")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("column")).to_have_attribute("data-user-id", "9002")
    await expect(from_bot(page)).to_contain_text("Welcome join-7")
    await expect(page.get_by_test_id("person-9002")).to_contain_text("Sofia")


async def test_the_address_of_the_page_can_carry_a_start_payload(open_page: Open) -> None:
    page = await open_page(path="/?start=join-7")
    await page.get_by_test_id("open-as-1003").click()
    await expect(from_bot(page)).to_contain_text("Welcome join-7")
    await expect(page).to_have_url(re.compile("/$"))
    await page.reload()
    await expect(from_bot(page)).to_contain_text("Welcome join-7")
    await expect(page.get_by_test_id("open-as")).to_have_count(0)


async def test_a_bad_payload_in_the_address_gets_a_clear_answer(open_page: Open) -> None:
    page = await open_page(path="/?start=a.b")
    await expect(page.get_by_test_id("alert")).to_contain_text("1 to 64 letters")
    await expect(page).to_have_url(re.compile("/$"))


async def test_other_links_open_beside_the_page(page: Page, application: Any, served: Served) -> None:
    here = f"{served.address}/sim/people"
    text = f'<a href="{here}">Dashboard</a> <a href="keras.io">Keras</a> {here} https://t.me/other_bot?start=a'
    button = InlineKeyboardButton("Dashboard", url=here)
    await sent(application, text, parse_mode="HTML", reply_markup=InlineKeyboardMarkup([[button]]))
    links = from_bot(page).last.get_by_role("link")
    await expect(links).to_have_count(4)
    for link in await links.all():
        await expect(link).to_have_attribute("target", "_blank")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(links.nth(1)).to_have_attribute("href", "http://keras.io/")
    for pressed in (links.first, links.nth(2), page.get_by_test_id("inline-button").last):
        async with page.context.expect_page() as popup:
            await pressed.click()
        beside = await popup.value
        await expect(beside).to_have_url(here)
        assert await beside.evaluate("[window.opener, document.referrer]") == [None, ""]
        await beside.close()


MOMENT = 1_647_531_900  # 17 March 2022, 15:45 in UTC; in Tokyo it is the 18th, a Friday
SHOWN = {
    "de-DE": {
        "w": "Freitag",
        "d": "18.03.22",
        "D": "18. März 2022",
        "t": "00:45",
        "T": "00:45:00",
        "wd": "Freitag, 18.03.22",
        "wDt": "Freitag, 18. März 2022 um 00:45",
        "": "then",
    },
    "en-US": {
        "w": "Friday",
        "d": "03/18/22",
        "D": "March 18, 2022",
        "t": "12:45 AM",
        "T": "12:45:00 AM",
        "wd": "Friday, 03/18/22",
        "wDt": "Friday, March 18, 2022 at 12:45 AM",
        "": "then",
    },
}


@pytest.mark.parametrize("locale", SHOWN)
async def test_moments_show_in_the_readers_time_zone_and_language(open_page: Open, served: Served, locale: str) -> None:
    await served.says("hi")
    for form in SHOWN[locale]:
        entity = {"type": "date_time", "offset": 4, "length": 4, "unix_time": MOMENT, "date_time_format": form}
        assert (await served.call("sendMessage", chat_id=1001, text="due then!", entities=[entity]))["ok"]
    page = await open_page(timezone_id="Asia/Tokyo", locale=locale)
    moments = page.get_by_test_id("moment")
    await expect(moments).to_have_text(list(SHOWN[locale].values()))
    for moment in await moments.all():
        await expect(moment).to_have_attribute("datetime", "2022-03-17T15:45:00.000Z")
        await expect(moment).to_have_attribute("title", re.compile(r"18.* 2022 .*(00:45:00|12:45:00)"))
    await expect(from_bot(page).filter(has_text="due")).to_contain_text(
        [f"due {shown}!" for shown in SHOWN[locale].values()]
    )


async def test_relative_moments_go_on(page: Page, application: Any) -> None:
    now = dt.datetime.now(dt.UTC)
    for seconds in (2, -90, 3 * 86400 + 60, -86400 - 60):
        when = MessageEntity("date_time", 0, 4, unix_time=now + dt.timedelta(seconds=seconds), date_time_format="r")
        await sent(application, "then", entities=[MessageEntity("bold", 0, 4), when])
    moments = page.get_by_test_id("moment")
    await expect(moments).to_have_text([re.compile(r"ago"), "1 minute ago", "in 3 days", "yesterday"])
    # Telegram drops the bold of a moment.
    await expect(from_bot(page).locator("strong")).to_have_count(0)


async def test_commands_are_sent(page: Page) -> None:
    await say(page, "/lesson")
    await page.locator(".command-link", has_text="/help").click()
    await expect(from_bot(page).last).to_contain_text("You said: /help")


async def test_commands_are_offered_while_typing(page: Page) -> None:
    field = page.get_by_test_id("composer")
    await field.press_sequentially("/le")
    offered = page.get_by_test_id("command")
    await expect(offered).to_have_count(2)
    await expect(page.locator('[data-command="lesson"]')).to_have_attribute("aria-selected", "true")
    await field.press("ArrowDown")
    await field.press("Tab")
    await expect(field).to_have_value("/level ")
    await field.fill("")
    await page.clock.install()
    await page.get_by_test_id("commands-button").click()
    await page.clock.run_for(200)  # leaving the field closes the menu in a while, but this press came back to it
    await expect(offered.last).to_be_visible()
    await expect(offered).to_have_count(3)
    await page.locator('[data-command="help"]').click()
    await expect(from_bot(page).last).to_contain_text("You said: /help")


async def test_the_menu_offers_the_commands_of_this_very_chat(page: Page, application: Any) -> None:
    offered = page.get_by_test_id("command").locator("strong")
    everywhere, here = BotCommandScopeAllPrivateChats(), BotCommandScopeChat(1001)
    await application.bot.set_my_commands([("review", "Review")], scope=everywhere)
    await application.bot.set_my_commands([("class", "Your class"), ("ask", "Ask")], scope=here)
    await expect(from_bot(page)).to_have_count(1)
    await page.get_by_test_id("composer").fill("/")
    await expect(offered).to_have_text(["/class", "/ask"])
    await application.bot.delete_my_commands(here)
    await expect(offered).to_have_text(["/review"])
    await page.get_by_test_id("person-1002").click()
    await page.get_by_test_id("start").click()
    await page.get_by_test_id("composer").fill("/")
    await expect(offered).to_have_text(["/review"])


async def test_pictures_open_large_and_escape_closes(page: Page, application: Any) -> None:
    message = await sent(application, "epoch 1")
    media = InputMediaPhoto(png(400, 300), caption="Done", filename="curve.png")
    await application.bot.edit_message_media(media, 1001, message.message_id)
    bubble = page.locator(f'[data-message-id="{message.message_id}"]')
    await expect(bubble).to_contain_text("Done")
    await expect(bubble.locator("img")).to_have_js_property("naturalWidth", 400)
    await bubble.get_by_test_id("photo").click()
    await expect(page.get_by_test_id("lightbox")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("lightbox")).to_have_count(0)


async def test_files_go_both_ways(page: Page, application: Any) -> None:
    await page.get_by_test_id("file-input").set_input_files({"name": "notes.txt", "mimeType": "", "buffer": b"hello"})
    await expect(from_bot(page).last).to_contain_text("You said: notes.txt")
    await expect(from_me(page).last.get_by_test_id("document")).to_contain_text("5 B")


@pytest.mark.parametrize("name", ["class-figures.csv", "Übersicht der Klasse, 2026-03.xlsx"])
async def test_a_table_shows_its_name_and_size_and_is_saved_under_its_name(
    page: Page, application: Any, name: str
) -> None:
    await application.bot.send_document(1001, b"a,b\n" * 400, filename=name, caption="The class")
    document = from_bot(page).last.get_by_test_id("document")
    await expect(document.locator("strong")).to_have_text(name)
    await expect(document.locator("small")).to_have_text(re.compile(r"1\.6 KB"))
    await expect(from_bot(page).last).to_contain_text("The class")
    async with page.expect_download() as download:
        await document.click()
    saved = await download.value
    assert saved.suggested_filename == name
    assert (await saved.path()).read_bytes() == b"a,b\n" * 400


async def test_a_quiz(page: Page, application: Any) -> None:
    await application.bot.send_poll(
        1001, "2 + 2?", ["3", "4"], type="quiz", correct_option_ids=[1], explanation="Count again."
    )
    await page.get_by_test_id("poll-option").first.click()
    results = page.get_by_test_id("poll-result")
    await expect(results.nth(0)).to_have_class(re.compile("wrong"))
    await expect(results.nth(1)).to_have_class(re.compile("right"))
    await expect(page.get_by_test_id("poll-explanation")).to_have_text("Count again.")
    await page.reload()
    await expect(results.nth(0)).to_have_class(re.compile("wrong"))


async def test_a_poll_with_several_answers(page: Page, application: Any) -> None:
    await application.bot.send_poll(1001, "Which?", ["a", "b", "c"], allows_multiple_answers=True)
    await expect(page.get_by_test_id("poll-vote")).to_be_disabled()
    await page.get_by_test_id("poll-option").nth(0).click()
    await page.get_by_test_id("poll-option").nth(2).click()
    await page.get_by_test_id("poll-vote").click()
    await expect(page.get_by_test_id("poll-result").locator(".poll-share")).to_have_text(["100%", "0%", "100%"])
    await page.get_by_test_id("poll-retract").click()
    await expect(page.get_by_test_id("poll-option")).to_have_count(3)


async def test_the_typing_indicator_ends_with_the_message(page: Page, application: Any) -> None:
    await application.bot.send_chat_action(1001, "typing")
    await expect(page.get_by_test_id("typing")).to_be_visible()
    await expect(page.get_by_test_id("status")).to_have_text("typing…")
    await sent(application, "here")
    await expect(page.get_by_test_id("typing")).to_be_hidden()


async def test_the_reader_keeps_the_place(page: Page, application: Any) -> None:
    messages = [await sent(application, f"message {number}\n" * 5) for number in range(12)]
    history = page.get_by_test_id("history")
    await expect(from_bot(page)).to_have_count(13)
    left = "node => node.scrollHeight - node.scrollTop - node.clientHeight"
    assert await history.evaluate(left) < 2
    await history.hover()
    await page.mouse.wheel(0, -700)
    await expect(page.get_by_test_id("jump")).to_be_visible()
    shown = page.locator(f'[data-message-id="{messages[9].message_id}"]')
    place = (await shown.bounding_box() or {})["y"]
    await application.bot.edit_message_text("now much longer\n" * 30, 1001, messages[0].message_id)
    await sent(application, "news")
    await expect(page.get_by_test_id("jump-count")).to_have_text("1")
    await expect(page.locator(f'[data-message-id="{messages[0].message_id}"]')).to_contain_text("much longer")
    assert abs((await shown.bounding_box() or {})["y"] - place) < 2
    await page.get_by_test_id("jump").click()
    assert await history.evaluate(left) < 2
    await expect(page.get_by_test_id("jump")).to_be_hidden()


async def test_live_edits_stay_at_the_end(page: Page, application: Any) -> None:
    for number in range(8):
        await sent(application, f"message {number}\n" * 5)
    message = await sent(application, "epoch 1")
    await application.bot.edit_message_text("epoch 2\n" * 12, 1001, message.message_id)
    await application.bot.edit_message_media(InputMediaPhoto(png(400, 300), caption="c"), 1001, message.message_id)
    bubble = page.locator(f'[data-message-id="{message.message_id}"]')
    await expect(bubble.locator("img")).to_have_js_property("naturalWidth", 400)
    await expect(bubble.locator(".meta")).to_be_in_viewport(ratio=1)


async def test_the_end_stays_in_view_while_a_long_text_is_written(open_page: Open, served: Served) -> None:
    for number in range(8):
        await served.says(f"message {number}\n" * 5)
    page = await open_page(viewport=PHONE)
    field = page.get_by_test_id("composer")
    newest = from_bot(page).last.locator(".meta")
    text = ""
    for line in range(9):
        text += f"line {line}\n"
        await field.fill(text)
        await expect(newest).to_be_in_viewport(ratio=1)
    await expect(page.get_by_test_id("jump")).to_be_hidden()
    await field.fill("")
    await expect(newest).to_be_in_viewport(ratio=1)
    await expect(page.get_by_test_id("jump")).to_be_hidden()


async def test_people_side_by_side_with_unread_counts(page: Page, served: Served) -> None:
    await served.says("/start", user=1002)
    await expect(page.get_by_test_id("person-1002").get_by_test_id("unread")).to_have_text("1")
    await page.get_by_test_id("columns-2").click()
    columns = page.get_by_test_id("column")
    await expect(columns).to_have_count(2)
    await expect(from_bot(page.locator('[data-user-id="1002"]'))).to_contain_text("Welcome")
    await expect(page.get_by_test_id("unread")).to_have_count(0)
    await page.get_by_test_id("person-9001").click()
    await expect(page.locator('[data-user-id="9001"]')).to_be_visible()
    await page.reload()
    await expect(columns).to_have_count(2)
    await page.get_by_test_id("close-column").first.click()
    await expect(columns).to_have_count(1)


async def test_a_group(page: Page, served: Served) -> None:
    await served.says("hello class", chat=-77)
    await served.says("hi Ada", user=1002, chat=-77)
    rows = page.get_by_test_id("person--77")
    await expect(rows).to_have_count(2)
    await rows.first.click()
    await expect(page.get_by_test_id("column").locator("h2")).to_have_text("Group 77")
    await expect(from_me(page)).to_contain_text("hello class")
    await expect(page.locator('[data-from="other"]')).to_contain_text("Grace")


async def test_a_new_person(page: Page) -> None:
    await page.get_by_test_id("add-person").click()
    await page.get_by_test_id("ask").get_by_role("textbox").fill("Sofia Kovalevskaya")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("column")).to_have_attribute("data-user-id", "9002")
    await page.get_by_test_id("start").click()
    await expect(from_bot(page)).to_contain_text("Welcome")


async def test_themes(open_page: Open) -> None:
    page = await open_page(color_scheme="dark")
    body = page.locator("body")
    await expect(body).to_have_css("background-color", "rgb(11, 14, 21)")
    await page.get_by_test_id("theme").click()
    await expect(body).to_have_css("background-color", "rgb(232, 235, 244)")
    await page.reload()
    await expect(body).to_have_css("background-color", "rgb(232, 235, 244)")


async def test_the_calls_drawer(page: Page) -> None:
    await page.get_by_test_id("calls-toggle").click()
    await say(page, "look")
    call = page.get_by_test_id("call").filter(has_text="You said: look")
    await expect(call).to_have_attribute("data-method", "sendMessage")
    await call.get_by_role("button").click()
    await expect(call).to_contain_text('"chat_id": "1001"')
    await expect(page.locator('[data-method="getUpdates"]').first).to_be_hidden()
    await page.get_by_test_id("polling").check()
    await expect(page.locator('[data-method="getUpdates"]').first).to_be_visible()
    assert TOKEN not in await page.content()
    await page.get_by_test_id("calls-close").click()
    await expect(page.get_by_test_id("calls")).to_be_hidden()


async def test_blocking_and_coming_back(page: Page) -> None:
    await page.get_by_test_id("chat-more").click()
    await page.get_by_test_id("menu-block").click()
    await expect(page.get_by_test_id("composer")).to_be_hidden()
    await page.get_by_test_id("unblock").click()
    await expect(from_bot(page)).to_have_count(2)


async def test_a_reply_keyboard_and_replies(page: Page, application: Any) -> None:
    await sent(application, "Pick", reply_markup=ReplyKeyboardMarkup([["Red", "Blue"]], one_time_keyboard=True))
    await page.get_by_test_id("reply-button").filter(has_text="Blue").click()
    await expect(from_bot(page).last).to_contain_text("You said: Blue")
    await expect(page.get_by_test_id("reply-keyboard")).to_be_hidden()
    await from_bot(page).last.hover()
    await from_bot(page).last.get_by_role("button", name="Reply").click()
    await say(page, "indeed")
    await expect(from_me(page).last.locator(".reply-quote")).to_contain_text("You said: Blue")


async def test_deletions_and_reset_show(page: Page, served: Served, application: Any) -> None:
    message = await sent(application, "soon gone")
    await expect(from_bot(page)).to_have_count(2)
    await application.bot.delete_message(1001, message.message_id)
    await expect(from_bot(page)).to_have_count(1)
    await served.act("reset")
    await expect(page.get_by_test_id("start")).to_be_visible()


async def test_an_own_message_is_edited_on_a_phone(open_page: Open) -> None:
    page = await open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    await page.get_by_test_id("start").tap()
    await page.get_by_test_id("composer").fill("import numpy as np\n\nprint(np.pie)")
    await page.get_by_test_id("send").tap()
    await expect(from_bot(page).last).to_contain_text("You said: import numpy")
    mine = from_me(page).last.get_by_test_id("message-text")
    await mine.tap()
    await page.get_by_test_id("message-edit").tap()
    field = page.get_by_test_id("composer")
    await expect(field).to_have_value("import numpy as np\n\nprint(np.pie)")
    await field.fill("import numpy as np\n\nprint(np.pi)")
    await page.get_by_test_id("send").tap()
    await expect(mine).to_have_text("import numpy as np\n\nprint(np.pi)")
    await expect(from_me(page).last.get_by_test_id("edited")).to_be_visible()
    await expect(from_bot(page).last).to_contain_text("You now say: import numpy")
    await expect(field).to_have_value("")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_an_edit_is_begun_with_the_arrow_and_left_with_escape(page: Page) -> None:
    await say(page, "one")
    await say(page, "two")
    await expect(from_bot(page).last).to_contain_text("two")
    field = page.get_by_test_id("composer")
    await field.press("ArrowUp")
    await expect(field).to_have_value("two")
    await field.press("Escape")
    await expect(field).to_have_value("")
    await say(page, "three")
    await expect(from_bot(page).last).to_contain_text("You said: three")
    await field.press("ArrowUp")
    await page.locator(".command-link", has_text="/start").click()  # a command is sent, whatever is being edited
    await expect(from_bot(page).last).to_contain_text("Welcome")
    await expect(page.get_by_test_id("edited")).to_have_count(0)


async def test_the_menu_of_a_message_goes_with_escape_and_deletes(page: Page) -> None:
    await say(page, "soon gone")
    await expect(from_bot(page).last).to_contain_text("soon gone")
    await from_me(page).last.get_by_test_id("message-text").click(button="right")
    await expect(page.get_by_test_id("message-menu")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("message-menu")).to_have_count(0)
    await from_bot(page).last.hover()
    await from_bot(page).last.get_by_test_id("message-more").click()
    await expect(page.get_by_test_id("message-edit")).to_have_count(0)
    await page.keyboard.press("Escape")
    await from_me(page).last.get_by_test_id("message-text").click()
    await page.get_by_test_id("message-delete").click()
    await expect(from_me(page)).to_have_count(1)


async def test_code_stays_code_when_it_is_edited(page: Page, served: Served) -> None:
    code = {"type": "pre", "offset": 5, "length": 8, "language": "python"}
    await served.says("Run: print(1)", entities=[code])
    await expect(from_bot(page).last).to_contain_text("Run: print(1)")
    await from_me(page).last.get_by_test_id("message-text").click(button="right", position={"x": 4, "y": 4})
    await page.get_by_test_id("message-edit").click()
    await say(page, "Run: print(1 + 1)")
    await expect(from_me(page).last.locator("pre")).to_have_text("print(1 + 1)")
    assert next(m for m in await served.chat() if "edit_date" in m)["entities"] == [code | {"length": 12}]


MOVES = [
    # What stood before, its formatting as place and length, what stands now, and the formatting's new place.
    ("print(0)", (0, 8), "print(1)", (0, 8)),
    ("print(0)", (0, 8), "print(0)\nprint(1)", (0, 17)),
    ("print(0)", (0, 8), "import a\nprint(0)", (0, 17)),
    ("see x now", (4, 1), "see the x now", (8, 1)),
    ("see x now", (4, 1), "look x now", (5, 1)),
    ("see x now", (4, 1), "see now", None),
    ("see x now", (4, 1), "see x then", (4, 1)),
]


@pytest.mark.parametrize(("before", "place", "after", "moved"), MOVES)
async def test_formatting_moves_with_the_text(
    page: Page, before: str, place: tuple[int, int], after: str, moved: tuple[int, int] | None
) -> None:
    entities = [{"type": "code", "offset": place[0], "length": place[1]}, {"type": "url", "offset": 0, "length": 1}]
    call = "async ([entities, before, after]) => (await import('/static/edits.js')).moved(entities, before, after)"
    found = await page.evaluate(call, [entities, before, after])
    assert found == ([{"type": "code", "offset": moved[0], "length": moved[1]}] if moved else [])


async def test_a_long_text_is_sent_in_two_messages_as_apps_do(page: Page, served: Served) -> None:
    text = "".join(f"x{number:04} = '🏟'\n" for number in range(500))
    await say(page, text)
    await expect(from_me(page)).to_have_count(3)
    first, second = [message["text"] for message in await served.chat() if not message["from"]["is_bot"]][1:]
    assert (len(first), first, second) == (4096, text[:4096], text[4096:].rstrip("\n"))
    await expect(page.get_by_test_id("composer")).to_have_value("")


async def test_pasted_code_is_sent_without_marks(page: Page, served: Served) -> None:
    code = "def f(n):\n    return n + 1\n\nprint(f(2))"
    await say(page, code)
    await expect(from_me(page).last.get_by_test_id("message-text")).to_have_text(code, use_inner_text=True)
    sent = next(message for message in await served.chat() if message.get("text", "").startswith("def"))
    assert (sent["text"], sent.get("entities")) == (code, None)


async def test_stickers_and_voice_messages_are_sent_from_the_attach_menu(page: Page) -> None:
    await page.get_by_test_id("attach").click()
    await page.get_by_test_id("attach-sticker").click()
    await expect(page.get_by_test_id("sticker")).to_have_js_property("naturalWidth", 512)
    await page.get_by_test_id("attach").click()
    await page.get_by_test_id("attach-voice").click()
    voice = page.get_by_test_id("voice")
    await expect(voice).to_contain_text("0:03")
    await expect(from_bot(page).last).to_contain_text("nothing")
    await voice.get_by_role("button", name="Play").click()
    await expect(voice.get_by_role("button", name="Pause")).to_be_visible()
    await expect(voice.get_by_role("button", name="Play")).to_be_visible()  # after three seconds it is over
    assert await voice.locator("audio").evaluate("node => [node.ended, node.error]") == [True, None]


async def test_a_photo_is_looked_at_before_it_is_sent(page: Page) -> None:
    picture = {"name": "p.png", "mimeType": "image/png", "buffer": png(400, 300)}
    await page.get_by_test_id("photo-input").set_input_files(picture)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("photo-dialog")).to_have_count(0)
    await page.get_by_test_id("photo-input").set_input_files(picture)
    await page.get_by_label("Caption").fill("my digit")
    await page.get_by_test_id("photo-send").click()
    await expect(from_me(page).last.locator("img")).to_have_js_property("naturalWidth", 400)
    await expect(from_bot(page).last).to_contain_text("You said: my digit")
    await expect(from_me(page)).to_have_count(2)


async def test_a_pin_shows_as_a_notice(page: Page, application: Any) -> None:
    message = await sent(application, "Exam on Monday, at nine, in the hall by the library")
    await page.locator(f'[data-message-id="{message.message_id}"]').get_by_test_id("message-text").click(button="right")
    await page.get_by_test_id("message-pin").click()
    await expect(page.locator(".service")).to_have_text("Ada pinned “Exam on Monday, at nine, in the hall by…”")


async def test_animations_move(page: Page, application: Any) -> None:
    await application.bot.send_animation(1001, gif(size=(320, 200)), caption="Epoch by epoch", filename="loss.gif")
    shown = from_bot(page).last.get_by_test_id("animation")
    await expect(shown).to_have_js_property("naturalWidth", 320)
    await expect(from_bot(page).last).to_contain_text("Epoch by epoch")
    first = await shown.screenshot()
    for _ in range(50):
        if await shown.screenshot() != first:
            break
    else:
        pytest.fail("it stands still")


async def test_last_names_show_everywhere(page: Page, served: Served) -> None:
    await served.act("person", user=1001, name="Ada", last_name="Lovelace")
    await expect(page.get_by_test_id("person-1001")).to_contain_text("Ada Lovelace")
    await page.reload()
    await expect(page.get_by_test_id("who")).to_contain_text("Ada Lovelace")
    await page.get_by_test_id("add-person").click()
    await page.get_by_test_id("ask").get_by_role("textbox").fill("Sofia Kovalevskaya")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("person-9002")).to_contain_text("Sofia Kovalevskaya")
    people = (await served.http.get("/sim/people")).json()["result"]
    assert (people[-1]["first_name"], people[-1]["last_name"]) == ("Sofia", "Kovalevskaya")


async def test_what_the_page_does_not_know_breaks_nothing(page: Page, served: Served) -> None:
    ada = {"id": 1001, "is_bot": False, "first_name": "Ada"}
    odd = {"message_id": 5, "chat": {"id": 1001, "type": "private"}, "date": 1, "from": ada}
    await served.act("update", update={"message": odd | {"dice": {"emoji": "🎲", "value": 3}}})
    await served.act("pin", user=1001, message_id=77)
    await expect(page.locator(".service")).to_have_text("Ada pinned a message")
    await say(page, "still here")
    await expect(from_bot(page).last).to_contain_text("still here")


async def test_on_a_phone(open_page: Open) -> None:
    page = await open_page(viewport=PHONE, has_touch=True)
    await page.get_by_test_id("start").tap()
    await say(page, "/lesson")
    await expect(from_bot(page)).to_have_count(2)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    assert await page.get_by_test_id("history").evaluate("node => node.scrollWidth <= node.clientWidth")
    await expect(page.get_by_test_id("person-1002")).to_be_hidden()
    await page.get_by_test_id("who").tap()
    await page.get_by_test_id("person-1002").tap()
    await expect(page.get_by_test_id("column")).to_have_attribute("data-user-id", "1002")
    await expect(page.get_by_test_id("person-1002")).to_be_hidden()


async def test_long_lines_of_code_break_as_in_the_apps(open_page: Open, application: Any) -> None:
    page = await open_page(viewport=PHONE)
    await page.get_by_test_id("start").click()
    line = "AttributeError: 'DataFrame' object has no attribute 'agee'. " * 2
    await sent(application, line, entities=[MessageEntity("pre", 0, len(line))])
    block = from_bot(page).locator("pre")  # wherever it stands: the answer to /start may come before or after it
    assert await block.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert (await block.bounding_box() or {})["height"] > 60


async def test_only_own_resources_are_allowed(served: Served) -> None:
    answer = await served.http.get("/")
    assert answer.headers["content-security-policy"] == "default-src 'self'; img-src 'self' blob: data:"
    assert not re.search(r"style=|onclick=|<script>|<style>", answer.text)
