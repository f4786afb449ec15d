"""Whatever comes as an update: the bot goes on, who addressed it gets a reply, nobody sees what is another's."""

from __future__ import annotations

import asyncio
import copy
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot import settings as bot_settings
from bot.app import ALLOWED_UPDATES, build, running
from bot.domain import tokens
from bot.domain.classes import Assignment
from bot.domain.runs import Order, RunState
from bot.features.quiz.buttons import StartQuiz
from bot.features.training.buttons import RunTuned
from bot.runs.buttons import RunExample
from bot.services import Services
from bot.telegram.actions import encode
from bot.telegram.pace import Pace
from bot.telegram.polling import polling
from tests.support.desk import ROUTES

from .chat_side import NoRunner
from .crowd import text_of
from .house import House, Json, house, until

ADA, EVE = 5001, 6001
SECRET = "only Ada may see this"
AT_ONCE = Pace((1000, 1.0), (1000, 1.0), (1000, 1.0))
"""One person presses more here than Telegram would let the bot answer in a minute."""
THEIRS = (
    *("runs", "rounds", "deliveries", "cohorts", "enrolments", "teaching", "assignments", "announcements"),
    *("recipients", "instructors", "tickets"),
)
"""Tables that presses of a stranger change nothing in."""
NUMBERS = itertools.count(1)
LANES = itertools.count(EVE)

junk = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 2**31, 2**63, 2**70, 1e308]),
    st.sampled_from(["", "x", "x" * 5000, "\u202egnp.exe", "\u200b\u200d\ufeff", "\0", "/start@other_bot"]),
    st.sampled_from([[], {}, [[]], {"id": {}}, [None], {"x": "y"}]),
)
hostile_text = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.text(st.sampled_from("\u202e\u2066\u200b\u200d\ufeff\u0301`*_[]/@\n\0a7🧑"), min_size=1, max_size=200),
    st.sampled_from(
        ["/", "/ ", "//", "/start@", "/quiz\u202e", "/train epochs=", "/train " + "=" * 4000, "```", "9" * 4096]
    ),
    st.sampled_from(["/start", "/train digits epochs=" + "9" * 400, "1e999", "٣", "-0", "nan", "/stop 1", "/runs -1"]),
)
hostile_data = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=64),
    st.from_regex(r"1[a-z]:[0-9\-]{1,20}(:[0-9a-z\-]{0,20}){0,3}", fullmatch=True),
    st.sampled_from(["", ":", "1", "1a", "1a:", "1a:1:99", "0a:1:1", "1x:" + "9" * 60]),
)


@dataclass
class Desk:
    """The real application over the emulator, in this process."""

    home: House
    services: Services

    async def takes(self, kind: str, content: Any) -> int:
        """Put an update into the messenger's queue as it is; its id."""
        updates = self.home.messenger.world.updates
        updates.add(kind, content)
        return updates._next_id - 1

    async def alive(self) -> None:
        """The bot answers somebody else, and has dealt with all that came."""
        somebody = next(LANES)
        await self.home.act("message", user=somebody, text="/n1")
        await until(lambda: self.shown(somebody), "the bot does not answer any more", 10)
        await until(self.home.idle, "an update is left in the inbox", 10)

    def shown(self, chat: int) -> list[str]:
        return [text_of(m) for m in self.home.chat(chat) if m["from"]["is_bot"]]

    def answered(self, query: str) -> list[Json]:
        return [
            call["parameters"]
            for call in self.home.messenger.world.calls.since(0)
            if call["method"] == "answerCallbackQuery" and call["parameters"].get("callback_query_id") == query
        ]


@asynccontextmanager
async def desk_in(folder: Path) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        home = await stack.enter_async_context(house(folder))
        home.log.write_text("")
        # The messenger's own look at what it delivers expects what a messenger delivers.
        home.messenger.world.updates._delivered = lambda update: None
        chosen = bot_settings.read(token="1:chaos", base_url=home.address, db=home.db)
        bot, services = build(chosen, NoRunner(), pace=AT_ONCE)  # type: ignore[arg-type]
        inbox = await stack.enter_async_context(running(bot, services))
        poll = await stack.enter_async_context(polling(bot, inbox, ALLOWED_UPDATES))
        yield Desk(home, services)
        assert not poll.done(), poll


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Desk]]:
    with asyncio.Runner() as runner:
        context = desk_in(tmp_path_factory.mktemp("hostile"))
        yield runner, runner.run(context.__aenter__())
        runner.run(context.__aexit__(None, None, None))


def person(id: int) -> Json:
    return {"id": id, "is_bot": False, "first_name": "Eve", "language_code": "en"}


def message(id: int, text: str, number: int) -> Json:
    chat = {"id": id, "type": "private", "first_name": "Eve"}
    return {"message_id": number, "date": 1_800_000_000, "chat": chat, "from": person(id), "text": text}


def press(id: int, data: str, number: int) -> Json:
    return {
        "id": f"q{number}",
        "from": person(id),
        "message": message(id, "…", 1),
        "chat_instance": "1",
        "data": data,
    }


def membership(id: int, text: str, number: int) -> Json:
    def status(status: str) -> Json:
        return {"status": status, "user": {"id": 1, "is_bot": True, "first_name": "Tutor"}, "until_date": 0}

    told = {"old_chat_member": status("member"), "new_chat_member": status("kicked")}
    return {"chat": {"id": id, "type": "private"}, "from": person(id), "date": 1_800_000_000} | told


KINDS = {"message": message, "callback_query": press, "my_chat_member": membership}


def places(json: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every field, however deep."""
    if isinstance(json, dict):
        for name, value in json.items():
            yield (*path, name)
            yield from places(value, (*path, name))


def changed(json: Json, path: tuple[Any, ...], value: Any, missing: bool) -> Json:
    json = copy.deepcopy(json)
    at = json
    for name in path[:-1]:
        at = at[name]
    if missing:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return json


many = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a failing example costs seconds of waiting: it is not made smaller
)


@many
@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_a_malformed_update_stops_nothing(desk: tuple[asyncio.Runner, Desk], data: st.DataObject, kind: str) -> None:
    runner, here = desk
    made = KINDS[kind](next(LANES), "/start", next(NUMBERS))
    path = data.draw(st.sampled_from(list(places(made))))
    hostile = changed(made, path, data.draw(junk), data.draw(st.booleans()))

    async def story() -> None:
        await here.takes(kind, hostile)
        await here.alive()

    runner.run(story())


@many
@given(st.sampled_from(ALLOWED_UPDATES), junk)
def test_an_update_without_its_content_stops_nothing(
    desk: tuple[asyncio.Runner, Desk], kind: str, content: Any
) -> None:
    runner, here = desk

    async def story() -> None:
        await here.takes(kind, content)
        await here.alive()

    runner.run(story())


@many
@given(hostile_text)
def test_whoever_writes_anything_gets_a_reply(desk: tuple[asyncio.Runner, Desk], text: str) -> None:
    runner, here = desk
    learner = next(LANES)

    async def story() -> None:
        await here.home.act("message", user=learner, text="/start")
        await until(lambda: len(here.shown(learner)) == 1, "a welcome", 10)
        await here.takes("message", message(learner, text, 10**15))  # newer than all that stands there
        await here.alive()
        assert len(here.shown(learner)) >= 2, here.shown(learner)
        assert "Something went wrong" not in " ".join(here.shown(learner)), here.shown(learner)

    runner.run(story())


@many
@given(hostile_data)
def test_whoever_presses_anything_gets_an_answer(desk: tuple[asyncio.Runner, Desk], data: str) -> None:
    runner, here = desk
    learner, number = next(LANES), next(NUMBERS)

    async def story() -> None:
        await here.takes("callback_query", press(learner, data, number))
        await here.alive()
        await until(lambda: here.answered(f"q{number}"), "an answer to the press", 10)
        assert here.answered(f"q{number}")[0].get("text") != "Something went wrong."

    runner.run(story())


@pytest.mark.parametrize("teaches", [False, True], ids=["a learner", "the instructor of another class"])
def test_made_up_presses_show_and_change_nothing_of_another_s(desk: tuple[asyncio.Runner, Desk], teaches: bool) -> None:
    """Every kind of button, with the numbers of another learner's question and runs, and of another's class."""
    runner, here = desk
    store = here.services.store

    async def story() -> None:
        await here.home.act("message", user=ADA, text="/quiz", name="Ada")
        await until(lambda: any("Question 1" in text for text in here.shown(ADA)), "a question", 10)
        lesson = here.services.course.lessons[0]
        source = f"print('{SECRET}')"

        def runs(t: Any) -> tuple[int, int]:
            if earlier := t.runs.open_of(ADA):  # of the test before, on the same database
                t.runs.end(earlier.id, RunState.CANCELLED, 1.0)
            order = Order(ADA, ADA, lesson.id, source, "train", "train")
            ended = t.runs.add(order, 1.0)
            t.runs.end(ended.id, RunState.FINISHED, 2.0, output=SECRET)
            queued = t.runs.add(order, 1.0)
            return ended.id, queued.id

        def school(t: Any) -> tuple[int, int]:
            cohort = t.cohorts.create(SECRET, tokens.code(), "salt", ADA, 1.0)
            t.cohorts.enrol(cohort.id, ADA, 1.0)
            t.cohorts.assign(Assignment(cohort.id, lesson.id, 9e9, ADA, 1.0))
            return cohort.id, t.announcements.draft(cohort.id, ADA, SECRET, [ADA], 1.0).id

        ids = (*await store.transact(runs), *await store.transact(school), ADA)
        delivery = (await store.read(lambda t: t.rounds.last_delivery_to(ADA))).id
        eve = next(LANES)
        await here.home.act("message", user=eve, text="/start", name="Eve")
        await until(lambda: here.shown(eve), "a welcome", 10)
        if teaches:
            await store.transact(lambda t: t.instructors.appoint(eve, "Eve", ADA, 1.0))
        number, names = 0, {"lesson": lesson.id, "section": lesson.sections[0].id, "example": lesson.examples[0].id}
        names |= {"code": "ZZZZZZZZ", "secret": "z" * 43}
        before = ([here.home.rows(f"select * from {table}") for table in THEIRS], here.shown(ADA))
        for action in ROUTES.actions.values():
            hints = get_type_hints(action)
            for id in sorted({*ids, delivery}):
                values = [names[f.name] if hints[f.name] is str else id for f in fields(action)]
                number = next(NUMBERS)
                if action not in (RunExample, RunTuned, StartQuiz):
                    await here.takes("callback_query", press(eve, encode(action(*values)), number))
        await until(lambda: here.answered(f"q{number}"), "the last answer", 20)
        await here.alive()
        assert ([here.home.rows(f"select * from {table}") for table in THEIRS], here.shown(ADA)) == before
        assert here.home.rows("select * from attempts") == []
        toasts = [
            str(c["parameters"]) for c in here.home.messenger.world.calls.since(0) if c["method"].startswith("answer")
        ]
        assert not [text for text in (*here.shown(eve), *toasts) if SECRET in text]

    runner.run(story())
