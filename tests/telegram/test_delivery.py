"""Whatever goes wrong on the way to a chat, a message ends: it is delivered, maybe plainer; or a sentence with an id
stands in its place, and the operator's alert has it too; or the chat is gone. Time does not pass by itself here."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.learning import SectionEnd
from bot.domain.messages import Attachment, Mode, Outgoing
from bot.domain.people import Learner
from bot.emulator import entities
from bot.emulator.faults import Fault
from bot.ops.alerts import QUIET_SECONDS, Alerts
from bot.ops.watch import Watch
from bot.store import Tables
from bot.telegram.outbox import Outbox
from bot.telegram.plainer import NO_ATTACHMENT
from bot.telegram.screen import Screen
from bot.telegram.sender import SEND_SECONDS
from lessons.loader import load
from lessons.model import Course
from tests.features import test_class_screens, test_screens
from tests.support.desk import ADA, GRACE, NOW, SMALL_COURSE
from tests.support.fake_time import FakeTimeLoop, Messenger, ThreadedStore, store_in
from tests.support.pictures import png

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # PTB warns of its own type

OPERATOR = 9001
SENTENCE = re.compile(
    r"I have something for you that Telegram does not let me show\. I have made a note of it \((\w+)\)\."
)
AGES = 10_000.0
"""Seconds in which every delivery comes to its end, however long Telegram makes it wait."""


@dataclass
class Office:
    """Outbox, store and messenger in one loop with fake time."""

    store: ThreadedStore
    messenger: Messenger = field(default_factory=lambda: Messenger(flood=False))

    def __post_init__(self) -> None:
        time = asyncio.get_running_loop().time
        alerts, watch = Alerts(OPERATOR), Watch(time)
        self.watch, self.bot = watch, self.messenger.bot()
        self.outbox = Outbox(self.bot, self.store, time, watch=watch, alerts=alerts, clock=self.messenger.now)

    async def meet(self, *chats: int) -> None:
        self.messenger.meets(*chats)
        await self.store.transact(lambda t: [t.learners.meet(chat, "Somebody", None, None, NOW) for chat in chats])

    async def sends(self, *messages: Outgoing) -> None:
        await self.store.transact(lambda t: [t.outbox.add(message, NOW) for message in messages])
        async with asyncio.timeout(AGES):
            await self.outbox.drained()

    async def learner(self, chat: int) -> Learner:
        known = await self.store.read(lambda t: t.learners.get(chat))
        assert known
        return known

    def alerts(self) -> str:
        return "\n\n".join(self.messenger.texts(OPERATOR))


@dataclass
class Here:
    runner: asyncio.Runner
    office: Office
    chats: Iterator[int]

    def run(self, story: Awaitable[Any]) -> None:
        async def told() -> None:
            await story

        self.runner.run(told())


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """An office for many stories, each in a chat of its own."""

    async def opened() -> Office:
        made = Office(store_in(tmp_path_factory.mktemp("delivery")))
        await made.bot.initialize()
        await made.outbox.start()
        await made.meet(OPERATOR, ADA, GRACE)
        return made

    with asyncio.Runner(loop_factory=FakeTimeLoop) as runner:
        office = runner.run(opened())
        yield Here(runner, office, iter(range(10_001, 10**6)))
        runner.run(office.outbox.aclose())
        office.store.close()


# Any screen, any refusals

WORDS = (
    "Bad Request: PHOTO_INVALID_DIMENSIONS", "Bad Request: IMAGE_PROCESS_FAILED", "Bad Request: wrong file identifier",
    "Bad Request: can't parse entities: Can't find end of the entity", "Bad Request: MESSAGE_TOO_LONG",
    "Bad Request: Entity URL 'http://x' is invalid: Wrong HTTP URL", "Bad Request: reply markup is too long",
    "Bad Request: can't parse MessageEntity: Unsupported type specified", "Bad Request: BUTTON_DATA_INVALID",
    "Bad Request: Text buttons are unallowed in the inline keyboard", "Bad Request: message caption is too long",
    "Bad Request: message thread not found", "Bad Request: TOPIC_CLOSED", "Bad Request: message to edit not found",
    "Bad Request: message can't be edited", "Bad Request: something that Telegram says next year",
)  # fmt: skip
GONE = (
    (400, "Bad Request: chat not found"), (400, "Bad Request: PEER_ID_INVALID"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN"), (403, "Forbidden: bot was blocked by the user"),
    (403, "Forbidden: user is deactivated"),
)  # fmt: skip
refusals = st.one_of(
    st.sampled_from(WORDS).map(lambda words: Fault("error", status=400, description=words)),
    st.sampled_from(GONE).map(lambda gone: Fault("error", status=gone[0], description=gone[1])),
    st.integers(1, 300).map(lambda seconds: Fault("flood", retry_after=seconds)),
    st.sampled_from([500, 502, 503, 504]).map(lambda status: Fault("error", status=status)),
    st.just(Fault("error", status=413, description="Request Entity Too Large")),
    st.sampled_from([200, 400, 403, 404, 413, 429, 502]).map(lambda status: Fault("page", status=status)),
    st.booleans().map(lambda answer_only: Fault("drop", answer_only=answer_only)),
    st.booleans().map(lambda answer_only: Fault("delay", seconds=30, answer_only=answer_only)),
)


def every_screen() -> list[Screen]:
    courses: tuple[Course, ...] = (load(), load(SMALL_COURSE))
    made = [s for course in courses for every in (test_screens, test_class_screens) for s in every.every_screen(course)]
    return list({repr(screen): screen for screen in made}.values())


SCREENS = every_screen()


@given(
    st.sampled_from(SCREENS),
    st.sampled_from(list(Mode)),
    st.booleans(),
    st.lists(refusals, max_size=14),
)
@settings(max_examples=200)
def test_any_message_comes_to_a_good_end_whatever_telegram_says(
    here: Here, screen: Screen, mode: Mode, stands: bool, trouble: list[Fault]
) -> None:
    """`stands`: a message under its key is in the chat already."""
    office, chat = here.office, next(here.chats)
    faults, message = office.messenger.emulator.world.faults, screen.outgoing(chat, "panel", mode)

    async def story() -> None:
        await office.meet(chat)
        if stands:
            await office.sends(Outgoing(chat, "before", key="panel"))
        await asyncio.sleep(QUIET_SECONDS + 1)
        told = len(office.messenger.texts(OPERATOR))
        for fault in trouble:
            faults.plan(fault_to(chat, fault))
        await office.sends(message)
        faults.clear()
        assert await office.store.read(lambda t: t.outbox.chats()) == []
        assert not office.watch.ill, "no lane ended"

        shown = office.messenger.texts(chat)
        alert = "".join(office.messenger.texts(OPERATOR)[told:])
        words = {as_shown(text) for text in (message.text, f"{message.text}\n\n{NO_ATTACHMENT}")}
        sentences = [found[1] for text in shown if (found := SENTENCE.fullmatch(text))]
        if not (await office.learner(chat)).reachable:
            assert any((fault.status, fault.description) in GONE for fault in trouble)
        elif sentences:
            assert sentences[-1] in alert
        elif not words & set(shown):  # Telegram took not even the sentence
            assert "could not be sent" in alert
            assert sum(fault.status in (400, 413) for fault in trouble) >= 2

    here.run(story())


def as_shown(text: str) -> str:
    """Telegram takes some characters away."""
    return entities.accept(text, []).text


def fault_to(chat: int, fault: Fault) -> Fault:
    return Fault(**{**vars(fault), "chat": chat})


@pytest.mark.parametrize("status", [200, 400, 403, 404, 413, 429, 502])
def test_a_proxys_page_is_no_word_of_telegrams(here: Here, status: int) -> None:
    """Whatever its status says: nobody becomes unreachable by it, and no message plainer."""
    office, chat = here.office, next(here.chats)

    async def story() -> None:
        await office.meet(chat)
        office.messenger.emulator.world.faults.plan(Fault("page", chat=chat, status=status, count=5))
        bold = ({"type": "bold", "offset": 0, "length": 3},)
        await office.sends(Outgoing(chat, "one", bold))
        (shown,) = office.messenger.emulator.world.state.chat(chat).messages.values()
        assert (shown["text"], shown["entities"]) == ("one", [bold[0]])
        assert (await office.learner(chat)).reachable

    here.run(story())


@pytest.mark.parametrize("method", ["editMessageMedia", "editMessageText", "sendPhoto", "sendDocument", "sendMessage"])
def test_r1_what_takes_long_to_arrive_is_sent_once(here: Here, method: str) -> None:
    """Telegram answers when it has the whole picture: an edit is listened for as long as a send."""
    office, chat = here.office, next(here.chats)

    async def story() -> None:
        await office.meet(chat)
        if method.startswith("edit"):
            await office.sends(Outgoing(chat, "training", key="run:1"))
        before = office.messenger.emulator.world.calls.since(0)[-1]["number"]
        fault = Fault("delay", method, chat, seconds=SEND_SECONDS - 1, answer_only=True)
        office.messenger.emulator.world.faults.plan(fault)
        plain = method.endswith(("Text", "Message"))
        attachment = None if plain else Attachment("a.png", png(), picture=method != "sendDocument")
        await office.sends(Outgoing(chat, "done", attachment=attachment, key="run:1", mode=Mode.KEEP))
        assert [call["method"] for call in office.messenger.emulator.world.calls.since(before)] == [method]
        assert office.messenger.texts(chat) == ["done"]

    here.run(story())


# Mistakes of the bot's own


class Mistake(Exception):
    """Nobody expected it."""


@pytest.mark.parametrize("part", ["_next", "_insist", "_deliver_frame", "_perform"])
def test_a_lane_that_ends_by_a_mistake_begins_again(here: Here, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    office, chat, other = here.office, next(here.chats), next(here.chats)

    async def story() -> None:
        await office.meet(chat, other)
        await asyncio.sleep(QUIET_SECONDS + 1)
        told, began = len(office.messenger.texts(OPERATOR)), office.messenger.now()
        whole, met = getattr(office.outbox, part), list[str]()

        def broken_once(*args: Any) -> Any:
            task = asyncio.current_task()
            if task and task.get_name() == f"outbox {chat}" and not met:
                met.append(part)
                raise Mistake
            return whole(*args)

        monkeypatch.setattr(office.outbox, part, broken_once)
        await office.sends(Outgoing(chat, "one"), Outgoing(chat, "two"), Outgoing(other, "theirs"))
        assert met == [part]
        assert office.messenger.texts(chat) == ["one", "two"]
        calls = office.messenger.emulator.world.calls.since(0)
        theirs = next(call["time"] for call in calls if "theirs" in str(call["parameters"]))
        assert theirs - began < 1, "other chats are not held up"
        assert "Delivering a message failed" in "".join(office.messenger.texts(OPERATOR)[told:])
        assert "outbox" in office.watch.ill

    here.run(story())


def test_a_row_that_cannot_be_read_gives_way_to_a_sentence(here: Here) -> None:
    """As an older or a newer version of the bot may have left it. What stood before it is not delivered twice."""
    office, chat = here.office, next(here.chats)

    def spoilt(tables: Tables) -> None:
        for text in ("one", "spoilt", "three"):
            tables.outbox.add(Outgoing(chat, text, key=text), NOW)
        tables.outbox._db.execute("update outbox set body = '{}' where at = 'spoilt'")

    async def story() -> None:
        await office.meet(chat)
        await asyncio.sleep(QUIET_SECONDS + 1)
        told = len(office.messenger.texts(OPERATOR))
        await office.store.transact(spoilt)
        async with asyncio.timeout(AGES):
            await office.outbox.drained()
        one, three, sentence = office.messenger.texts(chat)
        assert (one, three) == ("one", "three")
        found = SENTENCE.fullmatch(sentence)
        assert found
        assert found[1] in "".join(office.messenger.texts(OPERATOR)[told:])
        post = await office.store.read(lambda t: t.posts.get(chat, "one"))
        assert post, "what became of the first is noted"

    here.run(story())


def test_what_was_delivered_is_not_delivered_once_more_when_that_cannot_be_noted(here: Here) -> None:
    """A section read by somebody the store does not know: a foreign key breaks."""
    office, stranger = here.office, next(here.chats)

    async def story() -> None:
        office.messenger.meets(stranger)
        await asyncio.sleep(QUIET_SECONDS + 1)
        told = len(office.messenger.texts(OPERATOR))
        page = Outgoing(stranger, "the last page", key="panel")

        def shown(tables: Tables) -> None:
            tables.outbox.add(page, NOW, SectionEnd("first", "intro"))
            tables.outbox.add(Outgoing(stranger, "two"), NOW)

        await office.store.transact(shown)
        async with asyncio.timeout(AGES):
            await office.outbox.drained()
        assert office.messenger.texts(stranger) == ["the last page", "two"]
        assert "Delivering a message failed" in "".join(office.messenger.texts(OPERATOR)[told:])

    here.run(story())


def test_a_store_that_is_away_is_waited_for_without_an_alert(here: Here, tmp_path: Path) -> None:
    office, chat = here.office, next(here.chats)

    async def story() -> None:
        await office.meet(chat)
        await asyncio.sleep(QUIET_SECONDS + 1)
        told = len(office.messenger.texts(OPERATOR))
        await office.store.transact(lambda t: t.outbox._db.execute("alter table posts rename to elsewhere"))
        await office.store.transact(lambda t: t.outbox.add(Outgoing(chat, "one"), NOW))
        await asyncio.sleep(60)
        assert office.messenger.texts(chat) == []
        await office.store.transact(lambda t: t.outbox._db.execute("alter table elsewhere rename to posts"))
        await office.outbox.drained()
        assert office.messenger.texts(chat) == ["one"]
        assert office.messenger.texts(OPERATOR)[told:] == []

    here.run(story())
