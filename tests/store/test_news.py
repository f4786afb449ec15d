"""After a commit the store says what it left to do: chats that have mail, timers that were set."""

from __future__ import annotations

import pytest

from bot.domain.messages import Outgoing
from bot.store import Store, Tables
from bot.store.news import News, NewsKind
from tests.support.desk import ADA, GRACE, NOW
from tests.support.stores import Mishap, handed_in, writer_held


async def test_chats_that_have_mail_are_heard_of_before_whoever_waits_for_the_commit_goes_on(store: Store) -> None:
    heard: list[set[int]] = []
    store.listen(NewsKind.MAIL, lambda news: heard.append(news.chats))
    await store.transact(lambda t: [t.outbox.add(Outgoing(chat, "hello"), NOW) for chat in (ADA, GRACE, ADA)])
    assert heard == [{ADA, GRACE}]


async def test_the_earliest_timer_is_heard_of(store: Store) -> None:
    heard: list[float | None] = []
    store.listen(NewsKind.TIMER, lambda news: heard.append(news.due_at))
    await store.transact(lambda t: [t.timers.set("note", NOW + after) for after in (20, 10, 30)])
    assert heard == [NOW + 10]


async def test_a_commit_that_leaves_nothing_to_do_is_no_news(store: Store) -> None:
    heard: list[News] = []
    store.listen(NewsKind.MAIL, heard.append)
    await store.transact(lambda t: t.learners.meet(ADA, "Ada", None, None, NOW))
    assert heard == []


async def test_work_that_failed_brings_no_news_and_takes_none_from_the_others_of_its_commit(store: Store) -> None:
    heard: list[set[int]] = []
    store.listen(NewsKind.MAIL, lambda news: heard.append(news.chats))

    def failing(tables: Tables) -> None:
        tables.outbox.add(Outgoing(GRACE, "hello"), NOW)
        raise Mishap

    async with writer_held(store):
        going = handed_in(store, lambda t: t.outbox.add(Outgoing(ADA, "hello"), NOW), failing)
    await going[0]
    with pytest.raises(Mishap):
        await going[1]
    assert heard == [{ADA}]


async def test_who_no_longer_listens_hears_nothing(store: Store) -> None:
    heard: list[News] = []
    store.listen(NewsKind.MAIL, heard.append)
    store.unlisten(heard.append)
    await store.transact(lambda t: t.outbox.add(Outgoing(ADA, "hello"), NOW))
    assert heard == []


async def test_mail_is_no_news_of_timers_nor_the_other_way_round(store: Store) -> None:
    mail: list[News] = []
    timers: list[News] = []
    store.listen(NewsKind.MAIL, mail.append)
    store.listen(NewsKind.TIMER, timers.append)
    await store.transact(lambda t: t.outbox.add(Outgoing(ADA, "hello"), NOW))
    assert (len(mail), len(timers)) == (1, 0)
    await store.transact(lambda t: t.timers.set("note", NOW))
    assert (len(mail), len(timers)) == (1, 1)
