"""The outbox against the emulator: what stands in the chat in the end, and in which order it came there."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram import Bot
from telegram.error import TelegramError

from bot.domain.learning import SectionEnd
from bot.domain.messages import Attachment, Key, Mode, Outgoing, Post
from bot.ops.alerts import Alerts
from bot.store import Store
from bot.store.store import READERS
from bot.telegram.outbox import Outbox
from tests.support.desk import ADA, GRACE, NOW
from tests.support.pictures import png
from tests.support.served import Served
from tests.support.waiting import eventually

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # PTB warns of its own type

A, B = ((Key("A", data="1l"),),), ((Key("B", data="1p"),),)
PICTURE = Attachment("run.png", png(), picture=True)


def bold(offset: int, length: int) -> dict[str, object]:
    return {"type": "bold", "offset": offset, "length": length}


def link(offset: int, length: int, url: str) -> dict[str, object]:
    return {"type": "text_link", "offset": offset, "length": length, "url": url}


@dataclass
class Office:
    """Outbox, store and emulator; `now` is the outbox's own time."""

    store: Store
    served: Served
    bot: Bot
    now: float = 1000.0
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.bot, self.store, lambda: self.now)

    async def has_operator(self, chat: int) -> None:
        await self.outbox.aclose()
        self.outbox = Outbox(self.bot, self.store, lambda: self.now, alerts=Alerts(chat), clock=lambda: NOW)
        await self.outbox.start()

    async def put(self, *messages: Outgoing) -> None:
        """As a turn does."""
        await self.store.transact(lambda t: [t.outbox.add(message, NOW) for message in messages])

    async def sends(self, *messages: Outgoing) -> None:
        await self.put(*messages)
        await self.outbox.drained()

    async def texts(self, chat: int = ADA) -> list[str]:
        """What the bot has written, as it stands."""
        return [message.get("text", message.get("caption")) for message in await self.own(chat)]

    async def own(self, chat: int = ADA) -> list[dict[str, Any]]:
        return [message for message in await self.served.chat(chat) if message["from"]["is_bot"]]

    async def learner_says(self, text: str, learner: int = ADA) -> None:
        """A message that the bot has seen, as a turn notes it."""
        message = await self.served.says(text, user=learner)
        await self.store.transact(lambda t: t.posts.saw(learner, message["message_id"]))

    async def calls(self, method: str, chat: int = ADA) -> list[dict[str, Any]]:
        found = [call for call in await self.served.calls() if call["method"] == method]
        return [call for call in found if str(call["parameters"].get("chat_id")) == str(chat)]

    async def waiting(self) -> list[int]:
        return await self.store.read(lambda t: t.outbox.chats())


@pytest.fixture
async def office(store: Store, served: Served, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setattr("bot.telegram.patience.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("bot.store.store.PAUSE", 0.01)
    made = Office(store, served, bot)
    await made.outbox.start()
    await store.transact(lambda t: [t.learners.meet(id, "Somebody", None, None, NOW) for id in (ADA, GRACE)])
    yield made
    await made.outbox.aclose()


def panel(text: str, keyboard: Any = (), mode: Mode = Mode.FOLLOW, **more: Any) -> Outgoing:
    return Outgoing(ADA, text, keyboard=keyboard, key="panel", mode=mode, **more)


def labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


# How a message meets the chat


async def test_messages_come_in_order_with_their_formatting_and_buttons(office: Office) -> None:
    bold = ({"type": "bold", "offset": 0, "length": 5},)
    pre = ({"type": "pre", "offset": 3, "length": 1, "language": "python"},)
    await office.sends(
        Outgoing(ADA, "first <b>", bold, A), Outgoing(ADA, "😀 x", pre, ((Key("Copy", copy="x"), Key("Go", url="https://keras.io")),))
    )  # fmt: skip
    first, second = await office.own()
    assert (first["text"], first["entities"], labels(first)) == ("first <b>", [dict(bold[0])], ["A"])
    assert (second["text"], second["entities"], labels(second)) == ("😀 x", [dict(pre[0])], ["Copy", "Go"])
    assert await office.waiting() == []


async def test_a_picture_and_a_file_go_out(office: Office) -> None:
    code = Attachment("run.py", b"print(1)", picture=False)
    await office.sends(Outgoing(ADA, "look", attachment=PICTURE), Outgoing(ADA, "code", attachment=code))
    shown, sent = await office.own()
    assert (shown["photo"][-1]["width"], shown["caption"]) == (40, "look")
    assert (sent["document"]["file_name"], sent["caption"]) == ("run.py", "code")


async def test_new_never_touches_what_stands(office: Office) -> None:
    await office.sends(panel("one", A), panel("two", B, Mode.NEW))
    assert await office.texts() == ["one", "two"]


async def test_follow_edits_the_last_message_of_the_chat(office: Office) -> None:
    await office.sends(panel("one", A), panel("two", B))
    (shown,) = await office.own()
    assert (shown["text"], labels(shown)) == ("two", ["B"])
    assert "edit_date" in shown


async def test_follow_sends_anew_below_the_learner_s_message_and_takes_the_old_buttons(office: Office) -> None:
    await office.sends(panel("one", A))
    await office.learner_says("/lessons")
    await office.sends(panel("two", B))
    old, new = await office.own()
    assert (old["text"], labels(old)) == ("one", [])
    assert (new["text"], labels(new)) == ("two", ["B"])
    await office.sends(panel("three", A))
    assert await office.texts() == ["one", "three"]


async def test_follow_sends_anew_below_another_message_of_the_bot(office: Office) -> None:
    await office.sends(panel("one", A), Outgoing(ADA, "between"), panel("two"))
    assert await office.texts() == ["one", "between", "two"]


async def test_keep_edits_wherever_the_message_stands(office: Office) -> None:
    await office.sends(panel("one", A))
    await office.learner_says("hello")
    await office.sends(Outgoing(ADA, "between"), panel("two", B, Mode.KEEP))
    assert await office.texts() == ["two", "between"]


@pytest.mark.parametrize("mode", [Mode.FOLLOW, Mode.KEEP])
async def test_a_deleted_message_is_replaced(office: Office, mode: Mode) -> None:
    await office.sends(panel("one", A))
    (shown,) = await office.own()
    await office.served.act("delete", user=ADA, message_id=shown["message_id"])
    await office.sends(panel("two", B, mode))
    assert await office.texts() == ["two"]
    await office.sends(panel("three", B, Mode.KEEP))
    assert await office.texts() == ["three"]


async def test_an_edit_that_changes_nothing_is_a_success(office: Office) -> None:
    await office.sends(panel("same", A), panel("same", A))
    assert await office.texts() == ["same"]
    assert "not modified" in (await office.calls("editMessageText"))[-1]["answer"]["description"]
    assert await office.waiting() == []


async def test_a_text_becomes_a_picture_in_place(office: Office) -> None:
    await office.sends(panel("training", A), panel("done", B, Mode.KEEP, attachment=PICTURE))
    (shown,) = await office.own()
    assert (shown["caption"], "photo" in shown, labels(shown)) == ("done", True, ["B"])


async def test_a_picture_cannot_become_a_text_so_a_new_message_comes(office: Office) -> None:
    await office.sends(panel("picture", A, attachment=PICTURE), panel("text", B))
    assert await office.texts() == ["picture", "text"]
    assert [labels(message) for message in await office.own()] == [[], ["B"]]


async def test_where_a_picture_is_refused_in_place_a_new_message_comes(office: Office) -> None:
    await office.sends(panel("training", A))
    await office.served.act("fault", kind="error", method="editMessageMedia", status=400)
    await office.sends(panel("done", B, Mode.KEEP, attachment=PICTURE))
    assert await office.texts() == ["training", "done"]
    assert [labels(message) for message in await office.own()] == [[], ["B"]]


# Trouble


async def test_a_flood_holds_back_its_own_chat_only(office: Office) -> None:
    await office.served.act("fault", kind="flood", method="sendMessage", chat=ADA, retry_after=1)
    began = time.monotonic()
    await office.put(Outgoing(ADA, "one"), Outgoing(ADA, "two"), Outgoing(GRACE, "hers"))
    await eventually(lambda: office.texts(GRACE))
    assert await office.texts(ADA) == []
    assert len(await office.calls("sendMessage")) == 1
    await office.outbox.drained()
    assert time.monotonic() - began >= 1
    assert await office.texts(ADA) == ["one", "two"]
    assert len(await office.calls("sendMessage")) == 3


@pytest.mark.parametrize(
    "trouble", [{"kind": "error", "status": 502}, {"kind": "error", "status": 500}, {"kind": "drop"}]
)
async def test_when_telegram_is_away_it_is_tried_again(office: Office, trouble: dict[str, Any]) -> None:
    await office.served.act("fault", method="sendMessage", count=3, **trouble)
    await office.sends(Outgoing(ADA, "one"), Outgoing(ADA, "two"))
    assert await office.texts() == ["one", "two"]
    assert len(await office.calls("sendMessage")) == 5


async def test_a_learner_who_blocked_the_bot_is_unreachable_and_gets_nothing_later(office: Office) -> None:
    await office.served.act("block", user=ADA)
    await office.sends(Outgoing(ADA, "one"), Outgoing(ADA, "two"), Outgoing(GRACE, "hers"))
    ada, grace = await office.store.read(lambda t: (t.learners.get(ADA), t.learners.get(GRACE)))
    assert ada is not None
    assert grace is not None
    assert (ada.reachable, grace.reachable) == (False, True)
    assert await office.waiting() == []
    assert len(await office.calls("sendMessage")) == 1
    await office.served.act("block", user=ADA, blocked=False)
    await office.sends(Outgoing(ADA, "three"))
    assert await office.texts() == ["three"]


@pytest.mark.parametrize(
    ("message", "shown", "kept"),
    [
        (Outgoing(ADA, "", attachment=Attachment("thin.png", png(3000, 100), True)), "", {"document"}),
        (Outgoing(ADA, "figures", attachment=Attachment("no.png", b"no picture", True)), "figures", {"document"}),
        (
            Outgoing(ADA, "figures", attachment=Attachment("none.png", b"", True)),
            "figures\n\n(Telegram did not take the picture or file that belongs here.)",
            set(),
        ),
        (Outgoing(ADA, "see docs", (link(4, 4, "http://tutor:8080"),)), "see docs", set()),
        (Outgoing(ADA, "see docs", (bold(0, 3), link(4, 4, "http://tutor:8080"))), "see docs", {"entities"}),
        (Outgoing(ADA, "a", ({"type": "no such type", "offset": 0, "length": 1},)), "a", set()),
        (Outgoing(ADA, "open", keyboard=((Key("Go", url="http://tutor"), *A[0]),)), "open", {"reply_markup"}),
        (Outgoing(ADA, "open", keyboard=((Key("Go", data="x" * 65),),)), "open", set()),
    ],
)
async def test_what_telegram_refuses_comes_in_a_plainer_form(
    office: Office, message: Outgoing, shown: str, kept: set[str]
) -> None:
    await office.sends(message, Outgoing(ADA, "two"))
    first, second = await office.own()
    assert first.get("text", first.get("caption", "")) == shown
    assert {"document", "photo", "entities", "caption_entities", "reply_markup"} & set(first) == kept
    assert second["text"] == "two"
    assert await office.waiting() == []


async def test_a_result_whose_picture_is_refused_takes_the_place_of_its_frames(office: Office) -> None:
    await office.sends(panel("training", A))
    thin = Attachment("thin.png", png(3000, 100), picture=True)
    await office.sends(panel("done", B, Mode.KEEP, attachment=thin))
    result = (await office.own())[-1]
    assert result["caption"] == "done"
    assert result["document"]["file_name"] == "thin.png"
    assert labels(result) == ["B"]
    await office.sends(panel("and more", B, Mode.KEEP, attachment=thin))
    assert (await office.own())[-1]["caption"] == "and more"
    assert (await office.own())[-1]["message_id"] == result["message_id"]


async def test_when_every_form_is_refused_a_sentence_comes_and_the_operator_hears_of_it(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    await office.has_operator(GRACE)
    await office.sends(Outgoing(ADA, "", keyboard=A), Outgoing(ADA, "two"))
    await office.outbox.drained()
    sentence, two = await office.texts()
    assert two == "two"
    reference = sentence.split("(")[1].split(")")[0]
    assert (
        sentence
        == f"I have something for you that Telegram does not let me show. I have made a note of it ({reference})."
    )
    alert = (await office.texts(GRACE))[-1]
    assert "A message could not be sent" in alert
    assert reference in alert
    assert f"reference {reference}" in caplog.text


async def test_a_chat_that_takes_no_sentence_either_holds_up_nothing(office: Office) -> None:
    await office.has_operator(GRACE)
    await office.served.act("fault", kind="error", method="sendMessage", chat=ADA, status=400, count=9)
    await office.sends(Outgoing(ADA, "one", (bold(0, 1),), A))
    await office.outbox.drained()
    assert await office.waiting() == []
    assert "A message could not be sent" in (await office.texts(GRACE))[-1]


async def test_a_section_counts_as_read_when_its_page_has_reached_the_learner(office: Office) -> None:
    await office.store.transact(lambda t: t.learners.meet(ADA, "Ada", None, None, NOW))
    page = Outgoing(ADA, "the last page", key="panel")

    async def read() -> frozenset[str]:
        standings = await office.store.read(lambda t: t.reading.standings(ADA))
        return standings["first"].sections_read if standings else frozenset()

    await office.served.act("fault", kind="delay", method="sendMessage", seconds=0.3)
    await office.store.transact(lambda t: t.outbox.add(page, NOW, SectionEnd("first", "intro")))
    assert await read() == frozenset()
    await office.outbox.drained()
    assert await read() == {"intro"}


async def test_a_page_that_never_came_is_not_read(office: Office) -> None:
    await office.store.transact(lambda t: t.learners.meet(ADA, "Ada", None, None, NOW))
    page = Outgoing(ADA, " ", key="panel")
    await office.store.transact(lambda t: t.outbox.add(page, NOW, SectionEnd("first", "intro")))
    await office.outbox.drained()
    assert "does not let me show" in (await office.texts())[0]
    assert await office.store.read(lambda t: t.reading.standings(ADA)) == {}


async def test_an_answer_in_a_forum_stands_in_the_topic_of_its_question(office: Office) -> None:
    group = {"id": -1007, "type": "supergroup", "title": "Class", "is_forum": True}
    ada = {"id": ADA, "is_bot": False, "first_name": "Ada"}
    question = {"message_id": 50, "from": ada, "chat": group, "date": int(NOW), "text": "/help"}
    topic = {"message_thread_id": 40, "is_topic_message": True}
    await office.served.act("update", update={"message": {**question, **topic}})
    await office.sends(Outgoing(-1007, "here", topic=40), Outgoing(-1007, "anywhere"))
    here, anywhere = await office.own(-1007)
    assert here["message_thread_id"] == 40
    assert "message_thread_id" not in anywhere


async def test_an_answer_whose_topic_is_gone_comes_all_the_same(office: Office) -> None:
    await office.sends(Outgoing(ADA, "here", topic=40))
    assert await office.texts() == ["here"]


async def test_a_chat_that_the_server_does_not_know_any_more_is_unreachable(office: Office) -> None:
    stranger = 424_242
    await office.store.transact(lambda t: t.learners.meet(stranger, "Emmy", None, None, NOW))
    await office.sends(Outgoing(stranger, "one"), Outgoing(stranger, "two"))
    known = await office.store.read(lambda t: t.learners.get(stranger))
    assert known is not None
    assert not known.reachable
    assert await office.waiting() == []


async def test_a_proxy_s_page_in_place_of_an_answer_is_waited_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.patience.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("bot.store.store.PAUSE", 0.01)
    refused: list[Outgoing] = []
    send = office.outbox._sender.send

    async def behind_a_proxy(message: Outgoing) -> Post:
        if len(refused) < 3:
            refused.append(message)
            raise TelegramError("Invalid server response")  # the library's words for a body that is no JSON
        return await send(message)

    monkeypatch.setattr(office.outbox._sender, "send", behind_a_proxy)
    await office.sends(Outgoing(ADA, "one"), Outgoing(ADA, "two"))
    assert await office.texts() == ["one", "two"]
    assert len(refused) == 3


async def test_a_group_that_moved_gets_its_message_at_its_new_address(office: Office) -> None:
    await office.served.says("hi", chat=-5)
    moved = await office.served.act("migrate", user=ADA, chat=-5)
    await office.sends(Outgoing(-5, "one"), Outgoing(-5, "two"))
    assert await office.texts(moved["chat"]) == ["one", "two"]
    assert await office.waiting() == []


async def test_while_the_database_is_away_the_outbox_waits(office: Office) -> None:
    await office.store.transact(lambda t: t.outbox._db.execute("alter table posts rename to elsewhere"))
    await office.put(Outgoing(ADA, "one"))
    await asyncio.gather(*(office.store.read(lambda t: t.outbox.chats()) for _ in range(20)))
    assert await office.texts() == []
    await office.store.transact(lambda t: t.outbox._db.execute("alter table elsewhere rename to posts"))
    await office.outbox.drained()
    assert await office.texts() == ["one"]


async def test_reports_that_take_long_hold_up_no_message(office: Office) -> None:
    gate = threading.Event()
    reports = [asyncio.ensure_future(office.store.read(lambda t: gate.wait(10))) for _ in range(READERS)]
    try:
        await office.sends(panel("one", A), panel("two", B, mode=Mode.KEEP))
        office.outbox.live(Outgoing(ADA, "a frame", key="panel", mode=Mode.KEEP), at_once=True)
        await office.outbox.drained()
    finally:
        gate.set()
    assert await office.texts() == ["a frame"]
    assert await asyncio.gather(*reports) == [True] * READERS


async def test_what_an_earlier_process_left_goes_out(office: Office) -> None:
    await office.sends(panel("one", A))
    await office.outbox.aclose()
    await office.put(panel("two", B), Outgoing(GRACE, "hers"))
    later = Outbox(office.bot, office.store, lambda: 0.0)
    await later.start()
    await later.drained()
    assert (await office.texts(ADA), await office.texts(GRACE)) == (["two"], ["hers"])


async def test_at_the_end_what_waits_stays_for_the_next_start(office: Office) -> None:
    await office.served.act("fault", kind="flood", method="sendMessage", chat=ADA, retry_after=60)
    await office.put(Outgoing(ADA, "one"))
    await eventually(lambda: office.calls("sendMessage"))
    await office.outbox.aclose()
    assert await office.waiting() == [ADA]


async def test_a_message_may_come_twice_but_is_never_lost(office: Office) -> None:
    """The answer to a message that Telegram took is lost: nobody can know, so it is sent again."""
    await office.served.act("fault", kind="drop", method="sendMessage", answer_only=True)
    await office.sends(Outgoing(ADA, "one"))
    assert await office.texts() == ["one", "one"]


async def test_no_token_is_logged_whatever_goes_wrong(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("httpx", "httpcore"):
        caplog.set_level(logging.WARNING, name)  # as `tutor` sets them
    caplog.set_level(logging.DEBUG, "bot")
    await office.served.act("fault", kind="drop", method="sendMessage")
    await office.served.act("fault", kind="error", method="sendMessage", status=502)
    await office.sends(Outgoing(ADA, "one"), Outgoing(ADA, ""))
    assert "cannot be reached" in caplog.text
    assert office.bot.token not in caplog.text
    assert office.bot.token.split(":")[1] not in caplog.text


# Live frames


def frame(text: str) -> Outgoing:
    return Outgoing(ADA, text, keyboard=A, key="run:1", mode=Mode.KEEP)


@pytest.fixture
async def live(office: Office) -> Office:
    """A run's message stands in the chat."""
    await office.sends(Outgoing(ADA, "queued", keyboard=A, key="run:1"))
    return office


async def test_the_first_frame_comes_at_once_and_the_next_after_its_time(live: Office) -> None:
    live.outbox.live(frame("epoch 1"), at_once=True)
    await live.outbox.drained()
    assert await live.texts() == ["epoch 1"]
    live.now += 0.5
    live.outbox.live(frame("epoch 2"))
    await live.put(Outgoing(ADA, "a row"))
    await eventually(lambda: has(live, "a row"))
    assert await live.texts() == ["epoch 1", "a row"]
    live.now += 1.0
    live.outbox.live(frame("epoch 3"))
    live.now += 1.5
    await live.put(Outgoing(ADA, "another row"))
    await eventually(lambda: has(live, "epoch 3"))
    assert [call["parameters"]["text"] for call in await live.calls("editMessageText")] == ["epoch 1", "epoch 3"]


async def has(office: Office, text: str) -> bool:
    return text in await office.texts()


async def test_of_many_frames_the_newest_is_shown(live: Office) -> None:
    for epoch in range(1, 41):
        live.outbox.live(frame(f"epoch {epoch}"), at_once=epoch == 1)
    await live.outbox.drained()
    assert await live.texts() == ["epoch 40"]
    assert len(await live.calls("editMessageText")) == 1


async def test_a_frame_that_is_held_back_gives_way_to_one_that_is_due(live: Office) -> None:
    live.outbox.live(frame("starting"), after=60)
    live.outbox.live(frame("epoch 1"), at_once=True)
    await live.outbox.drained()
    assert await live.texts() == ["epoch 1"]


async def test_a_frame_never_overtakes_a_row(live: Office) -> None:
    await live.store.transact(lambda t: t.outbox.add(Outgoing(ADA, "a row"), NOW))
    live.outbox.live(frame("epoch 1"), at_once=True)
    await live.outbox.drained()
    methods = [c["method"] for c in await live.served.calls() if c["method"] in ("sendMessage", "editMessageText")]
    assert methods == ["sendMessage", "sendMessage", "editMessageText"]


async def test_a_lost_frame_is_no_failure(live: Office) -> None:
    await live.served.act("fault", kind="error", method="editMessageText")
    live.outbox.live(frame("epoch 1"), at_once=True)
    await live.outbox.drained()
    assert await live.texts() == ["queued"]
    await live.sends(Outgoing(ADA, "done", key="run:1", mode=Mode.KEEP))
    assert await live.texts() == ["done"]


async def test_after_a_flood_of_frames_the_last_state_is_shown(live: Office) -> None:
    await live.served.act("fault", kind="flood", method="editMessageText", retry_after=1)
    live.outbox.live(frame("epoch 1"), at_once=True)
    await eventually(lambda: live.calls("editMessageText"))
    await live.sends(Outgoing(ADA, "done", key="run:1", mode=Mode.KEEP))
    assert await live.texts() == ["done"]
    assert len(await live.calls("editMessageText")) == 2


async def test_a_forgotten_frame_is_not_shown(live: Office) -> None:
    live.outbox.live(frame("epoch 2"), after=60)
    live.outbox.forget(ADA, "run:1")
    await live.sends(Outgoing(ADA, "done", key="run:1", mode=Mode.KEEP))
    assert await live.texts() == ["done"]


async def test_a_frame_does_not_replace_a_picture_or_make_a_message(office: Office) -> None:
    office.outbox.live(frame("epoch 1"), at_once=True)
    await office.outbox.drained()
    assert await office.own() == []
    await office.sends(Outgoing(ADA, "done", key="run:1", attachment=PICTURE))
    office.outbox.live(frame("epoch 9"), at_once=True)
    await office.outbox.drained()
    assert await office.texts() == ["done"]


async def test_what_stands_is_known_to_the_next_process(office: Office) -> None:
    await office.sends(panel("one", A))
    (shown,) = await office.own()
    post = await office.store.read(lambda t: t.posts.get(ADA, "panel"))
    assert post == Post(ADA, "panel", shown["message_id"], pictured=False, keyed=True)
