"""Who sees what: every address asked for as everybody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.dashboard.sign_in import COOKIE, FAILURE_SECONDS, FAILURES, IDLE_SECONDS, LONGEST_SECONDS
from bot.dashboard.site import CLASS_FORMS, CLASS_PAGES, PAGES
from bot.domain.people import TicketKind
from bot.store import StoreUnavailable

from .premises import IRIS, NEMO, OTTO, TICKET_SECONDS, Premises, premises

FILLED = {r"{learner:\w+}": str(NEMO), r"{announcement:\w+}": "1", r"{name}": "gradebook.csv"}
"""What stands in an address where its row of the table has a parameter."""
OF_CLASS = [path for path, _ in CLASS_PAGES]
FORMS = [path for path, _ in CLASS_FORMS]
OF_ALL = [path for path, _ in PAGES]

WHO = {
    # who: (pages of the class, pages for every instructor, a form of the class)
    "nobody": (401, 401, 401),
    "a made-up session": (401, 401, 401),
    "a learner of the class": (401, 401, 401),
    "another instructor": (404, 200, 404),
    "a session that began too long ago": (401, 401, 401),
    "a session that nobody used for too long": (401, 401, 401),
    "an instructor who was dismissed": (401, 401, 401),
    "an instructor who signed out": (401, 401, 401),
    "its instructor, after the class has ended": (404, 200, 404),
}
"""The table of results: what each of them gets."""


def filled(path: str) -> str:
    for parameter, value in FILLED.items():
        path = re.sub(parameter, value, path)
    assert "{" not in path, f"say what stands for the parameters of {path}"
    return path


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[Premises]:
    async with premises(tmp_path) as made:
        yield made


async def visit_as(who: str, house: Premises) -> tuple[httpx.AsyncClient, str]:
    """A browser of that person, and the secret that its forms carry."""
    store = house.services.store
    if who == "nobody":
        return house.browser(), "x"
    if who == "a made-up session":
        browser = house.browser()
        browser.cookies.set(COOKIE, "x" * 43)
        return browser, "x"
    person = {"a learner of the class": NEMO, "another instructor": OTTO}.get(who, IRIS)
    if who == "an instructor who was dismissed":
        person = OTTO
        await store.transact(lambda t: t.cohorts.add_instructor(house.cohort.id, OTTO, house.now))
    browser, csrf = await house.signed_in(person)
    if who == "a session that began too long ago":
        for _ in range(int(LONGEST_SECONDS // 1800)):  # used all the time
            house.now += 1800
            await browser.get("/dashboard/")
        house.now += 1
    if who == "a session that nobody used for too long":
        house.now += IDLE_SECONDS + 1
    if who == "an instructor who was dismissed":
        assert (await browser.get(house.path)).status_code == 200
        await store.transact(lambda t: t.instructors.dismiss(OTTO, IRIS, house.now))
    if who == "an instructor who signed out":
        assert (await browser.post("/dashboard/leave", data={"csrf": csrf})).status_code == 303
        browser.cookies.set(COOKIE, browser.cookies.get(COOKIE) or "gone")
    if who == "its instructor, after the class has ended":
        await store.transact(lambda t: t.cohorts.end(house.cohort.id, house.now))
    return browser, csrf


@pytest.mark.parametrize("who", WHO)
async def test_who_has_no_business_with_a_class_learns_nothing_of_it(who: str, house: Premises) -> None:
    browser, csrf = await visit_as(who, house)
    of_class, of_all, of_forms = WHO[who]
    found = {path: (await browser.get(house.path + filled(path))) for path in OF_CLASS}
    assert {path: answer.status_code for path, answer in found.items()} == dict.fromkeys(OF_CLASS, of_class)
    assert not [path for path, answer in found.items() if "Kestrel" in answer.text or "Nemo" in answer.text]
    found = {path: (await browser.get("/dashboard" + filled(path))) for path in OF_ALL}
    assert {path: answer.status_code for path, answer in found.items()} == dict.fromkeys(OF_ALL, of_all)
    assert not [path for path, answer in found.items() if "Kestrel" in answer.text or "Nemo" in answer.text]
    for path in FORMS:
        answer = await browser.post(house.path + filled(path), data={"csrf": csrf, "body": "hi", "to": str(NEMO)})
        assert answer.status_code == of_forms, path
    assert await house.services.store.read(lambda t: t.announcements.get(1)) is None


@pytest.mark.parametrize("who", ["its instructor", "a co-instructor"])
@pytest.mark.parametrize("path", [path for path in OF_CLASS if path != "/live/events"])
async def test_who_teaches_the_class_sees_it(who: str, path: str, house: Premises) -> None:
    await house.services.store.transact(lambda t: t.cohorts.add_instructor(house.cohort.id, OTTO, house.now))
    browser, _ = await house.signed_in(IRIS if who == "its instructor" else OTTO)
    answer = await browser.get(house.path + filled(path))
    assert answer.status_code in ((200, 404) if "{announcement" in path else (200,)), answer.text


async def test_a_link_works_once(house: Premises) -> None:
    link = await house.link(IRIS)
    browser = house.browser()
    assert (await browser.get(link)).status_code == 200
    assert (await browser.get(link)).status_code == 200, "a preview burns nothing"
    assert not browser.cookies
    entered = await browser.post(link)
    assert (entered.status_code, entered.headers["location"]) == (303, "/dashboard/")
    assert (await browser.get(house.path)).status_code == 200
    again = house.browser("192.0.2.2")
    assert (await again.get(link)).status_code == 410
    assert (await again.post(link)).status_code == 410
    assert not again.cookies


WRONG = ["expired", "of a learner", "of a dismissed instructor", "for something else", "made up"]


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_link_that_is_no_good_lets_nobody_in(wrong: str, house: Premises) -> None:
    issuer = {"of a learner": NEMO, "of a dismissed instructor": OTTO}.get(wrong, IRIS)
    link = await house.link(issuer, TicketKind.INSTRUCTOR if wrong == "for something else" else TicketKind.DASHBOARD)
    if wrong == "expired":
        house.now += TICKET_SECONDS
    if wrong == "of a dismissed instructor":
        await house.services.store.transact(lambda t: t.instructors.dismiss(OTTO, IRIS, house.now))
    if wrong == "made up":
        link = "/dashboard/enter/" + "x" * 43
    browser = house.browser()
    for answer in (await browser.get(link), await browser.post(link)):
        assert answer.status_code == 410
        assert "/dashboard</code>" in answer.text, "it says how to get another"
        assert 'href="/dashboard/">Your classes' in answer.text, "and the way for who is signed in already"
    assert not browser.cookies


async def test_who_tries_links_at_random_has_to_wait_and_others_need_not(house: Premises) -> None:
    guesser, other = house.browser("198.51.100.7"), house.browser("198.51.100.8")
    for n in range(FAILURES):
        assert (await guesser.get(f"/dashboard/enter/{n}")).status_code == 410
    link = await house.link(IRIS)
    assert (await guesser.get(link)).status_code == 429
    assert (await guesser.post(link)).status_code == 429
    assert (await other.get(link)).status_code == 200
    house.now += FAILURE_SECONDS + 1
    assert (await guesser.post(await house.link(IRIS))).status_code == 303


async def test_the_cookie_is_for_the_browser_alone_and_for_this_site(house: Premises) -> None:
    cookie = (await house.browser().post(await house.link(IRIS))).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/dashboard" in cookie
    assert "secure" not in cookie


async def test_behind_https_the_cookie_is_secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with premises(tmp_path, web="https://tutor.test") as house:
        cookie = (await house.browser().post(await house.link(IRIS))).headers["set-cookie"].lower()
    assert "; secure" in cookie


@pytest.mark.parametrize("path", ["/dashboard/leave", *(f"{{class}}{path}" for path in FORMS)])
@pytest.mark.parametrize("forgery", ["no secret", "another session's secret", "another site"])
async def test_a_form_that_no_page_of_the_session_sent_does_nothing(path: str, forgery: str, house: Premises) -> None:
    browser, csrf = await house.signed_in(IRIS)
    _, others = await house.signed_in(IRIS)
    body = {"body": "hi", "to": str(NEMO)}
    body |= {"no secret": {}, "another session's secret": {"csrf": others}, "another site": {"csrf": csrf}}[forgery]
    headers = {"origin": "http://evil.test"} if forgery == "another site" else {}
    address = filled(path.replace("{class}", house.path))
    assert (await browser.post(address, data=body, headers=headers)).status_code == 403
    assert (await browser.get(house.path)).status_code == 200, "still signed in"
    assert await house.services.store.read(lambda t: t.announcements.get(1)) is None


async def test_another_site_cannot_sign_a_browser_in(house: Premises) -> None:
    browser = house.browser()
    answer = await browser.post(await house.link(IRIS), headers={"origin": "http://evil.test"})
    assert answer.status_code == 403
    assert not browser.cookies


async def test_signing_out_ends_the_session_and_not_only_the_cookie(house: Premises) -> None:
    browser, csrf = await house.signed_in(IRIS)
    kept = browser.cookies[COOKIE]
    await browser.post("/dashboard/leave", data={"csrf": csrf})
    thief = house.browser()
    thief.cookies.set(COOKIE, kept)
    assert (await thief.get(house.path)).status_code == 401


async def test_pages_can_be_read_while_nothing_can_be_written(house: Premises, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a full disk. That somebody looked is then not noted, and their session ends the sooner."""
    browser, _ = await house.signed_in(IRIS)
    house.now += IDLE_SECONDS / 2

    async def fail(_: object) -> None:
        raise StoreUnavailable("database or disk is full")

    monkeypatch.setattr(house.services.store, "transact", fail)
    assert (await browser.get(house.path)).status_code == 200
    house.now += IDLE_SECONDS / 2 + 1
    assert (await browser.get(house.path)).status_code == 401


async def test_every_answer_forbids_frames_foreign_sources_and_caches(house: Premises) -> None:
    browser, _ = await house.signed_in(IRIS)
    for method, path in (
        ("GET", "/dashboard/"),
        ("GET", house.path),
        ("GET", "/dashboard/nowhere"),
        ("GET", "/dashboard/enter/x"),
        ("GET", "/dashboard/static/dashboard.css"),
        ("GET", "/dashboard/static/nowhere.css"),
        ("PUT", house.path),
        ("DELETE", house.path + "/message"),
    ):
        headers = (await browser.request(method, path)).headers
        assert headers["content-security-policy"].startswith("default-src 'self'"), path
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


async def test_the_database_holds_no_secret_that_opens_anything(house: Premises) -> None:
    browser = house.browser()
    link = await house.link(IRIS)
    await browser.post(link)
    dump = "\n".join(await house.services.store.read(lambda t: list(t.learners._db.conn.iterdump())))
    assert link.rsplit("/", 1)[1] not in dump
    assert browser.cookies[COOKIE] not in dump


@pytest.mark.parametrize("end", ["dismissed", "signed out", "class over", "too long ago"])
async def test_the_stream_of_a_class_ends_with_the_right_to_see_it(end: str, house: Premises) -> None:
    await house.services.store.transact(lambda t: t.cohorts.add_instructor(house.cohort.id, OTTO, house.now))
    browser, csrf = await house.signed_in(OTTO)
    watch = house.stream(browser, house.path + "/live/events")
    assert "Where everybody is" in (await anext(watch))
    match end:
        case "dismissed":
            await house.services.store.transact(lambda t: t.instructors.dismiss(OTTO, IRIS, house.now))
        case "signed out":
            await browser.post("/dashboard/leave", data={"csrf": csrf})
        case "class over":
            await house.services.store.transact(lambda t: t.cohorts.end(house.cohort.id, house.now))
        case _:
            house.now += LONGEST_SECONDS + 1
    assert await anext(watch) == "event: end\ndata: \n\n"
    with pytest.raises(StopAsyncIteration):
        await anext(watch)
