"""Screens of classes: within Telegram's limits also in the worst case, and people's words always plain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from telegram import Bot

from bot.domain import classes as domain_classes
from bot.domain import dates, tokens, zones
from bot.domain.classes import Announcement, Cohort, Member, Pulse, Spread
from bot.domain.people import Instructor, Learner
from bot.features.announcements import screens as announcing
from bot.features.assignments import screens as assigning
from bot.features.classes import screens as teaching
from bot.features.instructors import screens as appointing
from bot.features.membership import screens as classes
from bot.features.preferences import screens as preferences_screens
from bot.features.pulse import jobs as class_pulse
from bot.features.reading import screens as reading_screens
from bot.features.report.buttons import Report
from bot.features.sign_in import screens as watching
from bot.reports.values import ChoiceCount, LiveQuestion, PulseFigures, Whereabouts
from bot.telegram.screen import Screen
from bot.telegram.sender import Sender
from bot.turns import screens as turns_screens
from lessons.model import Course
from tests.support.desk import ADA, NOW
from tests.support.limits import BIG, NAMES, within_limits
from tests.support.served import Served

ZONE = zones.zone("America/Argentina/ComodRivadavia")
CODE = "M" * tokens.CODE_LENGTH
SECRET = "s" * 43
URL = "https://t.me/" + "b" * 32 + "?start=c" + SECRET


def a_cohort(name: str) -> Cohort:
    return Cohort(10**9, name[:60], CODE, "salt", NOW)


def learners(course: Course, name: str) -> Iterator[Screen]:
    cohort = a_cohort(name)
    due = [domain_classes.Due(lesson.title, NOW, passed) for lesson in course.lessons for passed in (True, False)] * 20
    enrolled = classes.Enrolled(cohort, (name,) * 30, tuple(due))
    yield classes.offer(cohort, [name] * 30)
    yield classes.offer(cohort, [])
    yield classes.joined(cohort, due, ZONE)
    yield classes.already_in(cohort, [], ZONE)
    yield classes.mine([enrolled], ZONE, False)
    yield classes.mine([enrolled] * 40, ZONE, True)
    yield classes.mine([], ZONE, False)
    yield from (classes.leave(cohort), classes.left(cohort), classes.own_class(cohort), classes.closed(cohort))
    yield from (classes.bad_code(name * 90), preferences_screens.unknown_zone(name * 90, zones.alike("Berln")))
    yield from (
        classes.ask_for_code(),
        classes.not_now("MMMM-MMMM"),
        turns_screens.bad_link(),
        reading_screens.lesson_gone(),
    )
    yield from (
        preferences_screens.ask_for_zone(None),
        preferences_screens.ask_for_zone(str(ZONE)),
        preferences_screens.zone_set(str(ZONE), NOW, ZONE),
    )


def instructors(course: Course, name: str) -> Iterator[Screen]:
    cohort = a_cohort(name)
    assigned = tuple(teaching.Assigned(lesson.id, lesson.title, NOW) for lesson in course.lessons * 12)
    for some in ((), assigned):
        yield teaching.card(teaching.Details(cohort, "MMMM-MMMM", URL, 10**6, (name,) * 30, some, ZONE))
    yield teaching.class_list([(cohort, 10**6)] * 99)
    yield turns_screens.which([cohort] * 99, [Report(10**9)] * 99)
    yield from (teaching.ask_name(), teaching.ask_name(cohort), teaching.bad_name(4000, 60), teaching.bad_name(0, 60))
    yield from (teaching.new_code(cohort), teaching.end(cohort, 10**6), teaching.ended(name), turns_screens.not_yours())
    yield from (teaching.along_link(cohort, URL), teaching.along_offer(cohort, name, SECRET), turns_screens.none_yet())
    yield from (teaching.along_news(cohort, name), teaching.only_instructors(), watching.dashboard(URL))
    people = [Instructor(BIG, name, BIG, NOW)] * 99
    yield from (appointing.appointed(people), appointing.appointed([]), appointing.dismiss(people[0]))
    yield from (appointing.invitation(URL), appointing.offer(name, SECRET), appointing.welcome(name))
    yield from (appointing.is_already(name), appointing.news(name), appointing.never_met(name * 90))
    yield from (appointing.not_yours(), appointing.already())
    for inherited in (True, False):
        met = Learner(BIG, name, "x" * 32, heard_at=NOW, inherited=inherited)
        yield from (appointing.who_is_meant(met, ZONE), appointing.appointed_now(met, ZONE))


def messages(course: Course, name: str) -> Iterator[Screen]:
    cohort, lesson = a_cohort(name), course.lessons[0]
    draft = Announcement(BIG, 1, 1, "x" * 3000, NOW)
    members = [Member(i, name, None, NOW, bool(i % 2)) for i in range(99)]
    yield from (announcing.ask(cohort), announcing.nobody(cohort), announcing.too_long(4096, 3000))
    yield from (announcing.preview(cohort, draft, name, 10**6, 10**6), announcing.dropped())
    yield announcing.status(cohort.name, Spread(10**6, 10**6, tuple(members)), members)
    yield announcing.status(cohort.name, Spread(10**6, 0, tuple(members)), members)
    yield assigning.ask(cohort, course, dates.EXAMPLES)
    yield assigning.preview(cohort, lesson, int(NOW // 60), ZONE, NOW)
    yield assigning.preview(cohort, lesson, int(NOW // 60), None, None)
    yield assigning.unknown_lesson(name * 90, [], course, dates.EXAMPLES)
    yield assigning.unknown_lesson(name * 90, course.lessons * 20, course, dates.EXAMPLES)
    yield from (assigning.not_a_date(name * 90, dates.EXAMPLES), assigning.not_a_date("", dates.EXAMPLES))
    yield from (assigning.past(NOW, ZONE), assigning.too_far(NOW, ZONE))
    yield assigning.assigned(cohort.name, lesson, NOW, ZONE)
    yield assigning.reminder(cohort.name, lesson, NOW, ZONE)


def pulses(course: Course, name: str) -> Iterator[Screen]:
    member = Member(1, name, None, NOW)
    titles = [section.title for lesson in course.lessons for section in lesson.sections]
    places = tuple(Whereabouts("t", title, (member,) * 300) for title in titles * 9)
    choices = tuple(ChoiceCount(letter, "x" * 100, False, 300, 300) for letter in "ABCDEFGHIJ")
    question = LiveQuestion("l", "q", 10, "x" * 300, 300, 300, 300, choices)
    for asked in (None, question):
        figures = PulseFigures(300, 300, places, 300, 300, 300, 300, asked)
        shown = class_pulse.wording_of(a_cohort(name), figures)
        assert name not in shown.split("\n", 1)[1], "it may stand on a projector"
        yield class_pulse.screen(10**9, shown, Pulse(1, 1, NOW))
        yield class_pulse.screen(10**9, shown, None)


def every_screen(course: Course) -> list[Screen]:
    made = (learners, instructors, messages, pulses)
    return [screen for name in NAMES for screens in made for screen in screens(course, name)]


def test_every_screen_is_within_telegram_s_limits(course: Course, small_course: Course) -> None:
    for screen in every_screen(course) + every_screen(small_course):
        message = screen.outgoing(ADA)
        within_limits(message)
        assert len(message.text) == len(screen.text.plain), f"clipped: {message.text[:80]}"
        assert sum(len(row) for row in message.keyboard) <= 100


async def test_the_emulator_takes_every_screen_as_it_is(course: Course, served: Served, bot: Bot) -> None:
    for screen in [s for make in (learners, instructors, messages, pulses) for s in make(course, NAMES[2])]:
        await Sender(bot).send(screen.outgoing(ADA))  # a sender each: one alone would keep Telegram's pace
    refused = [call for call in await served.calls() if not call["answer"]["ok"]]
    assert refused == []


@pytest.mark.parametrize("name", NAMES)
def test_what_people_write_is_shown_as_it_is(course: Course, name: str) -> None:
    shown = announcing.announcement(name, name, name).text
    assert shown.plain == f"📣 {name}\n\n{name}\n\n– {name}"
    assert {entity.type for entity in shown.entities} == {"bold", "italic"}


def test_a_lesson_without_a_quiz_is_not_suggested(small_course: Course) -> None:
    cohort = Cohort(1, "Autumn", "K7QM2F9X", "grain", NOW)
    first, second = small_course.lessons
    course = replace(small_course, lessons=(replace(first, questions=()), second))
    asked = assigning.ask(cohort, course, dates.EXAMPLES).text.plain
    assert second.title in asked
    assert first.title not in asked
    longer = replace(course, lessons=(*course.lessons, replace(second, id="third", title="Third")))
    assert f"{second.title} by {dates.EXAMPLES[0]}" in assigning.ask(cohort, longer, dates.EXAMPLES).text.plain
