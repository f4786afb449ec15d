"""What instructors can do with their classes, and that nobody else can."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from bot.domain import tokens
from bot.domain.classes import Cohort, Pulse
from bot.domain.messages import Key, Outgoing
from bot.domain.people import TicketKind
from bot.features.announcements.buttons import Announce
from bot.features.assignments.buttons import AssignNow, Unassign
from bot.features.classes.buttons import (
    Card,
    Classes,
    End,
    EndNow,
    Invite,
    NewCode,
    NewCodeNow,
    Rename,
    SetOpen,
    TeachAlong,
)
from bot.features.instructors import handlers as appointing
from bot.features.instructors.buttons import Appointed, AppointNow, Dismiss, DismissNow, InviteInstructor
from bot.features.pulse.buttons import WatchPulse
from bot.features.report.buttons import Report
from bot.store import Tables
from bot.telegram.actions import Action
from bot.turns.buttons import NewClass
from bot.turns.turn import OfferMenu
from tests.support.desk import ADA, GRACE, IRIS, JUNO, ROUTES, Desk, keys
from tests.support.school import LESSON, appoint, join, make, members, pass_quiz

INSTANCES: dict[type[Action], Action] = {
    TeachAlong: TeachAlong("s" * 43),
    AssignNow: AssignNow(1, LESSON, 1),
    Unassign: Unassign(1, LESSON),
    NewCodeNow: NewCodeNow(1, "ABCDEFGH"),
    SetOpen: SetOpen(1, 0),
    **{kind: kind() for kind in (Classes, NewClass, Appointed, InviteInstructor)},
}


def an(action: type[Action], number: int = 1) -> Action:
    """One with this class, announcement or person."""
    return INSTANCES.get(action) or action(number)  # type: ignore[call-arg]


# Authority


TAUGHT = [action for action in ROUTES.actions.values() if action not in ROUTES.open_actions]
"""Buttons for instructors only."""


@pytest.mark.parametrize("command", [command.name for command in ROUTES.teaching])
async def test_a_learner_cannot_use_an_instructor_s_command(desk: Desk, command: str) -> None:
    await make(desk)
    for text in (f"/{command}", f"/{command} Autumn"):
        assert "is for instructors" in (await desk.says(text)).text
    assert "small talk" in (await desk.says("Autumn")).text, "nothing was asked"


@pytest.mark.parametrize("action", TAUGHT, ids=lambda action: action.__name__)
async def test_a_learner_cannot_press_an_instructor_s_button(desk: Desk, action: type[Action]) -> None:
    await make(desk)
    shown = await desk.presses(an(action))
    assert (shown.toast, shown.alert, shown.messages) == ("This is for instructors.", True, ())


OF_A_CLASS = [kind for kind in TAUGHT if "cohort" in kind.__dataclass_fields__]


@pytest.mark.parametrize("action", OF_A_CLASS, ids=lambda action: action.__name__)
async def test_another_s_class_is_not_theirs(desk: Desk, action: type[Action]) -> None:
    cohort = await make(desk, "Secret")
    await appoint(desk)
    shown = await desk.presses(an(action, cohort.id), learner=JUNO)
    assert (shown.toast, shown.messages) == ("This class is not yours.", ())
    assert await desk.store.read(lambda t: t.cohorts.get(cohort.id)) == cohort
    assert await desk.store.read(lambda t: t.timers.all()) == []


async def test_a_dismissed_instructor_can_do_nothing_any_more(desk: Desk) -> None:
    await appoint(desk)
    cohort = await make(desk, "Winter", JUNO)
    await desk.presses(Announce(cohort.id), learner=JUNO)
    await desk.presses(Rename(cohort.id), learner=JUNO)
    listed = await desk.says("/appoint", learner=IRIS)
    asked = await desk.presses(listed.key("Remove"), learner=IRIS)
    done = await desk.presses(asked.key("Remove"), learner=IRIS)
    assert "Nobody yet" in done.text
    assert "is for instructors" in (await desk.says("Renamed", learner=JUNO)).text
    assert (await desk.presses(Card(cohort.id), learner=JUNO)).alert
    kept = await desk.store.read(lambda t: t.cohorts.get(cohort.id))
    assert kept
    assert kept.name == "Winter"
    assert await desk.store.read(lambda t: t.cohorts.instructors(cohort.id)) == [IRIS]
    assert (await desk.presses(asked.key("Remove"), learner=IRIS)).toast == "They are no longer an instructor."


# Making classes


async def test_a_class_is_made_and_shown(desk: Desk) -> None:
    shown = await desk.says("/newclass  Autumn <b>2026</b> ", learner=IRIS)
    (cohort,) = await desk.store.read(lambda t: t.cohorts.taught_by(IRIS))
    assert cohort.name == "Autumn <b>2026</b>"
    link = f"https://t.me/tutor_bot?start=j{cohort.code}"
    for part in (cohort.name, tokens.shown_code(cohort.code), link, "0 learners enrolled", f"Learner {IRIS}"):
        assert part in shown.text
    assert shown.key("Copy").copy == link
    assert {"type": "text_link", "url": link} in [
        {k: v for k, v in e.items() if k in ("type", "url")} for e in shown.only.entities
    ]
    for label in ("Report", "Pulse", "Announce", "Assign", "New code", "Close joining", "Rename", "End class"):
        assert shown.key(label)


async def test_the_name_is_asked_for_until_it_does(desk: Desk) -> None:
    assert "What is the class called" in (await desk.says("/newclass", learner=IRIS)).text
    for bad in ("x" * 61, "two\nlines", "a\tb", "\u202eevil", "\u200b", "a\x00b"):
        said = (await desk.says(bad, learner=IRIS)).text
        assert "Send me" in said
        assert bad not in said
    await desk.says("x" * 60, learner=IRIS)
    assert [c.name for c in await desk.store.read(lambda t: t.cohorts.taught_by(IRIS))] == ["x" * 60]


async def test_a_code_that_is_taken_is_drawn_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["AAAAAAAA", "AAAAAAAA", "BBBBBBBB", "AAAAAAAA", "CCCCCCCC"])
    monkeypatch.setattr(tokens, "code", lambda: next(drawn))
    first, second = await make(desk, "One"), await make(desk, "Two")
    assert (first.code, second.code) == ("AAAAAAAA", "BBBBBBBB")
    await desk.presses(NewCodeNow(second.id, second.code), learner=IRIS)
    assert await desk.store.read(lambda t: t.cohorts.by_code("CCCCCCCC"))


async def test_the_list_has_a_button_a_class(desk: Desk) -> None:
    assert "no class yet" in (await desk.says("/classes", learner=IRIS)).text
    for name in ("One", "Two"):
        await make(desk, name)
    listed = await desk.says("/classes", learner=IRIS)
    assert listed.labels == ["Two · 0 learners", "One · 0 learners", "+ New class"]
    assert "Two" in (await desk.presses(listed.key("Two"), learner=IRIS)).text


# The card


async def test_a_new_code_is_asked_for_once_more_and_made_once(desk: Desk) -> None:
    cohort = await make(desk)
    asked = await desk.presses(NewCode(cohort.id), learner=IRIS)
    for _ in range(2):
        shown = await desk.presses(asked.key("New code"), learner=IRIS)
    changed = await desk.store.read(lambda t: t.cohorts.get(cohort.id))
    assert changed
    assert changed.code != cohort.code
    assert tokens.shown_code(changed.code) in shown.text
    assert "No class has the code" in (await desk.says(f"/join {cohort.code}")).text
    assert "Autumn" in (await desk.says(f"/join {changed.code}")).text


async def test_joining_is_closed_and_opened(desk: Desk) -> None:
    cohort = await make(desk)
    shown = await desk.presses(SetOpen(cohort.id, 0), learner=IRIS)
    assert "Joining is closed" in shown.text
    shown = await desk.presses(shown.key("Open joining"), learner=IRIS)
    assert "Joining is closed" not in shown.text


async def test_a_class_is_renamed(desk: Desk) -> None:
    cohort = await make(desk)
    await desk.presses(Rename(cohort.id), learner=IRIS)
    assert "shorter" in (await desk.says("x" * 61, learner=IRIS)).text
    assert "Winter" in (await desk.says("Winter", learner=IRIS)).text
    asked = await desk.presses(Rename(cohort.id), learner=IRIS)
    await desk.presses(asked.key("Cancel"), learner=IRIS)
    assert "small talk" in (await desk.says("4", learner=IRIS)).text, "a later message is no name"


async def test_the_end_is_asked_for_once_more_and_takes_all_along(desk: Desk) -> None:
    cohort = await make(desk)
    await join(desk, cohort, ADA)
    await desk.presses(AssignNow(cohort.id, LESSON, int(desk.now // 60) + 3000), learner=IRIS)
    asked = await desk.presses(End(cohort.id), learner=IRIS)
    assert "1 learner" in asked.text
    assert await members(desk, cohort) == [ADA]
    await desk.presses(asked.key("End"), learner=IRIS)
    assert await members(desk, cohort) == []
    assert [t.kind for t in await desk.store.read(lambda t: t.timers.all())] == []
    assert (await desk.presses(asked.key("End"), learner=IRIS)).toast == "This class is not yours."


# Which class


async def test_a_command_asks_for_the_class_when_there_are_several(desk: Desk) -> None:
    assert "no class yet" in (await desk.says("/report", learner=IRIS)).text
    one, two = await make(desk, "One"), await make(desk, "Two days")
    asked = await desk.says("/report", learner=IRIS)
    assert asked.labels == ["Two days", "One"]
    for text in ("/report one", f"/report {tokens.shown_code(one.code)}", "/report ONE "):
        await desk.says(text, learner=IRIS)
        (timer,) = await desk.store.read(lambda t: t.timers.all())
        assert timer.payload["cohort"] == one.id
    await desk.presses(asked.key("Two"), learner=IRIS)
    assert len(await desk.store.read(lambda t: t.timers.all())) == 2
    await desk.says("/report", learner=IRIS)
    assert (await desk.says("three", learner=IRIS)).labels == ["Two days", "One"]
    await desk.says("two days", learner=IRIS)
    assert two.id in [t.payload["cohort"] for t in await desk.store.read(lambda t: t.timers.all())]
    assert "small talk" in (await desk.says("Thanks!", learner=IRIS)).text, "nothing is asked any more"


async def test_the_only_class_may_be_named_too(desk: Desk) -> None:
    await make(desk)
    assert "should have passed the quiz" in (await desk.says("/assign Autumn: in 3 days", learner=IRIS)).text


async def test_a_class_that_ended_meanwhile_is_not_chosen(desk: Desk) -> None:
    cohorts = [await make(desk, name) for name in ("One", "Two")]
    await desk.says("/report", learner=IRIS)

    def end(tables: Tables) -> None:  # by a co-instructor
        for cohort in cohorts:
            tables.cohorts.end(cohort.id, desk.now)

    await desk.store.transact(end)
    assert "no class yet" in (await desk.says("one", learner=IRIS)).text


async def test_classes_of_one_name_are_told_apart_by_a_button(desk: Desk) -> None:
    await make(desk, "Autumn")
    await make(desk, "Autumn")
    assert (await desk.says("/report Autumn", learner=IRIS)).labels == ["Autumn", "Autumn"]


# Reports and pulse


async def test_a_report_comes_from_the_clockwork(desk: Desk) -> None:
    cohort = await make(desk)
    await join(desk, cohort, ADA, GRACE)
    quiz = await desk.says("/quiz", learner=ADA)
    await desk.presses(quiz.key("A"), learner=ADA)
    assert (await desk.says("/report", learner=IRIS)).messages == ()
    report, *gradebooks = (await desk.ticks())[IRIS]
    for part in ("Autumn", "2 learners enrolled", "1 started", "0 passed", "1 never started", "Weakest question"):
        assert part in report.text
    documents = [message.attachment for message in gradebooks if message.attachment]
    assert [document.name for document in documents] == ["gradebook.csv", "gradebook.xlsx"]


async def test_the_gradebook_in_the_chat_opens_in_any_spreadsheet(desk: Desk) -> None:
    """Q14: XLSX too; both tell their time zone in the header, and have times, not texts. That zone is the
    instructor's."""
    cohort = await make(desk)
    await join(desk, cohort, ADA)
    await desk.says("/zone Europe/Berlin", learner=IRIS)
    await pass_quiz(desk, ADA)
    await desk.says("/report", learner=IRIS)
    _, written, book = (await desk.ticks())[IRIS]
    assert written.attachment
    assert book.attachment
    assert "Times: Europe/Berlin" in written.text
    header, row = written.attachment.content.decode("utf-8-sig").splitlines()
    submitted = datetime.fromtimestamp(desk.now, ZoneInfo("Europe/Berlin")).replace(tzinfo=None)
    assert header.split(",")[4] == "submitted (Europe/Berlin)"
    in_csv = datetime.strptime(row.split(",")[4], "%Y-%m-%d %H:%M:%S")
    assert abs(in_csv - submitted) < timedelta(minutes=1)
    page = load_workbook(io.BytesIO(book.attachment.content)).active
    assert (page["E1"].value, page["E2"].value) == ("submitted (Europe/Berlin)", in_csv)


async def test_a_report_is_for_those_who_teach_the_class_when_it_is_built(desk: Desk) -> None:
    await appoint(desk)
    cohort = await make(desk, "Winter", JUNO)
    await desk.presses(Report(cohort.id), learner=JUNO)
    await desk.presses(DismissNow(JUNO), learner=IRIS)
    (said,) = (await desk.ticks())[JUNO]
    assert said.text == "This class is not yours."


async def test_a_pulse_is_edited_when_it_changes_until_its_time_is_over(desk: Desk) -> None:
    cohort = await make(desk)
    await join(desk, cohort, ADA)
    await desk.presses(Card(cohort.id), learner=IRIS)
    await desk.says("/pulse", learner=IRIS)
    (first,) = (await desk.ticks())[IRIS]
    assert "0 of 1 learner here" in first.text
    assert labels(first) == ["Stop"]
    assert await desk.ticks(4) == {}, "nothing has changed"
    await desk.says("/quiz", learner=ADA)
    (second,) = (await desk.ticks(4))[IRIS]
    assert second.key == first.key
    assert "1 of 1 learner here" in second.text
    assert "Question 1" in second.text
    assert "Learner 1001" not in second.text
    assert await desk.ticks(1) == {}, "every three seconds"
    (last,) = (await desk.ticks(900))[IRIS]
    assert labels(last) == ["Go on for 15 minutes"]
    assert await desk.ticks(10) == {}
    await desk.presses(key(last, "Go on"), learner=IRIS)
    (again,) = (await desk.ticks())[IRIS]
    assert labels(again) == ["Stop"]
    stopped = await desk.presses(key(again, "Stop"), learner=IRIS)
    assert "Stopped" in stopped.text
    assert stopped.only.key == first.key
    assert await desk.ticks(10) == {}
    assert (await desk.presses(key(again, "Stop"), learner=IRIS)).toast == "It has stopped already."


async def test_a_chat_watches_one_class_at_a_time(desk: Desk) -> None:
    one, two = await make(desk, "One"), await make(desk, "Two")
    await desk.presses(WatchPulse(one.id), learner=IRIS)
    await desk.ticks()
    moved = await desk.presses(WatchPulse(two.id), learner=IRIS)
    assert "One · Stopped" in moved.text
    (shown,) = (await desk.ticks())[IRIS]
    assert "Two · Live" in shown.text


async def test_a_pulse_ends_with_the_right_to_see_it(desk: Desk) -> None:
    await appoint(desk)
    cohort = await make(desk, "Winter", JUNO)
    await desk.presses(WatchPulse(cohort.id), learner=JUNO)
    await desk.ticks()
    await desk.presses(DismissNow(JUNO), learner=IRIS)
    await join(desk, cohort, ADA)
    (stopped,) = (await desk.ticks(4))[JUNO]
    assert "Stopped" in stopped.text
    assert "0 learners" in stopped.text, "nothing newer than what stood there"
    assert await pulse_of(desk, JUNO) is None
    assert await desk.ticks(4) == {}


async def pulse_of(desk: Desk, chat: int) -> Pulse | None:
    return await desk.store.read(lambda t: t.pulses.of(chat))


def labels(message: Outgoing) -> list[str]:
    return [k.text for k in keys(message)]


def key(message: Outgoing, label: str) -> Key:
    return next(k for k in keys(message) if label in k.text)


# The dashboard


async def test_a_link_to_the_dashboard_is_good_once(desk: Desk) -> None:
    shown = await desk.says("/dashboard", learner=IRIS)
    (secret,) = re.findall(r"https://tutor\.example/dashboard/enter/([\w-]{43})", shown.text)
    assert "once" in shown.text
    assert "10 minutes" in shown.text
    assert "forward" in shown.text
    await desk.says("/dashboard", learner=IRIS)

    def take(tables: Tables) -> list[object]:
        late = tables.tickets.look(tokens.hashed(secret), desk.now + 600)
        return [late, tables.tickets.take(tokens.hashed(secret), desk.now), tables.tickets.take(secret, desk.now)]

    late, ticket, again = await desk.store.transact(take)
    assert late is None
    assert ticket is not None, "a new one makes no old one invalid"
    assert (ticket.kind, ticket.issued_by) == (TicketKind.DASHBOARD, IRIS)  # type: ignore[attr-defined]
    assert again is None


async def test_links_that_are_over_are_forgotten(desk: Desk) -> None:
    await desk.says("/dashboard", learner=IRIS)
    desk.now += 300
    await desk.says("/dashboard", learner=IRIS)
    await desk.store.transact(lambda t: t.timers.set("forget_tickets", desk.now))
    await desk.ticks(400)
    assert await desk.store.read(lambda t: t.tickets._db["tickets"].count) == 1


# Appointing


def secret_in(text: str, letter: str) -> str:
    (found,) = re.findall(rf"https://t\.me/tutor_bot\?start=({letter}[\w-]{{43}})", text)
    return str(found)


async def test_a_link_makes_one_person_an_instructor(desk: Desk) -> None:
    made = await desk.presses((await desk.says("/appoint", learner=IRIS)).key("Make a link"), learner=IRIS)
    payload = secret_in(made.text, "i")
    offers = [await desk.says(f"/start {payload}", learner=person) for person in (JUNO, ADA)]
    assert f"Learner {IRIS} invites you" in offers[0].text
    assert not await desk.store.read(lambda t: t.instructors.all()), "opening it does nothing yet"
    welcome = await desk.presses(offers[0].key("Become"), learner=JUNO)
    assert "You are an instructor now" in welcome.text
    assert [m.text for m in (await desk.waiting())[IRIS]] == [f"Learner {JUNO} is an instructor now."]
    late = await desk.presses(offers[1].key("Become"), learner=ADA)
    assert "not good any more" in late.toast
    assert "does not work" in (await desk.says(f"/start {payload}", learner=ADA)).text
    assert "already" in (await desk.says(f"/start {payload}", learner=JUNO)).text
    assert [i.id for i in await desk.store.read(lambda t: t.instructors.all())] == [JUNO]


async def test_an_invitation_ends_after_a_day(desk: Desk) -> None:
    made = await desk.presses(InviteInstructor(), learner=IRIS)
    payload = secret_in(made.text, "i")
    offered = await desk.says(f"/start {payload}", learner=JUNO)
    desk.now += 86400
    assert "does not work" in (await desk.says(f"/start {payload}", learner=ADA)).text
    assert "not good" in (await desk.presses(offered.key("Become"), learner=JUNO)).toast


async def test_a_new_instructor_is_offered_the_menu_with_the_press_that_makes_them_one(desk: Desk) -> None:
    made = await desk.presses(InviteInstructor(), learner=IRIS)
    offered = await desk.says(f"/start {secret_in(made.text, 'i')}", learner=JUNO)
    assert (await desk.presses(offered.key("Become"), learner=JUNO)).effects == (OfferMenu(JUNO, True),)
    assert (await desk.presses(Appointed(), learner=IRIS)).effects == (), "no other press needs one"


async def test_somebody_the_bot_has_met_is_appointed_by_name_or_id(desk: Desk) -> None:
    await desk.says("/start", learner=JUNO, username="juno")
    assert "is an instructor now" in (await desk.says("/appoint @Juno", learner=IRIS)).text
    assert "made you an instructor" in (await desk.waiting())[JUNO][0].text
    assert "already" in (await desk.says(f"/appoint {JUNO}", learner=IRIS)).text
    assert "already" in (await desk.says(f"/appoint {IRIS}", learner=IRIS)).text
    for nobody in ("@nobody", "@", "99", "9" * 40, "٣", "<b>"):
        assert "never met" in (await desk.says(f"/appoint {nobody}", learner=IRIS)).text


async def appointed(desk: Desk) -> list[int]:
    return [one.id for one in await desk.store.read(lambda t: t.instructors.all())]


@pytest.mark.parametrize("later", ["prof", "PROF", "pRoF"])
async def test_r6_a_name_that_passed_on_appoints_who_has_it_now_and_only_once_that_is_confirmed(
    desk: Desk, later: str
) -> None:
    await desk.says("/start", learner=ADA, name="Ada", username="Prof")
    await desk.says("/start", learner=GRACE, name="Grace", username=later)
    asked = await desk.says("/appoint @prof", learner=IRIS)
    for words in ("Do you mean Grace?", f"@{later}: last heard from", "Somebody else had this username before"):
        assert words in asked.text
    assert await appointed(desk) == []
    assert "Grace is an instructor now" in (await desk.presses(asked.key("Yes"), learner=IRIS)).text
    assert await appointed(desk) == [GRACE]
    assert "made you an instructor" in (await desk.waiting())[GRACE][0].text
    assert "already" in (await desk.presses(asked.key("Yes"), learner=IRIS)).toast
    ada = await desk.store.read(lambda t: t.learners.get(ADA))
    assert ada
    assert ada.username is None


async def test_r6_a_name_that_was_heard_long_ago_is_asked_about(desk: Desk) -> None:
    """It may have passed on to somebody the bot has never met."""
    await desk.says("/start", learner=JUNO, name="Juno", username="juno")
    desk.now += appointing.SURE_SECONDS + 1
    asked = await desk.says("/appoint @juno", learner=IRIS)
    assert "Do you mean Juno?" in asked.text
    assert "@juno: last heard from Friday, 15 January 2027, 08:00 (UTC)" in asked.text
    assert await appointed(desk) == []
    assert "works once" in (await desk.presses(asked.key("Make a link"), learner=IRIS)).text
    await desk.says("/help", learner=JUNO, name="Juno", username="juno")
    sure = await desk.says("/appoint @juno", learner=IRIS)
    assert "Juno is an instructor now" in sure.text
    assert "@juno: last heard from" in sure.text
    assert await appointed(desk) == [JUNO]


async def test_r6_an_id_is_sure_however_long_ago(desk: Desk) -> None:
    await desk.says("/start", learner=JUNO, username="juno")
    desk.now += 100 * appointing.SURE_SECONDS
    await desk.says(f"/appoint {JUNO}", learner=IRIS)
    assert await appointed(desk) == [JUNO]


async def test_r6_who_dropped_their_name_is_not_found_by_it(desk: Desk) -> None:
    await desk.says("/start", learner=JUNO, username="juno")
    await desk.says("/help", learner=JUNO)
    assert "never met" in (await desk.says("/appoint @juno", learner=IRIS)).text


async def test_r6_a_name_that_a_stranger_has_in_a_group_is_nobody_elses(desk: Desk) -> None:
    await desk.says("/start", learner=JUNO, username="juno")
    stranger = 4242
    await desk.comes(stranger, chat=-5, private=False, username="Juno", text="/help", message=3)
    assert "never met" in (await desk.says("/appoint @juno", learner=IRIS)).text
    assert await desk.store.read(lambda t: t.learners.get(stranger)) is None


async def test_r6_what_was_sent_earlier_and_came_later_takes_no_name(desk: Desk) -> None:
    """Messages wait at Telegram for a day, and learners' messages go side by side."""
    await desk.says("/start", learner=GRACE, name="Grace", username="prof")
    await desk.says("/start", learner=ADA, name="Ada", username="prof", sent_at=desk.now - 3600)
    assert "Grace is an instructor now" in (await desk.says("/appoint @prof", learner=IRIS)).text


async def test_r6_who_has_their_own_name_back_is_sure(desk: Desk) -> None:
    for learner, name in ((ADA, "prof"), (GRACE, "prof"), (GRACE, "grace"), (ADA, "prof")):
        await desk.says("/start", learner=learner, name=f"L{learner}", username=name)
    assert "is an instructor now" in (await desk.says("/appoint @prof", learner=IRIS)).text, (
        "nobody else has had it since"
    )
    assert await appointed(desk) == [ADA]


async def test_only_those_whom_the_settings_name_appoint(desk: Desk) -> None:
    await appoint(desk)
    assert "named in the bot's settings" in (await desk.says(f"/appoint {ADA}", learner=JUNO)).text
    for action in (
        Appointed(),
        AppointNow(ADA),
        InviteInstructor(),
        Dismiss(JUNO),
        DismissNow(JUNO),
    ):
        shown = await desk.presses(action, learner=JUNO)
        assert (shown.alert, shown.messages) == (True, ())
    assert [i.id for i in await desk.store.read(lambda t: t.instructors.all())] == [JUNO]


async def invited(desk: Desk, cohort: Cohort) -> str:
    return secret_in((await desk.presses(Invite(cohort.id), learner=IRIS)).text, "c")


async def test_a_co_instructor_teaches_along(desk: Desk) -> None:
    cohort = await make(desk)
    payload = await invited(desk, cohort)
    assert "is for instructors" in (await desk.says(f"/start {payload}", learner=JUNO)).text
    await appoint(desk)
    offered = await desk.says(f"/start {payload}", learner=JUNO)
    assert "teach Autumn" in offered.text
    assert (await desk.presses(offered.key("Teach"), learner=ADA)).alert
    card = await desk.presses(offered.key("Teach"), learner=JUNO)
    assert f"Learner {IRIS}, Learner {JUNO}" in card.text
    assert "teaches Autumn with you" in (await desk.waiting())[IRIS][0].text
    assert "not good" in (await desk.presses(offered.key("Teach"), learner=JUNO)).toast
    assert await desk.store.read(lambda t: t.cohorts.instructors(cohort.id)) == [IRIS, JUNO]


async def test_a_co_instructor_s_link_ends_with_the_class(desk: Desk) -> None:
    cohort = await make(desk)
    await appoint(desk)
    payload = await invited(desk, cohort)
    offered = await desk.says(f"/start {payload}", learner=JUNO)
    await desk.presses(EndNow(cohort.id), learner=IRIS)
    assert "does not work" in (await desk.says(f"/start {payload}", learner=JUNO)).text
    assert "not good" in (await desk.presses(offered.key("Teach"), learner=JUNO)).toast


async def test_the_welcome_tells_instructors_of_their_commands_and_learners_not(desk: Desk) -> None:
    welcome = await desk.says("/start", learner=IRIS)
    assert "/newclass makes a class" in welcome.text
    assert "You teach no class yet" in (await desk.presses(welcome.key("My classes"), learner=IRIS)).text
    learners = await desk.says("/start", learner=ADA)
    assert "/newclass" not in learners.text
    assert not [label for label in learners.labels if "classes" in label]


async def test_a_class_whose_only_instructor_is_dismissed_goes_to_who_dismissed_them(desk: Desk) -> None:
    await appoint(desk)
    alone = await make(desk, "Alone", JUNO)
    shared = await make(desk, "Shared", JUNO)
    await desk.store.transact(lambda t: t.cohorts.add_instructor(shared.id, 4711, desk.now))
    await desk.presses(DismissNow(JUNO), learner=IRIS)
    teaching = await desk.store.read(lambda t: [t.cohorts.instructors(one.id) for one in (alone, shared)])
    assert teaching == [[IRIS], [4711]]
