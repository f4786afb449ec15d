"""From the ticked learners to the outbox: a draft, a preview, sent once."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from bot.domain.classes import Announcement
from bot.store.news import NewsKind

from .conftest import EMMY, NOW, OTHER, House
from .reading import Page

IDS = [6001, 6002, 6003]


@pytest.fixture
def base(house: House) -> str:
    """A class of three, one of whom blocked the bot."""
    cohort = house.new_class(EMMY, "Small", ("Ada", "Grace", "Alan"))
    house.do(lambda tables: tables.learners.unreachable(6003))
    return f"/dashboard/classes/{cohort.id}"


def outgoing(house: House) -> list[tuple[int, str]]:
    def take(tables: Any) -> list[tuple[int, str]]:
        return [(chat, message.text) for chat in tables.outbox.chats() if (message := tables.outbox.next(chat))]

    found: list[tuple[int, str]] = house.do(take)
    return found


async def post(
    client: httpx.AsyncClient, house: House, path: str, instructor: int = EMMY, **fields: Any
) -> httpx.Response:
    return await client.post(path, data={"csrf": house.csrf[instructor], **fields})


async def test_a_message_is_written_previewed_and_sent(house: House, base: str) -> None:
    told: set[int] = set()
    house.services.store.listen(NewsKind.MAIL, lambda news: told.update(news.chats))
    async with house.client() as client:
        answer = await post(client, house, f"{base}/message", to=IDS, body="Hello <b>all</b>\r\n\r\nof you")
        assert answer.status_code == 303
        preview = Page((await client.get(answer.headers["location"])).text)
        assert preview.troubles == []
        assert "Hello <b>all</b>\n\nof you" in preview.text
        assert "Send to 2 learners" in preview.words
        assert "blocked the bot" in preview.words
        assert outgoing(house) == []
        action = preview.form("/send")
        sent = await post(client, house, str(action.attributes["action"]))
        assert sent.status_code == 303
        spread = Page((await client.get(sent.headers["location"])).text)
    assert spread.troubles == []
    assert "Waiting 2" in spread.words
    assert "Not reached 1" in spread.words
    assert "Alan" in spread.words
    messages = outgoing(house)
    assert sorted(chat for chat, _ in messages) == [EMMY, 6001, 6002]
    assert all("Hello <b>all</b>\n\nof you" in text for chat, text in messages if chat != EMMY)
    learners = [text for chat, text in messages if chat != EMMY]
    assert all(" ".join(text.split()) in preview.words for text in learners), "the preview shows what they got"
    assert told == {EMMY, 6001, 6002}, "who delivers hears of them by itself"


async def test_it_is_sent_once(house: House, base: str) -> None:
    async with house.client() as client:
        draft = (await post(client, house, f"{base}/message", to=IDS, body="Hello")).headers["location"]
        answers = await asyncio.gather(*(post(client, house, f"{draft}/send") for _ in range(4)))
        assert {answer.headers["location"] for answer in answers} == {draft}
        gone = await post(client, house, f"{draft}/drop")
    assert gone.headers["location"] == draft, "what was sent cannot be dropped"
    count = house.do(lambda tables: tables.outbox.count())
    assert count == 3


async def test_only_learners_of_the_class_can_be_recipients(house: House, base: str) -> None:
    others = [member.id for member in house.do(lambda t: t.cohorts.members(house.cohort.id))]
    forged = [6001, *others[:3], EMMY, 0, -1, "x", "9" * 5000, "６００２", "6002 or 1=1"]
    async with house.client() as client:
        draft = (await post(client, house, f"{base}/message", to=forged, body="Hello")).headers["location"]
        await post(client, house, f"{draft}/send")
    messages = outgoing(house)
    assert sorted(chat for chat, _ in messages) == [EMMY, 6001]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"to": IDS, "body": " \n "}, "There is no text yet"),
        ({"to": IDS}, "There is no text yet"),
        ({"to": [1], "body": "Hello you"}, "Nobody is chosen"),
        ({"body": "Hello you"}, "Nobody is chosen"),
        ({"to": IDS, "body": "x" * 3001}, "3,001 characters; at most 3,000"),
        ({"to": IDS, "body": "😀" * 1501}, "3,002 characters"),
    ],
)
async def test_what_cannot_be_sent_is_not_lost(house: House, base: str, fields: dict[str, Any], said: str) -> None:
    async with house.client() as client:
        answer = await post(client, house, f"{base}/message", **fields)
    assert answer.status_code == 400
    page = Page(answer.text)
    assert page.troubles == []
    assert said in page.words
    assert fields.get("body", "").strip() in page.text


async def test_as_long_as_a_message_may_be(house: House, base: str) -> None:
    async with house.client() as client:
        answer = await post(client, house, f"{base}/message", to=IDS, body="\r\n" + "x\r\n" * 1499 + "xx")
    assert answer.status_code == 303


async def test_a_draft_to_people_who_have_all_left_names_nobody(house: House, base: str) -> None:
    async with house.client() as client:
        draft = (await post(client, house, f"{base}/message", to=[6001], body="Hello")).headers["location"]
        house.do(lambda t: t.cohorts.leave(int(base.rpartition("/")[2]), 6001))
        page = Page((await client.get(draft)).text)
    assert "Ada" not in page.words
    assert "They have all left the class." in page.words
    assert not [form for form in page.forms if (form.attributes.get("action") or "").endswith("/send")]


async def test_a_draft_can_be_dropped(house: House, base: str) -> None:
    async with house.client() as client:
        draft = (await post(client, house, f"{base}/message", to=IDS, body="Hello")).headers["location"]
        answer = await post(client, house, f"{draft}/drop")
        assert answer.headers["location"] == f"{base}/attention"
        assert (await client.get(draft)).status_code == 404
        assert (await post(client, house, f"{draft}/send")).status_code == 404
    assert outgoing(house) == []


async def test_an_announcement_of_another_class_does_not_exist(house: House, base: str) -> None:
    def write(tables: Any) -> Announcement:
        made: Announcement = tables.announcements.draft(house.cohort.id, EMMY, "Hello", [6001], NOW)
        return made

    foreign = (house.do(write)).id
    async with house.client() as client:
        assert (await client.get(f"{base}/messages/{foreign}")).status_code == 404
        for what in ("send", "drop"):
            assert (await post(client, house, f"{base}/messages/{foreign}/{what}")).status_code == 404
        assert (await client.get(f"{house.base}/messages/{foreign}")).status_code == 200, "it is still a draft"
    async with house.client(OTHER) as client:
        assert (await client.get(f"{house.base}/messages/{foreign}")).status_code == 404
        assert (await post(client, house, f"{house.base}/messages/{foreign}/send", OTHER)).status_code == 404
    assert outgoing(house) == []


async def test_who_left_is_not_written_to(house: House, base: str) -> None:
    async with house.client() as client:
        draft = (await post(client, house, f"{base}/message", to=IDS, body="Hello")).headers["location"]
        cohort = int(base.rpartition("/")[2])
        house.do(lambda tables: tables.cohorts.leave(cohort, 6001))
        assert "Ada" not in (await client.get(draft)).text
        await post(client, house, f"{draft}/send")
    assert sorted(chat for chat, _ in outgoing(house)) == [EMMY, 6002]


async def test_hostile_text_stays_text(house: House, base: str) -> None:
    body = "</textarea><script>alert(1)</script>\x00\x1b{{ 7*7 }}"
    async with house.client() as client:
        draft = (await post(client, house, f"{base}/message", to=IDS, body=body)).headers["location"]
        page = (await client.get(draft)).text
        again = (await post(client, house, f"{base}/message", to=IDS, body=body + "x" * 3000)).text
    for text in (page, again):
        assert "<script" not in text
        assert "{{ 7*7 }}" in text
        assert "\x00" not in text
        assert Page(text).troubles == []
