"""An instructor's afternoon: from the chat into the browser, with a class at work in the messenger."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import DESKTOP, PHONE

from .people import Learner, Tutor

NOETHER = 9001
"""Who teaches in `tutor try`."""
Open = Callable[..., Page]


@pytest.fixture
def instructor(tutor: Tutor) -> Learner:
    return Learner(tutor, NOETHER, name="Dr. Noether")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser's page. At the end: no error on the console, but that who is signed out is refused."""
    context = browser.new_context(viewport=DESKTOP, accept_downloads=True)  # type: ignore[arg-type]
    troubles: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert [trouble for trouble in troubles if "401 (Unauthorized)" not in trouble] == []


def class_of(instructor: Learner, name: str, *learners: Learner) -> None:
    instructor.says(f"/newclass {name}")
    link = instructor.sees(name, "enrolled").copies("Copy the join link")
    for learner in learners:
        learner.opens(link)
        learner.presses("Join")
        learner.sees("You are in")


def link_for(instructor: Learner) -> str:
    instructor.says("/dashboard")
    found = re.search(r"http://\S+/enter/\S+", instructor.sees("works once").text)
    assert found
    return found.group()


def sign_in(page: Page, instructor: Learner) -> None:
    page.goto(link_for(instructor))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("classes")


def test_the_link_from_the_chat_signs_in_once(instructor: Learner, page: Page, browser: Browser) -> None:
    class_of(instructor, "Monday group")
    link = link_for(instructor)
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Monday group").first.click()
    expect(page.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")
    other = browser.new_context().new_page()
    other.goto(link)
    expect(other.get_by_role("button", name="Sign in")).to_have_count(0)
    expect(other.locator("main")).to_contain_text("/dashboard")
    other.context.close()
    page.get_by_role("button", name="Sign out").click()
    page.goto(page.url.split("/dashboard")[0] + "/dashboard/")
    expect(page.locator("main")).not_to_contain_text("Monday group")


def test_the_live_page_follows_the_class_within_two_seconds(
    instructor: Learner, page: Page, meet: Callable[[], Learner]
) -> None:
    ada, grace = meet(), meet()
    class_of(instructor, "Live group", ada, grace)
    sign_in(page, instructor)
    page.get_by_role("link", name="Live group").first.click()
    page.get_by_role("link", name="Live", exact=True).click()
    live = page.locator("#live")
    expect(page.locator("#live-state")).to_have_text("live")
    for learner in (ada, grace):
        learner.says("/quiz")
        learner.sees("Question 1")
    expect(live).to_contain_text("2 thinking")
    ada.presses("B")
    ada.sees("B")
    began = time.monotonic()
    expect(live).to_contain_text("1 answered, 1 thinking")
    assert time.monotonic() - began < 10, "the page tells of it without being asked; timings are for the bench"
    grace.presses("A")
    expect(live).to_contain_text("2 answered")
    expect(live.locator(".live-choices output")).to_have_text(["1", "1", "0", "0"])
    expect(live).not_to_contain_text("right")
    ada.says("/train epochs=40")
    expect(live.locator("dl div").nth(3)).to_contain_text("1")
    page.get_by_label("show names").check()
    page.get_by_label("show what is right").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#live")).to_contain_text(grace.name)
    expect(page.locator("#live li.right")).to_have_count(1)


def test_what_learners_did_shows_on_every_page_and_in_the_exports(
    instructor: Learner, page: Page, meet: Callable[[], Learner]
) -> None:
    ada, grace = meet(), meet()
    class_of(instructor, "Friday group", ada, grace)
    ada.says("/quiz")
    for title in ("Question 1 of 6", "another try", "another try"):
        ada.sees(title, where=lambda message: "A" in message.labels)
        ada.presses("A")
        ada.presses("Try again")
    sign_in(page, instructor)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.get_by_role("link", name="Friday group").first.click()
    expect(page.locator("main")).to_contain_text("Enrolled")
    tabs = page.get_by_role("navigation", name="Pages of the class")
    tabs.get_by_role("link", name="Questions").click()
    expect(page.locator("main")).to_contain_text("What is the primary method")
    page.get_by_role("link", name="7 days").click()
    expect(page).to_have_url(re.compile("days=7"))
    tabs.get_by_role("link", name="Attention").click()
    expect(page).to_have_url(re.compile("days=7"))
    expect(page.locator("main")).to_contain_text("3 wrong answers to question 1")
    tabs.get_by_role("link", name="Learners").click()
    page.get_by_role("link", name=ada.name).first.click()
    expect(page.locator("main")).to_contain_text("Joined the class")
    tabs.get_by_role("link", name="Exports").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name=re.compile("attempts", re.I)).first.click()
    rows = list(csv.reader(downloading.value.path().read_text("utf-8-sig").splitlines()))
    assert len(rows) == 4
    assert "A" in " ".join(rows[1])


def test_a_letter_goes_to_exactly_those_who_were_picked(
    instructor: Learner, page: Page, meet: Callable[[], Learner]
) -> None:
    ada, grace, emmy = meet(), meet(), meet()
    class_of(instructor, "Letter group", ada, grace, emmy)
    ada.says("/lessons")
    ada.presses("Begin")
    ada.sees("1 of")
    sign_in(page, instructor)
    page.get_by_role("link", name="Letter group").first.click()
    page.get_by_role("navigation", name="Pages of the class").get_by_role("link", name="Attention").click()
    letter = page.locator("form.letter").first
    expect(letter.get_by_role("checkbox")).to_have_count(2)
    letter.get_by_role("checkbox").first.uncheck()
    letter.get_by_role("textbox").fill("Begin with <b>section one</b>: it takes five minutes.")
    letter.get_by_role("button", name="Preview").click()
    expect(page.locator("main")).to_contain_text("Begin with <b>section one</b>")
    page.get_by_role("button", name=re.compile("Send")).click()
    instructor.sees("Delivered to 1 of 1")
    told = [one for one in (ada, grace, emmy) if any("section one" in m.text for m in one.messages() if m.from_bot)]
    assert told in ([grace], [emmy])
