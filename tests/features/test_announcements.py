"""An announcement is looked at, sent once, and followed until it has arrived."""

from __future__ import annotations

import pytest

from bot.domain.classes import Announcement, Cohort
from bot.domain.messages import Mode, Post
from bot.features.announcements import jobs as announcing
from bot.features.announcements.buttons import Announce
from bot.features.classes.buttons import EndNow
from bot.features.instructors.buttons import DismissNow
from bot.features.membership.buttons import LeaveNow
from bot.store import Tables
from bot.store.announcements import post_of
from bot.telegram.richtext import units
from tests.support.desk import ADA, GRACE, IRIS, JUNO, Desk
from tests.support.school import appoint, join, make, members

MORE = (2001, 2002, 2003)


async def a_class(desk: Desk, *learners: int) -> Cohort:
    cohort = await make(desk)
    await join(desk, cohort, *(learners or (ADA, GRACE)))
    return cohort


async def status(desk: Desk, seconds: float = 0.0) -> list[str]:
    """What the author is shown so many seconds later; what waits for others stays."""

    def own(tables: Tables) -> list[str]:
        texts = []
        while message := tables.outbox.next(IRIS):
            tables.outbox.drop(message.id)
            texts.append(message.text)
        return texts

    await desk.ticks(seconds, take=False)
    return await desk.store.transact(own)


def arrives(tables: Tables, announcement: int, *learners: int) -> None:
    """Telegram took the message for these learners."""
    for learner in learners:
        tables.posts.put(Post(learner, post_of(announcement), 7, False))


async def test_the_preview_is_what_learners_get(desk: Desk) -> None:
    await a_class(desk)
    preview = await desk.says("/announce Bring <b>your</b> laptop.\nTwo lines.", learner=IRIS, name="Iris *")
    assert preview.labels == ["Send to 2 learners", "Cancel"]
    done = await desk.presses(preview.key("Send to"), learner=IRIS, name="Iris *")
    (followed,) = [m for m in done.messages if m.key.startswith("spread:")]
    assert "Delivered to 0 of 2 · 2 waiting" in followed.text
    (kept,) = [m for m in done.messages if m.key == preview.only.key]
    assert (kept.mode, kept.keyboard) == (Mode.KEEP, ())
    waiting = await desk.waiting()
    assert set(waiting) == {ADA, GRACE}
    (got,) = waiting[ADA]
    assert got.text == preview.text == "📣 Autumn\n\nBring <b>your</b> laptop.\nTwo lines.\n\n– Iris *"
    assert (got.key, got.mode) == (post_of(1), Mode.NEW)
    assert [e["type"] for e in got.entities] == ["bold", "italic"], "nothing that people wrote is formatting"


async def test_a_double_press_sends_once(desk: Desk) -> None:
    await a_class(desk)
    preview = await desk.says("/announce Hello", learner=IRIS)
    await desk.presses(preview.key("Send to"), learner=IRIS)
    again = await desk.presses(preview.key("Send to"), learner=IRIS)
    assert again.toast == "It was sent already."
    assert [len(messages) for messages in (await desk.waiting()).values()] == [1, 1]
    assert (await desk.presses(preview.key("Cancel"), learner=IRIS)).toast == "It was sent already."


async def test_what_is_cancelled_is_not_sent(desk: Desk) -> None:
    await a_class(desk)
    preview = await desk.says("/announce Hello", learner=IRIS)
    assert (await desk.presses(preview.key("Cancel"), learner=IRIS)).text == "Nothing was sent."
    assert "nothing to send" in (await desk.presses(preview.key("Send to"), learner=IRIS)).toast
    assert await desk.ticks() == {}


async def test_who_leaves_before_is_not_written_to(desk: Desk) -> None:
    cohort = await a_class(desk)
    preview = await desk.says("/announce Hello", learner=IRIS)
    await desk.presses(LeaveNow(cohort.id), learner=GRACE)
    await desk.presses(preview.key("Send to"), learner=IRIS)
    assert set(await desk.waiting()) == {ADA}
    spread = await desk.store.read(lambda t: t.announcements.spread(1))
    assert spread.delivered + spread.waiting + len(spread.unreached) == 1


async def test_the_status_follows_it_and_names_those_not_reached(desk: Desk) -> None:
    cohort = await a_class(desk, ADA, GRACE, *MORE)
    preview = await desk.says("/announce Hello", learner=IRIS)
    await desk.presses(preview.key("Send to"), learner=IRIS)

    def some_arrive(tables: Tables) -> None:
        arrives(tables, 1, ADA, MORE[0])
        for learner in (ADA, MORE[0]):
            tables.outbox.clear(learner)

    await desk.store.transact(some_arrive)
    shown = await status(desk)
    assert "Delivered to 2 of 5 · 3 waiting" in shown[-1]
    assert await status(desk, 1) == [], "every two seconds, and only when it has changed"
    assert await status(desk, 3) == []

    def the_rest(tables: Tables) -> None:
        for learner in (GRACE, MORE[1]):
            tables.outbox.clear(learner)
            tables.learners.unreachable(learner)
        tables.outbox.clear(MORE[2])
        tables.cohorts.leave(cohort.id, MORE[1])

    await desk.store.transact(the_rest)
    (last,) = await status(desk, 2)
    assert "Delivered to 2 of 5" in last
    assert "waiting" not in last
    assert f"Learner {GRACE} – blocked the bot" in last
    assert f"Learner {MORE[2]} – could not be reached" in last
    assert str(MORE[1]) not in last, "who has left is not named"
    done = await desk.store.read(lambda t: t.announcements.get(1))
    assert done
    assert done.finished_at == desk.now
    assert await status(desk, 10) == []


async def test_at_most_twenty_are_named(desk: Desk) -> None:
    await a_class(desk, ADA, *range(3001, 3028))
    preview = await desk.says("/announce Hello", learner=IRIS)
    await desk.presses(preview.key("Send to"), learner=IRIS)

    def nobody(tables: Tables) -> None:
        for chat in tables.outbox.chats():
            tables.outbox.clear(chat)
            tables.learners.unreachable(chat)
        arrives(tables, 1, ADA)

    await desk.store.transact(nobody)
    (last,) = await status(desk)
    assert last.count("blocked the bot") == 20
    assert last.endswith("and 7 more")


async def test_who_blocked_the_bot_is_counted_before(desk: Desk) -> None:
    await a_class(desk)
    await desk.store.transact(lambda t: t.learners.unreachable(GRACE))
    preview = await desk.says("/announce Hello", learner=IRIS)
    assert preview.labels[0] == "Send to 1 learner"
    assert "1 learner blocked the bot" in preview.text
    await desk.presses(preview.key("Send to"), learner=IRIS)
    assert set(await desk.waiting()) == {ADA}


async def test_the_text_is_asked_for_and_has_a_limit(desk: Desk) -> None:
    cohort = await a_class(desk)
    asked = await desk.presses(Announce(cohort.id), learner=IRIS)
    assert "What shall I tell Autumn" in asked.text
    refused = await desk.says("x" * 3001, learner=IRIS)
    assert "3,001" in refused.text
    assert "3,000" in refused.text
    assert units("😀" * 1501) == 3002
    assert "3,002" in (await desk.says("😀" * 1501, learner=IRIS)).text
    preview = await desk.says("x" * 3000, learner=IRIS)
    assert preview.key("Send to 2 learners")
    assert "x" * 3000 in preview.text


async def test_a_class_without_anybody_has_nobody_to_tell(desk: Desk) -> None:
    await make(desk)
    assert "Nobody in Autumn can be reached" in (await desk.says("/announce Hello", learner=IRIS)).text


async def test_the_text_waits_while_a_class_is_chosen(desk: Desk) -> None:
    for name in ("One", "Two"):
        await join(desk, await make(desk, name), ADA)
    asked = await desk.says("/announce One day we meet.", learner=IRIS)
    assert asked.labels == ["Two", "One"], "a text may begin like a class"
    preview = await desk.presses(asked.key("Two"), learner=IRIS)
    assert preview.text.startswith("📣 Two\n\nOne day we meet.")
    named = await desk.says("/announce one: We meet.", learner=IRIS)
    assert named.text.startswith("📣 One\n\nWe meet.")
    await desk.says("/announce Hello", learner=IRIS)
    assert (await desk.says("two", learner=IRIS)).text.startswith("📣 Two\n\nHello")
    late = await desk.presses(asked.key("One"), learner=IRIS)
    assert "What shall I tell One" in late.text, "the text was for one class"


async def test_another_s_draft_cannot_be_sent(desk: Desk) -> None:
    await a_class(desk)
    await appoint(desk)
    preview = await desk.says("/announce Hello", learner=IRIS)
    for label in ("Send to", "Cancel"):
        shown = await desk.presses(preview.key(label), learner=JUNO)
        assert "nothing to send" in shown.toast
        assert not shown.messages
    assert await desk.ticks() == {}
    assert await desk.store.read(lambda t: t.announcements.get(1))


async def test_a_draft_is_not_sent_once_the_class_has_ended(desk: Desk) -> None:
    cohort = await a_class(desk)
    preview = await desk.says("/announce Hello", learner=IRIS)
    await desk.presses(EndNow(cohort.id), learner=IRIS)
    assert (await desk.presses(preview.key("Send to"), learner=IRIS)).toast == "This class is not yours."
    assert await desk.ticks() == {}


async def test_who_teaches_the_class_no_more_is_told_no_names(desk: Desk) -> None:
    await appoint(desk)
    cohort = await make(desk, "Winter", JUNO)
    await join(desk, cohort, ADA)
    preview = await desk.says("/announce Hello", learner=JUNO)
    await desk.presses(preview.key("Send to"), learner=JUNO)
    await desk.presses(DismissNow(JUNO), learner=IRIS)

    def blocked(tables: Tables) -> None:
        tables.outbox.clear(ADA)
        tables.learners.unreachable(ADA)

    await desk.store.transact(blocked)
    (last,) = (await desk.ticks(3))[JUNO]
    assert "Delivered to 0 of 1" in last.text
    assert str(ADA) not in last.text


@pytest.mark.parametrize("text", ["", "  \n "])
async def test_a_draft_needs_a_text(desk: Desk, text: str) -> None:
    cohort = await a_class(desk)

    def draft(tables: Tables) -> Announcement:
        return announcing.draft_to(tables, cohort, IRIS, text, [ADA], desk.now)

    with pytest.raises(ValueError, match="needs a text"):
        await desk.store.transact(draft)
    assert await members(desk, cohort) == [ADA, GRACE]
