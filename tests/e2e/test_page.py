"""The lesson on the chat page, in Debian's Chromium: read, press, train, see the picture."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.chromium import DESKTOP, PHONE

from .people import Learner

Open = Callable[..., Page]


@pytest.fixture
def joined(learner: Learner) -> Learner:
    """A learner who is in the page's list of people."""
    learner.tutor.act("person", user=learner.id, name=learner.name)
    return learner


def chat_of(page: Page, learner: Learner) -> Locator:
    """The learner's chat, opened if it is not."""
    column = page.locator(f'[data-testid=column][data-user-id="{learner.id}"]')
    page.get_by_test_id("column").first.wait_for()
    if not column.count():
        row = page.get_by_test_id(f"person-{learner.id}")
        if not row.is_visible():
            page.get_by_test_id("who").click()  # on a phone the people are behind the name
        row.click()
    expect(column).to_be_visible()
    return column


def from_bot(chat: Locator) -> Locator:
    return chat.locator('[data-testid=message][data-from="bot"]')


def press(chat: Locator, label: str) -> None:
    from_bot(chat).get_by_test_id("inline-button").filter(has_text=label).last.click()


def say(chat: Locator, text: str) -> None:
    chat.get_by_test_id("composer").fill(text)
    chat.get_by_test_id("send").click()


def fits(page: Page) -> bool:
    """Nothing runs out of the screen sideways."""
    history = page.get_by_test_id("history").first
    return bool(
        page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        and history.evaluate("node => node.scrollWidth <= node.clientWidth")
    )


def test_a_lesson_is_read_and_a_model_trained_on_a_phone(open_page: Open, joined: Learner) -> None:
    page = open_page(PHONE, has_touch=True)
    chat = chat_of(page, joined)
    chat.get_by_test_id("start").tap()
    expect(from_bot(chat)).to_contain_text("Hello, Emmy!")
    press(chat, "Begin the lesson")
    for number in range(2, 4):
        press(chat, "Next ›")
        expect(from_bot(chat)).to_contain_text(f"{number} of 8")
    expect(from_bot(chat)).to_have_count(1)
    block = from_bot(chat).get_by_test_id("code-block")
    expect(block).to_contain_text("model.fit(x_train, y_train, epochs=10, batch_size=32)")
    expect(block.get_by_test_id("code-language")).to_have_text("python")
    expect(block.get_by_test_id("code-copy")).to_be_visible()
    assert fits(page)

    press(chat, "Run this example")
    result = from_bot(chat).last
    expect(result).to_contain_text("The labels are random")
    expect(result.locator("img")).to_have_js_property("complete", True)
    assert result.locator("img").evaluate("node => node.naturalWidth") >= 600
    expect(result.get_by_test_id("inline-button").filter(has_text="Evaluate this model")).to_be_in_viewport()
    assert fits(page)
    result.get_by_test_id("photo").tap()
    expect(page.get_by_test_id("lightbox").locator("img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("lightbox")).to_have_count(0)


def test_a_quiz_on_a_phone(open_page: Open, joined: Learner) -> None:
    page = open_page(PHONE, has_touch=True)
    chat = chat_of(page, joined)
    chat.get_by_test_id("start").tap()
    say(chat, "/quiz")
    expect(from_bot(chat).last).to_contain_text("Question 1 of 6")
    press(chat, "A")
    expect(page.get_by_test_id("toast")).to_have_text("Not quite.")
    expect(from_bot(chat).last).to_contain_text("luck is far too slow")
    press(chat, "Try again")
    expect(from_bot(chat).last).to_contain_text("another try")
    press(chat, "B")
    expect(from_bot(chat).last).to_contain_text("✅ Right!")
    press(chat, "Next question")
    expect(from_bot(chat).last).to_contain_text("Question 2 of 6")
    say(chat, "4")
    expect(from_bot(chat).last).to_contain_text("Three full batches")
    assert fits(page)


def test_dark_and_light(open_page: Open, joined: Learner) -> None:
    page = open_page(DESKTOP, color_scheme="dark")
    chat_of(page, joined)
    body = page.locator("body")
    dark = body.evaluate("node => getComputedStyle(node).backgroundColor")
    page.get_by_test_id("theme").click()
    expect(body).not_to_have_css("background-color", dark)
    page.reload()
    expect(body).not_to_have_css("background-color", dark)
    page.get_by_test_id("theme").click()
    expect(body).to_have_css("background-color", dark)


def test_two_learners_side_by_side(open_page: Open, joined: Learner, meet: Callable[[], Learner]) -> None:
    other = meet()
    other.tutor.act("person", user=other.id, name="Sofia")
    page = open_page(DESKTOP)
    page.get_by_test_id("columns-2").click()
    page.get_by_test_id("history").first.click()
    first = chat_of(page, joined)
    page.get_by_test_id("history").last.click()
    second = chat_of(page, other)
    expect(page.get_by_test_id("column")).to_have_count(2)
    first.get_by_test_id("start").click()
    expect(from_bot(first)).to_contain_text("Hello, Emmy!")
    second.get_by_test_id("start").click()
    expect(from_bot(second)).to_contain_text("Hello, Sofia!")
    say(first, "/train digits epochs=50")
    expect(from_bot(first).last).to_contain_text(re.compile(r"epoch \d+ of 50"))
    say(second, "/lessons")
    expect(from_bot(second).last).to_contain_text("0 of 8 sections")
    expect(from_bot(first).last).to_contain_text(re.compile(r"epoch \d+ of 50"))  # it still trains
    press(first, "Stop")
    expect(from_bot(first).last).to_contain_text("Stopped after epoch")
    assert fits(page)
