"""Every page in Debian's Chromium, on a phone and on a laptop: nothing runs out of the screen, the content security
policy refuses nothing, and the keyboard gets everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from bot.dashboard.sign_in import COOKIE
from bot.domain.people import LinkTicket, TicketKind
from bot.domain.tokens import secret
from tests.support.chromium import DESKTOP, PHONE, chromium

from .conftest import EMMY, NOW, House

SIZES = {"phone": PHONE, "laptop": DESKTOP}
TABS = ("Overview", "Questions", "Attention", "Learners", "Runs", "Live", "Exports")
PATHS = ("", "/questions", "/attention", "/learners", "/runs", "/live", "/exports?pseudonyms=1")
SEEDED, EMPTY, HOSTILE = 0, 1, 2
Open = Callable[..., Page]

FITS = """() => {
  const wide = [...document.querySelectorAll('main *')].filter(node => {
    const box = node.getBoundingClientRect();
    if (!box.width || node.closest('.scroll, .unseen, .eyebrow, svg')) return false;
    return box.right > innerWidth + 1 || box.left < -1;
  });
  return [document.documentElement.scrollWidth <= innerWidth, wide.map(node => node.outerHTML.slice(0, 80))];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def visit(browser: Browser, server: str, shared: House) -> Iterator[Open]:
    """Opens a page as Emmy. At the end: no error on the console, no request to elsewhere."""
    troubles: list[str] = []
    contexts: list[BrowserContext] = []

    def printed(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            troubles.append(message.text)

    def requested(request: Request) -> None:
        if not request.url.startswith(f"{server}/dashboard"):
            troubles.append(f"a request to {request.url}")

    def opened(path: str, size: str = "laptop", cookie: bool = True, **more: Any) -> Page:
        context = browser.new_context(viewport=SIZES[size], **more)  # type: ignore[arg-type]
        contexts.append(context)
        if cookie:
            context.add_cookies([{"name": COOKIE, "value": shared.cookies[EMMY], "url": server}])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", printed)
        page.on("request", requested)
        page.goto(server + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


def fits(page: Page) -> None:
    scrolls, wide = page.evaluate(FITS)
    assert scrolls, f"{page.url} scrolls sideways: {wide}"
    assert wide == [], page.url


def base(shared: House, which: int = SEEDED) -> str:
    return f"/dashboard/classes/{shared.cohort.id + which}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("which", [SEEDED, EMPTY, HOSTILE])
def test_every_page_fits(which: int, size: str, visit: Open, shared: House) -> None:
    page = visit("/dashboard/", size)
    fits(page)
    someone = 900_000_004 if which == SEEDED else 6002
    for path in (*PATHS, *((f"/learners/{someone}",) if which != EMPTY else ())):
        page.goto(page.url.partition("/dashboard")[0] + base(shared, which) + path)
        for details in page.locator("details").all():
            details.evaluate("node => node.open = true")
        fits(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(scheme: str, visit: Open, shared: House) -> None:
    """Contrast by WCAG 2.2 (AA): 4.5 for text, 3 for the accent's shapes."""
    page = visit(base(shared), color_scheme=scheme)
    colours = page.evaluate(
        """names => Object.fromEntries(names.map(name => {
          const probe = document.createElement('i');
          probe.className = 'probe';
          document.body.append(probe);
          probe.style.color = `var(--${name})`;
          const found = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number);
          probe.remove();
          return [name, found];
        }))""",
        ["paper", "card", "ink", "soft", "accent", "on-accent", "wash", "flag", "track", "grey"],
    )

    def luminance(name: str) -> float:
        parts = [c / 255 for c in colours[name][:3]]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(one: str, other: str) -> float:
        dark, light = sorted((luminance(one), luminance(other)))
        return (light + 0.05) / (dark + 0.05)

    text = [("ink", "paper"), ("ink", "card"), ("soft", "paper"), ("soft", "card"), ("accent", "card")]
    text += [("accent", "paper"), ("accent", "wash"), ("on-accent", "accent"), ("ink", "flag"), ("soft", "track")]
    assert {pair: round(contrast(*pair), 2) for pair in text if contrast(*pair) < 4.5} == {}
    shapes = [("accent", "track"), ("grey", "card"), ("grey", "paper")]
    assert {pair: round(contrast(*pair), 2) for pair in shapes if contrast(*pair) < 3} == {}


def test_the_keyboard_reaches_the_tabs(visit: Open, shared: House) -> None:
    page = visit(base(shared))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    reached = []
    for _ in range(16):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    at = reached.index(TABS[0])
    assert tuple(reached[at : at + len(TABS)]) == TABS
    page.get_by_role("navigation", name="Pages of the class").get_by_role("link", name="Runs").focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.partition('/dashboard')[0]}{base(shared)}/runs")
    expect(page.get_by_role("link", name="Runs", exact=True)).to_have_attribute("aria-current", "page")


def test_the_skip_link_leads_to_the_content(visit: Open, shared: House) -> None:
    page = visit(base(shared))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_pages_read_without_scripts(visit: Open, shared: House) -> None:
    page = visit(base(shared), java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(page.get_by_role("img", name="Learners by their best score")).to_be_visible()
    page.locator(".filters summary").click()
    page.get_by_label("Last days").fill("7")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(f"{page.url.partition('?')[0]}?lesson=&days=7&from=&to=")
    expect(page.get_by_role("link", name="7 days", exact=True)).to_have_attribute("aria-current", "true")


def test_a_message_on_a_phone(visit: Open, shared: House) -> None:
    page = visit(f"{base(shared)}/attention", "phone", has_touch=True)
    group = page.locator("#never-started")
    boxes = group.get_by_role("checkbox")
    expect(boxes.first).to_be_checked()
    boxes.first.uncheck()
    left = boxes.count() - 1
    group.get_by_label("Your message").fill("Begin today: it takes\nseven minutes.")
    group.get_by_role("button", name="Preview").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send this message?")
    expect(page.locator(".bubble")).to_contain_text("Begin today: it takes seven minutes.")
    fits(page)
    page.get_by_role("button", name=f"Send to {left} learner").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("On its way")
    fits(page)
    page.reload()
    expect(page.locator(".tile", has_text="Waiting")).to_contain_text(str(left))


def test_the_way_in_on_a_phone(visit: Open, shared: House) -> None:
    ticket = secret()
    shared.do(lambda t: t.tickets.issue(ticket.hash, LinkTicket(TicketKind.DASHBOARD, EMMY, None, NOW + 900)))
    page = visit(f"/dashboard/enter/{ticket.text}", "phone", cookie=False)
    fits(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your classes")


def waits_for(page: Page, shown: Locator, text: str) -> None:
    """Moves the page's clock on until it shows this; its script waits for seconds between two tries."""
    for _ in range(50):
        page.clock.fast_forward(5000)
        if text in (shown.text_content() or ""):
            return
        page.wait_for_timeout(100)  # of real time, for the server's answer
    expect(shown).to_contain_text(text)


def test_the_live_page_comes_back_after_an_answer_that_is_no_stream(
    browser: Browser, server: str, shared: House
) -> None:
    """As a proxy gives it while the bot starts again: by itself a browser asks no more after that."""
    with closing(browser.new_context()) as context:
        context.add_cookies([{"name": COOKIE, "value": shared.cookies[EMMY], "url": server}])
        page = context.new_page()
        page.clock.install()
        page.route("**/live/events", lambda route: route.fulfill(status=502), times=1)
        page.route(
            "**/live",
            lambda route: route.fulfill(status=502) if route.request.method == "HEAD" else route.continue_(),
            times=2,
        )
        page.goto(server + base(shared) + "/live")
        expect(page.locator("#live-state")).to_have_text("not connected; trying again …")
        waits_for(page, page.locator("#live-state"), "live")


def test_the_live_page_says_so_when_its_visitor_is_signed_out(browser: Browser, server: str, shared: House) -> None:
    with closing(browser.new_context()) as context:
        context.add_cookies([{"name": COOKIE, "value": shared.cookies[EMMY], "url": server}])
        page = context.new_page()
        page.clock.install()
        page.route("**/live/events", lambda route: route.fulfill(status=401), times=1)
        page.goto(server + base(shared) + "/live")
        expect(page.locator("#live-state")).to_have_text("not connected; trying again …")
        context.clear_cookies()
        waits_for(page, page.get_by_role("heading", level=1), "You are not signed in")
