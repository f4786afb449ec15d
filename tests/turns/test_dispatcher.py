"""A turn is whole or not at all, every press is answered, and a failure is an apology with an id."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import SecretStr
from telegram import Bot, Update

from bot.app import build
from bot.domain.messages import Mode
from bot.ops.alerts import Alerts
from bot.ops.metrics import Metrics
from bot.runs import effects
from bot.runs.follower import Follower
from bot.settings import Settings
from bot.store import Store
from bot.telegram.incoming import Incoming, read
from bot.telegram.outbox import Outbox
from bot.telegram.rawupdate import RawUpdate, received
from bot.telegram.richtext import Text
from bot.telegram.screen import Screen
from bot.turns.dispatcher import Dispatcher
from bot.turns.routes import Routes
from bot.turns.turn import OfferMenu, Turn
from lessons.model import Course
from tests.support.desk import ADA, GRACE, IDENTITY, NOW, ROUTES
from tests.support.served import Served
from tests.support.told_runner import ToldRunner
from tests.support.waiting import eventually


@dataclass(frozen=True)
class Note:
    """An effect of a test."""

    text: str


class Fail:
    """An effect that fails."""


@dataclass
class House:
    """A dispatcher over a real store and the emulator. What a person does there is taken by a handler of the test."""

    store: Store
    served: Served
    bot: Bot
    course: Course
    alerts: Alerts = field(default_factory=Alerts)
    handler: Any = None
    done: list[str] = field(default_factory=list)
    """What effects noted."""
    _since: int = 0

    def __post_init__(self) -> None:
        metrics = Metrics()
        self.outbox = Outbox(self.bot, self.store, time.monotonic, metrics)
        self.runs = Follower(self.store, ToldRunner(), self.course, self.outbox, lambda: NOW)
        self.dispatcher = Dispatcher(
            bot=self.bot,
            store=self.store,
            routes=cast(Routes, self),
            new_turn=partial(Turn, course=self.course, runs=self.runs, routes=ROUTES, identity=IDENTITY),
            effects={Note: lambda note: self.done.append(note.text), Fail: lambda _: 1 / 0, OfferMenu: id},
            send=self.outbox.tell,
            alerts=self.alerts,
            metrics=metrics,
            clock=lambda: NOW,
        )

    def handler_of(self, came: Incoming) -> Any:
        return self.handler

    async def next_update(self, kind: str = "message") -> RawUpdate:
        """What a person did last, as the bot fetches and stores it."""
        news: list[dict[str, Any]] = []
        while not any(kind in update for update in news):
            news = (await self.served.call("getUpdates", offset=self._since, timeout=5))["result"]
            self._since = news[-1]["update_id"] + 1
        update = received(json.dumps(news[-1]))
        await self.store.transact(lambda t: t.inbox.add(update.id, update.lane, update.body, NOW))
        return update

    async def takes(self, update: RawUpdate, handler: Any) -> None:
        self.handler = handler
        await self.dispatcher.take(update)
        await self.outbox.drained()

    async def says(self, text: str, handler: Any, learner: int = ADA) -> None:
        await self.served.says(text, user=learner)
        await self.takes(await self.next_update(), handler)

    async def presses(self, button: str, handler: Any, learner: int = ADA, wait: float = 5) -> dict[str, Any]:
        """The press, and how it was answered."""
        shown = [m for m in await self.served.chat(learner) if "reply_markup" in m][-1]
        pressing = asyncio.ensure_future(
            self.served.act("press", user=learner, message_id=shown["message_id"], button=button, wait=wait)
        )
        await self.takes(await self.next_update("callback_query"), handler)
        return dict(await pressing)

    async def texts(self, chat: int = ADA) -> list[str]:
        return [m["text"] for m in await self.served.chat(chat) if m["from"]["is_bot"]]

    async def inbox(self) -> list[tuple[str, str | None]]:
        def rows(t: Any) -> list[tuple[str, str | None]]:
            return [(r["state"], r["error"]) for r in t.inbox._db.query("select * from inbox order by update_id")]

        return await self.store.read(rows)


@pytest.fixture
async def house(store: Store, course: Course, served: Served, bot: Bot) -> AsyncIterator[House]:
    made = House(store, served, bot, course)
    await made.outbox.start()
    yield made
    await made.outbox.aclose()


def say(*texts: str) -> Any:
    def handler(turn: Turn) -> None:
        for text in texts:
            turn.say(Screen(Text(text)))

    return handler


def failing(turn: Turn) -> None:
    """Writes, shows, arranges for more, and then fails."""
    turn.tables.reading.turn_to(turn.learner.id, "l", "s", 0, turn.now)
    turn.show(Screen(Text("half a screen")))
    turn.after(Note("an effect of a turn that was undone"))
    raise ZeroDivisionError("a mistake of ours")


async def a_keyboard(house: House, learner: int = ADA) -> None:
    """A message with one old and one made-up button stands in the chat."""
    rows = [[{"text": "Old", "callback_data": "0x:1"}], [{"text": "Quiz", "callback_data": "1a:999:0"}]]
    keyboard = {"inline_keyboard": rows}
    await house.served.call("sendMessage", chat_id=learner, text="choose", reply_markup=keyboard)


async def test_what_a_turn_writes_and_shows_is_committed_together(house: House) -> None:

    def handler(turn: Turn) -> None:
        turn.tables.reading.turn_to(turn.learner.id, "l", "s", 0, turn.now)
        turn.say(Screen(Text("shown")))
        turn.after(Note("effect"))

    await house.says("hello", handler)
    assert await house.texts() == ["shown"]
    assert house.done == ["effect"]
    assert (await house.inbox()) == [("done", None)]
    assert await house.store.read(lambda t: t.reading.current_lesson(ADA)) == "l"


async def test_a_failing_handler_leaves_nothing_but_an_apology_with_an_id(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.says("hello", failing)
    (apology,) = await house.texts()
    reference = re.search(r"\b[0-9a-f]{6}\b", apology)
    assert "Something went wrong" in apology
    assert reference
    assert await house.store.read(lambda t: t.learners.all()) == []
    assert await house.store.read(lambda t: t.reading.current_lesson(ADA)) is None
    ((state, error),) = await house.inbox()
    assert state == "dead"
    assert "a mistake of ours" in str(error)
    (record,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert reference[0] in record.getMessage()
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)
    assert "in failing" in caplog.text


async def test_an_effect_that_fails_takes_nothing_back(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """The turn is committed: it is shown, the press is answered, and the other effects come too."""

    def handler(turn: Turn) -> None:
        turn.say(Screen(Text("shown")))
        turn.toast("noted")
        turn.after(Fail())
        turn.after("something that nobody has heard of")
        turn.after(Note("the next effect"))

    await a_keyboard(house)
    answer = await house.presses("Quiz", handler)
    assert (answer["answered"], answer["text"]) == (True, "noted")
    assert (await house.texts())[1:] == ["shown"]
    assert house.done == ["the next effect"]
    assert (await house.inbox())[-1] == ("done", None)
    assert caplog.text.count("the effect ") == 2


async def test_an_update_has_an_end_even_if_its_apology_cannot_be_written(house: House) -> None:
    await house.served.says("hello")
    update = await house.next_update()

    def unwritable(*_: Any) -> None:
        raise OverflowError("a number too large for the database")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Alerts, "handler_failed", unwritable)
        await house.takes(update, failing)
    ((state, error),) = await house.inbox()
    assert state == "dead"
    assert "a mistake of ours" in str(error)


async def test_an_update_that_had_its_tries_is_a_dead_letter_with_an_apology(house: House) -> None:
    await house.served.says("hello")
    update = await house.next_update()
    await house.dispatcher.give_up(update)
    await house.outbox.drained()
    (apology,) = await house.texts()
    assert "Something went wrong" in apology
    ((state, error),) = await house.inbox()
    assert state == "dead"
    assert "never came to an end" in str(error)


def test_the_bot_knows_what_each_effect_does(tmp_path: Path) -> None:
    _, services = build(Settings(token=SecretStr("1:unused"), db=tmp_path / "tutor.db"), ToldRunner())
    services.store.close()
    of_runs = {value for value in vars(effects).values() if getattr(value, "__module__", "") == effects.__name__}
    assert len(of_runs) == 3
    assert set(services.dispatcher.effects) == of_runs | {OfferMenu}


async def test_the_next_turn_works_after_a_failure(house: House) -> None:
    await house.says("hello", failing)
    await house.says("again", say("fine"))
    assert (await house.texts())[-1] == "fine"


async def test_a_press_whose_handler_fails_is_answered(house: House) -> None:
    await a_keyboard(house)
    answer = await house.presses("Quiz", failing)
    assert (answer["answered"], answer["text"]) == (True, "Something went wrong.")


async def test_a_press_is_answered_even_with_nothing_to_say(house: House) -> None:
    await a_keyboard(house)
    answer = await house.presses("Quiz", lambda turn: None)
    assert (answer["answered"], answer["text"], answer["show_alert"]) == (True, "", False)


async def test_a_toast_is_cut_to_what_telegram_takes(house: House) -> None:
    await a_keyboard(house)
    answer = await house.presses("Quiz", lambda turn: turn.toast("😀" * 300, alert=True))
    assert answer["answered"]
    assert answer["show_alert"]
    assert answer["text"] in ("😀" * 200, "😀" * 100)  # Telegram says characters, and does not say which


async def test_an_old_button_is_told_to_be_old(house: House) -> None:
    await a_keyboard(house)
    answer = await house.presses("Old", ROUTES.press)
    assert (answer["answered"], answer["show_alert"]) == (True, True)
    assert "out of date" in answer["text"]


async def test_a_made_up_button_is_answered_and_changes_nothing(house: House) -> None:
    await a_keyboard(house, GRACE)
    answer = await house.presses("Quiz", ROUTES.press, GRACE)
    assert answer["answered"]
    assert "not yours" in answer["text"]
    assert await house.store.read(lambda t: t.outbox.chats()) == []


async def test_an_answer_that_comes_too_late_is_no_failure(house: House, caplog: pytest.LogCaptureFixture) -> None:
    await a_keyboard(house)
    await house.served.act("fault", kind="error", method="answerCallbackQuery", status=400)
    answer = await house.presses("Quiz", say("shown"), wait=0.3)
    assert not answer["answered"]
    assert (await house.texts())[-1] == "shown"
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


async def test_while_the_database_cannot_be_written_the_learner_is_told_once_and_nothing_is_lost(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.store.store.PAUSE", 0.02)
    db = house.store
    await house.served.says("hello")
    update = await house.next_update()
    await db.transact(lambda t: t.inbox._db.execute("alter table learners rename to elsewhere"))
    taking = asyncio.ensure_future(house.takes(update, say("at last")))
    await eventually(house.texts)
    await eventually(lambda: caplog.text.count("cannot be written") >= 4)
    (told,) = await house.texts()
    assert "not lost" in told
    await db.transact(lambda t: t.inbox._db.execute("alter table elsewhere rename to learners"))
    await taking
    assert (await house.texts())[1:] == ["at last"]


async def test_no_two_turns_meet(house: House) -> None:
    """Each turn reads and then writes; run at once, none loses what another has counted."""

    def count(turn: Turn) -> None:
        draft = turn.tables.runs.draft(ADA, "l", "e")
        turn.tables.runs.set_draft(ADA, "l", "e", {"n": int(draft.get("n", 0)) + 1})

    updates = [{"update_id": id, "message": message(text="hello")} for id in range(1, 101)]
    await asyncio.gather(*(house.takes(received(json.dumps(one)), count) for one in updates))
    assert await house.store.read(lambda t: t.runs.draft(ADA, "l", "e")) == {"n": 100}


async def test_a_learner_s_message_makes_the_panel_follow(house: House) -> None:
    def panel(turn: Turn) -> None:
        turn.show(Screen(Text(f"for {turn.incoming.text}")), "panel", Mode.FOLLOW)

    await house.says("one", panel)
    await house.says("two", panel)
    assert await house.texts() == ["for one", "for two"]


# What an update says


def incoming_of(**update: Any) -> Incoming | None:
    made = Update.de_json({"update_id": 7, **update}, None)
    assert made
    return read(made)


PERSON = {"id": ADA, "is_bot": False, "first_name": " Ada <b> ", "username": "ada", "language_code": "en"}
PRIVATE = {"id": ADA, "type": "private", "first_name": "Ada"}


def message(**more: Any) -> dict[str, Any]:
    return {"message_id": 3, "date": int(NOW), "chat": PRIVATE, "from": PERSON} | more


def test_a_message_is_read() -> None:
    came = incoming_of(message=message(text="/train digits epochs=3"))
    assert came == Incoming(7, ADA, True, ADA, "Ada <b>", "ada", "en", 3, text="/train digits epochs=3", sent_at=NOW)
    assert came.arguments == ["digits", "epochs=3"]


def test_code_in_a_message_is_found_behind_an_emoji() -> None:
    entities = [{"type": "pre", "offset": 3, "length": 8, "language": "python"}]
    came = incoming_of(message=message(text="😀 print(1)", entities=entities))
    assert came
    assert came.code
    assert came.code.source == "print(1)\n"


def test_a_press_and_a_block_are_read() -> None:
    query = {"id": "55", "from": PERSON, "chat_instance": "1", "data": "1l", "message": message(text="x")}
    pressed = incoming_of(callback_query=query)
    assert pressed
    assert (pressed.query, pressed.data, pressed.message, pressed.blocked) == ("55", "1l", 0, None)
    member = {"user": {"id": 1, "is_bot": True, "first_name": "Bot"}}
    change = {"chat": PRIVATE, "from": PERSON, "date": int(NOW), "old_chat_member": member | {"status": "member"}}
    blocked = incoming_of(my_chat_member=change | {"new_chat_member": member | {"status": "kicked", "until_date": 0}})
    assert blocked
    assert blocked.blocked is True


def test_a_person_without_a_visible_name_has_one() -> None:
    came = incoming_of(message=message(**{"from": PERSON | {"first_name": "  ", "username": None}}))
    assert came
    assert came.name == str(ADA)


def test_nobody_is_nobody() -> None:
    assert (
        incoming_of(channel_post=message(chat={"id": -7, "type": "channel", "title": "News"}) | {"from": None}) is None
    )
