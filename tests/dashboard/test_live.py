"""The live page follows the class."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.dashboard.streams import LOOK_SECONDS, Streams, event
from bot.domain.rounds import Delivery, RoundKind
from bot.store import StoreUnavailable, Tables

from .premises import IRIS, NEMO, Premises, premises

OUTSIDER = 504


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[Premises]:
    async with premises(tmp_path) as made:
        yield made


async def asked(house: Premises, learner: int, place: int = 0) -> Delivery:
    """The learner has this question of the first lesson before them."""
    lesson = house.services.course.lessons[0]

    def ask(tables: Tables) -> Delivery:
        if tables.learners.get(learner) is None:
            tables.learners.meet(learner, "Somebody", None, None, house.now)
        quiz = tables.rounds.start(learner, RoundKind.QUIZ, lesson.id, house.now)
        return tables.rounds.deliver(quiz, lesson.questions[place].id, house.now)

    return await house.services.store.transact(ask)


async def answered(house: Premises, delivery: Delivery, choice: int) -> None:
    question = house.services.course.lessons[0].question(delivery.question)
    assert question is not None
    chosen = question.choices[choice]
    await house.services.store.transact(
        lambda t: t.rounds.answer(delivery, (chosen.id,), chosen.correct, house.now + 1)
    )


async def test_the_page_shows_an_answer_at_the_next_look(house: Premises) -> None:
    browser, _ = await house.signed_in(IRIS)
    stream = house.stream(browser, house.path + "/live/events")
    assert "No question is open" in await anext(stream)
    delivery = await asked(house, NEMO)
    assert "<strong>1</strong> thinking" in await anext(stream)
    await answered(house, delivery, 1)
    assert "<strong>1</strong> answered" in await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]


async def test_what_others_do_is_no_news(house: Premises, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dashboard.streams.LOOK_SECONDS", 0.01)
    monkeypatch.setattr("bot.dashboard.streams.BEAT_SECONDS", 0.02)
    browser, _ = await house.signed_in(IRIS)
    stream = house.stream(browser, house.path + "/live/events")
    before = await anext(stream)
    await asked(house, OUTSIDER)
    assert [await anext(stream) for _ in range(3)] == [":\n\n"] * 3, "it has looked several times, and beats"
    assert "of 1</small>" in before, "nor does a class count who is not in it"
    await stream.aclose()  # type: ignore[attr-defined]


def test_the_page_looks_once_a_second() -> None:
    assert LOOK_SECONDS <= 1


async def test_names_and_right_answers_show_only_when_they_are_switched_on(house: Premises) -> None:
    browser, _ = await house.signed_in(IRIS)
    await asked(house, NEMO)
    plain = (await browser.get(house.path + "/live")).text
    assert "Nemo" not in plain
    assert "<em>right</em>" not in plain
    shown = (await browser.get(house.path + "/live?names=1&answers=1")).text
    assert "Nemo" in shown
    assert shown.count("<em>right</em>") == 1


async def test_a_question_can_be_picked(house: Premises) -> None:
    browser, _ = await house.signed_in(IRIS)
    await asked(house, NEMO, 0)
    third = house.services.course.lessons[0].questions[2]
    page = (await browser.get(f"{house.path}/live?question={third.id}")).text
    assert f'<option value="{third.id}" selected>' in page
    assert "<span>Question 3</span>" in page


async def test_a_name_on_the_stream_is_text_and_nothing_else(house: Premises) -> None:
    await house.services.store.transact(
        lambda t: t.learners.meet(NEMO, "<img src=x onerror=alert(1)>\n\nevent: end", None, None, house.now)
    )
    await asked(house, NEMO)
    browser, _ = await house.signed_in(IRIS)
    news = await anext(house.stream(browser, house.path + "/live/events?names=1"))
    assert "&lt;img src=x" in news
    assert "<img" not in news
    assert news.startswith("event: message\n")
    assert all(line.startswith("data: ") for line in news.strip().splitlines()[1:])


def test_an_event_has_each_line_as_data() -> None:
    assert event("a\nb") == "event: message\ndata: a\ndata: b\n\n"
    assert event("", "end") == "event: end\ndata: \n\n"


async def test_a_quiet_stream_beats_so_that_nobody_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dashboard.streams.LOOK_SECONDS", 0.01)
    monkeypatch.setattr("bot.dashboard.streams.BEAT_SECONDS", 0.05)
    streams = Streams()
    pieces = streams._events(lambda: asyncio.sleep(0, "the same"))
    assert [await anext(pieces) for _ in range(3)] == [event("the same"), ":\n\n", ":\n\n"]
    await streams.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(pieces)


async def test_there_is_a_limit_to_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dashboard.streams.MOST", 1)
    streams = Streams()
    pieces = streams._events(lambda: asyncio.sleep(0, "x"))
    await anext(pieces)
    assert streams.stream(lambda: asyncio.sleep(0, "x")).status_code == 503
    await pieces.aclose()  # type: ignore[attr-defined]
    assert streams.stream(lambda: asyncio.sleep(0, "x")).status_code == 200


async def test_the_lesson_that_is_chosen_shows_and_the_days_are_not_lost(house: Premises) -> None:
    browser, _ = await house.signed_in(IRIS)
    lesson = house.services.course.lessons[0].id
    page = (await browser.get(f"{house.path}/live?lesson={lesson}&days=7")).text
    assert f'<option value="{lesson}" selected>' in page
    assert '<input type="hidden" name="days" value="7">' in page


async def test_a_name_that_shows_nothing_or_turns_the_line_round_stays_apart(house: Premises) -> None:
    await house.services.store.transact(lambda t: t.learners.meet(NEMO, "\u202e", None, None, house.now))
    await asked(house, NEMO)
    browser, _ = await house.signed_in(IRIS)
    assert f"<bdi>{NEMO}</bdi>" in (await browser.get(house.path + "/live?names=1")).text


async def test_a_stream_ends_when_the_database_does_not_answer(
    house: Premises, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The browser comes back by itself."""
    browser, _ = await house.signed_in(IRIS)
    stream = house.stream(browser, house.path + "/live/events")
    await anext(stream)

    async def fail(_: object) -> None:
        raise StoreUnavailable("disk I/O error")

    monkeypatch.setattr(house.services.store, "read", fail)
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
    assert "disk I/O error" in caplog.text
