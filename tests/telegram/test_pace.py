"""The pace, against the emulator's flood control and in time that does not pass by itself: Telegram never has to refuse
a call, and where it does, it is waited for as long as it says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.domain.messages import Key, Mode, Outgoing
from bot.emulator.faults import Fault, FloodRule
from bot.emulator.refusals import Refused
from bot.telegram.outbox import Outbox
from bot.telegram.pace import TELEGRAMS, Limit, Limiters, Pace
from bot.telegram.sender import Sender
from tests.support.desk import NOW
from tests.support.fake_time import EPOCH, Messenger, run, store_in

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # PTB warns of its own type

ADA, GROUP, OTHERS_GROUP = 1001, -5, -1_000_000_000_007
KEYS = ((Key("A", data="1l"),),)
UNPACED = Pace((10**6, 1.0), (10**6, 1.0), (10**6, 1.0))


def passed() -> float:
    """Seconds since the story began."""
    return asyncio.get_running_loop().time()


def sending(chats: Iterable[int], pace: Pace = TELEGRAMS, before: Callable[[Messenger], object] = id) -> float:
    """Sends a message to each of the chats as fast as the pace lets it; the seconds that took. Any refusal of
    Telegram's is a failure."""

    async def story() -> float:
        messenger = Messenger()
        chosen = list(chats)
        messenger.meets(*chosen)
        before(messenger)
        async with messenger.bot() as bot:
            sender = Sender(bot, pace)
            await asyncio.gather(*(sender.send(Outgoing(chat, f"{i}")) for i, chat in enumerate(chosen)))
        assert sum(len(messenger.texts(chat)) for chat in set(chosen)) == len(chosen)
        return passed()

    return run(story())


# Telegram's own limits


def seconds_to_wait(rule: FloodRule, chat: int) -> int:
    try:
        rule.check(chat)
    except Refused as refused:
        return refused.parameters["retry_after"]
    return 0


@given(st.lists(st.tuples(st.sampled_from([ADA, GROUP, OTHERS_GROUP]), st.floats(0, 5)), max_size=150))
@settings(max_examples=60)
def test_the_emulator_refuses_a_call_if_and_only_if_the_pace_is_broken(calls: list[tuple[int, float]]) -> None:
    time, taken = 0.0, list[tuple[int, float]]()
    rule = FloodRule(lambda: time)
    for chat, pause in calls:
        time += pause
        recent = [c for c, at in taken if c == chat and at > time - 60]
        allowed = len(recent) < (20 if chat < 0 else 60) and sum(at > time - 1 for _, at in taken) < 30
        wait = seconds_to_wait(rule, chat)
        assert (wait == 0) is allowed
        time += wait
        if wait:
            assert seconds_to_wait(rule, chat) == 0, "after that long the call is taken"
        taken.append((chat, time))


@pytest.mark.parametrize("chats", [[ADA] * 61, [GROUP] * 21, list(range(1, 32))], ids=["chat", "group", "overall"])
def test_without_a_pace_telegram_refuses(chats: list[int]) -> None:
    with pytest.raises(RetryAfter):
        sending(chats, UNPACED)


# The pace


@pytest.mark.parametrize(
    ("chats", "at_least", "at_most"),
    [
        ([ADA] * 20, 0, 0.1),
        ([ADA] * 100, 80, 81),
        ([GROUP] * 20, 0, 0.1),
        ([GROUP] * 60, 120, 121),
        ([OTHERS_GROUP] * 60, 120, 121),
        (range(1, 501), 16, 17),
        ([*range(1, 301), *[GROUP] * 60, *[ADA] * 100], 120, 131),
        (list(range(1, 21)) * 40, 20, 40),
    ],
    ids=["20 to one", "100 to one", "20 to a group", "60 to a group", "60 to a supergroup", "500 at once", "all three",
         "40 to each of 20"],
)  # fmt: skip
def test_telegram_refuses_no_call_and_nothing_waits_for_longer_than_it_must(
    chats: Iterable[int], at_least: float, at_most: float
) -> None:
    assert at_least <= sending(chats) <= at_most


@pytest.mark.parametrize("answer_only", [False, True], ids=["on the way there", "on the way back"])
@given(
    delays=st.lists(st.floats(0.01, 15), min_size=1, max_size=40), chats=st.sampled_from([[ADA], [GROUP], range(1, 80)])
)
@settings(max_examples=15)
def test_calls_that_take_long_on_their_way_do_not_break_the_pace(
    answer_only: bool, delays: list[float], chats: Iterable[int]
) -> None:
    """Those that were held up arrive together with those after them."""

    def slow(messenger: Messenger) -> None:
        for seconds in delays:
            messenger.emulator.world.faults.plan(
                Fault("delay", "sendMessage", seconds=seconds, answer_only=answer_only)
            )

    sending(list(chats) * (80 // len(list(chats))), before=slow)


def test_edits_and_buttons_taken_off_count_as_messages_do() -> None:
    async def story() -> None:
        messenger = Messenger()
        messenger.meets(ADA)
        async with messenger.bot() as bot:
            sender = Sender(bot)
            post = await sender.send(Outgoing(ADA, "0"))
            for i in range(1, 78):
                await sender.edit(Outgoing(ADA, f"{i}"), post)
            await sender.strip(replace(post, message=(await sender.send(Outgoing(ADA, "x", keyboard=KEYS))).message))
        assert messenger.refused() == 0
        assert passed() >= 60

    run(story())


def test_a_chat_that_must_wait_holds_up_no_other() -> None:
    async def story() -> None:
        messenger = Messenger()
        messenger.meets(ADA, *range(1, 21))
        async with messenger.bot() as bot:
            sender = Sender(bot)
            waiting = [asyncio.create_task(sender.send(Outgoing(ADA, "x"))) for _ in range(60)]
            await asyncio.sleep(2)
            began = passed()
            await asyncio.gather(*(sender.send(Outgoing(chat, "x")) for chat in range(1, 21)))
            assert passed() - began < 1
            await asyncio.gather(*waiting)

    run(story())


def test_only_chats_whose_calls_still_count_are_remembered() -> None:
    """More chats come by than are ever remembered, and one that comes again too early is known."""

    async def story() -> None:
        limits, most, came = Limiters(TELEGRAMS, at_once=8), 0, 12_000
        for chat in range(1, came):
            async with limits.of(chat if chat % 3 else -chat):
                most = max(most, len(limits))
        assert passed() >= came / 31
        assert 600 < most <= 30 * 61
        await asyncio.sleep(61)
        assert len(limits) == 0

    run(story())


def test_a_chat_among_thousands_is_held_to_its_pace() -> None:
    crowd = [chat for round in range(3) for chat in (*range(2000, 2900), *[GROUP] * 20, *[ADA] * 20)]
    assert sending(crowd) >= 120


def test_who_gives_up_waiting_keeps_no_place() -> None:
    async def story() -> None:
        idle = list[float]()
        limit = Limit(1, 10.0, lambda: idle.append(passed()))
        async with limit:
            pass
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5), limit:
                raise AssertionError("its place came too early")
        async with limit:
            assert 10 <= passed() < 10.1
        await asyncio.sleep(11)
        assert len(idle) == 1, "it was idle once: after the last call"

    run(story())


def test_a_class_that_is_told_to_wait_is_told_at_the_pace(tmp_path: Path) -> None:
    """While the database cannot be written such words are no rows."""

    async def story() -> None:
        messenger, store = Messenger(), store_in(tmp_path)
        chats = range(1, 101)
        messenger.meets(*chats)
        async with messenger.bot() as bot:
            outbox = Outbox(bot, store, asyncio.get_running_loop().time)
            await asyncio.gather(*(outbox.tell(Outgoing(chat, "later")) for chat in chats))
        assert messenger.refused() == 0
        assert all(messenger.texts(chat) == ["later"] for chat in chats)
        store.close()

    run(story())


# What Telegram refuses all the same


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
@pytest.mark.parametrize("seconds", [1, 35, 3000])
def test_telegram_is_waited_for_as_long_as_it_says(method: str, seconds: int, tmp_path: Path) -> None:
    async def story() -> None:
        messenger = Messenger()
        messenger.meets(ADA, 5)
        store = store_in(tmp_path)
        async with messenger.bot() as bot:
            outbox = Outbox(bot, store, asyncio.get_running_loop().time)
            await outbox.start()
            messages = [Outgoing(ADA, text, key="panel", mode=Mode.KEEP) for text in ("one", "two", "three")]
            messenger.emulator.world.faults.plan(Fault("flood", method, ADA, retry_after=seconds, count=2))
            began = passed()
            await store.transact(lambda t: [t.outbox.add(m, NOW) for m in (*messages, Outgoing(5, "hers"))])
            await outbox.drained()
            assert messenger.texts(ADA) == ["three"]
            calls = [c for c in messenger.emulator.world.calls.since(0) if c["method"] == method]
            refused = [c["time"] for c in calls if c["answer"].get("error_code") == 429]
            assert len(refused) == 2
            assert refused[1] - refused[0] >= seconds
            later = [c["time"] for c in calls if c["answer"]["ok"] and c["parameters"]["chat_id"] in (ADA, str(ADA))]
            assert min(at for at in later if at > refused[0]) - refused[1] >= seconds
            assert messenger.texts(5) == ["hers"]
            hers = next(c["time"] for c in messenger.emulator.world.calls.since(0) if "hers" in str(c["parameters"]))
            assert hers - began - EPOCH < 1, "nobody else waits for it"
        store.close()

    run(story())


def test_a_class_of_five_hundred_hears_an_announcement(tmp_path: Path) -> None:
    """Rows, lanes and pace together."""

    async def story() -> None:
        messenger, store = Messenger(), store_in(tmp_path)
        chats = range(1, 501)
        messenger.meets(*chats)
        async with messenger.bot() as bot:
            outbox = Outbox(bot, store, asyncio.get_running_loop().time)
            rows = [Outgoing(chat, text) for text in ("one", "two") for chat in chats]
            await store.transact(lambda t: [t.outbox.add(row, NOW) for row in rows])
            await outbox.start()
            await outbox.drained()
        assert messenger.refused() == 0
        assert all(messenger.texts(chat) == ["one", "two"] for chat in chats)
        assert 33 <= passed() <= 36
        store.close()

    run(story())
