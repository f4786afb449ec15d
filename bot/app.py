"""Composition root: settings become an Application. What a learner can do is the three tables below."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from telegram import Bot, BotCommand, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import announcing as spreading
from bot import assigning as due
from bot import buttons, classpulse, classreport, logs
from bot.alerts import Alerts
from bot.clockwork import Clockwork, Job
from bot.context import Services
from bot.courier import TELEGRAMS, Pace
from bot.handlers import (
    announcing,
    appointing,
    assigning,
    classes,
    general,
    lessons,
    links,
    own_code,
    quiz,
    teaching,
    training,
    watching,
)
from bot.inbox import KEPT_SECONDS, Inbox, Lanes
from bot.incoming import Incoming, read
from bot.menus import Menus
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.runs import Runs
from bot.screens import general as general_screens
from bot.settings import Settings
from bot.store import Store
from bot.turn import House, Turn
from bot.turns import Handler, Turns
from lessons.loader import load
from lessons.model import Course
from runner import Runner

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    handler: Handler
    about: str


def help(turn: Turn) -> None:
    """`/help`: here, since it lists the table below."""
    taught = TEACHING if turn.instructs else ()
    turn.show(general_screens.help([(c.name, c.about) for c in COMMANDS], [(c.name, c.about) for c in taught]))


def for_instructors(handler: Handler) -> Handler:
    """The handler, for who is an instructor at this moment."""

    def checked(turn: Turn) -> None:
        if turn.instructs:
            handler(turn)
        else:
            turn.say(general_screens.for_instructors())

    return checked


def fresh(handler: Handler) -> Handler:
    """The handler of a command, which ends what was being asked."""

    def cleared(turn: Turn) -> None:
        turn.tables.prompts.clear(turn.learner.id)
        handler(turn)

    return cleared


COMMANDS = (
    Command("start", links.start, "Begin, or go on where you left off"),
    Command("lessons", lessons.lessons, "All lessons"),
    Command("quiz", quiz.quiz, "Questions on the current lesson"),
    Command("train", training.train, "Train the lesson's model, live"),
    Command("evaluate", training.evaluate, "Judge the model you trained"),
    Command("stop", training.stop, "Stop the run that is going on"),
    Command("runs", training.runs, "Your past runs"),
    Command("progress", lessons.progress, "Where you stand"),
    Command("class", classes.mine, "Your classes, and what is due"),
    Command("join", classes.join, "Join a class"),
    Command("zone", classes.zone, "Your time zone"),
    Command("help", help, "What I can do"),
)

TEACHING = (
    Command("classes", teaching.classes, "The classes you teach"),
    Command("newclass", teaching.new_class, "Make a class"),
    Command("report", watching.report, "How a class is doing"),
    Command("pulse", watching.pulse, "A class right now, live"),
    Command("announce", announcing.announce, "Write to a class"),
    Command("assign", assigning.assign, "What a class has to do, and by when"),
    Command("dashboard", watching.dashboard, "Your classes in the browser"),
    Command("appoint", appointing.appoint, "Who is an instructor"),
)
"""What instructors can do besides; everybody else is told that it is for instructors."""

PRESSES: dict[type[buttons.Action], Callable[[Turn, Any], None]] = {
    buttons.Lessons: lessons.show_lessons,
    buttons.Read: lessons.read,
    buttons.Progress: lessons.show_progress,
    buttons.StartQuiz: quiz.start_quiz,
    buttons.Answer: quiz.answer,
    buttons.Tick: quiz.tick,
    buttons.Submit: quiz.submit,
    buttons.Hint: quiz.hint,
    buttons.Again: quiz.again,
    buttons.NextQuestion: quiz.next_question,
    buttons.RunExample: training.run_example,
    buttons.Tune: training.tune,
    buttons.Set: training.set_knob,
    buttons.RunTuned: training.run_tuned,
    buttons.Edit: own_code.edit,
    buttons.Evaluate: training.press_evaluate,
    buttons.StopRun: training.stop_run,
    buttons.RunAgain: training.run_again,
    buttons.ShowCode: training.show_code,
    buttons.Runs: training.show_runs,
    buttons.Still: general.still,
    buttons.Join: classes.press_join,
    buttons.NotNow: classes.not_now,
    buttons.MyClasses: classes.show_mine,
    buttons.Leave: classes.leave,
    buttons.LeaveNow: classes.leave_now,
    buttons.BecomeInstructor: appointing.become,
}

TEACHING_PRESSES: dict[type[buttons.Action], Callable[[Turn, Any], None]] = {
    buttons.Classes: teaching.show_classes,
    buttons.NewClass: teaching.press_new_class,
    buttons.Card: teaching.card,
    buttons.Report: watching.press_report,
    buttons.WatchPulse: watching.press_pulse,
    buttons.StopPulse: watching.stop,
    buttons.Announce: announcing.press_announce,
    buttons.SendDraft: announcing.send,
    buttons.DropDraft: announcing.drop,
    buttons.Assign: assigning.press_assign,
    buttons.AssignNow: assigning.assign_now,
    buttons.Unassign: assigning.unassign,
    buttons.NewCode: teaching.new_code,
    buttons.NewCodeNow: teaching.new_code_now,
    buttons.SetOpen: teaching.set_open,
    buttons.Invite: teaching.invite,
    buttons.TeachAlong: teaching.teach_along,
    buttons.Rename: teaching.rename,
    buttons.End: teaching.end,
    buttons.EndNow: teaching.end_now,
    buttons.Appointed: appointing.show_appointed,
    buttons.InviteInstructor: appointing.invite,
    buttons.Dismiss: appointing.dismiss,
    buttons.DismissNow: appointing.dismiss_now,
}
"""Presses that only instructors may make."""

CHOICES = (buttons.Announce, buttons.Assign)
"""Presses that answer what was asked, and see to its end themselves; any other press ends it."""

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE

HANDLERS: tuple[tuple[type[BaseHandler[Any, Any, Any]], dict[str, Any], Handler], ...] = (
    *((CommandHandler, {"command": c.name, "filters": PRIVATE}, fresh(c.handler)) for c in COMMANDS),
    *((CommandHandler, {"command": c.name, "filters": PRIVATE}, fresh(for_instructors(c.handler))) for c in TEACHING),
    (MessageHandler, {"filters": PRIVATE & filters.COMMAND}, fresh(general.unknown)),
    (MessageHandler, {"filters": PRIVATE}, general.written),
    (
        MessageHandler,
        {"filters": filters.ChatType.GROUPS & filters.COMMAND & filters.UpdateType.MESSAGE},
        general.in_group,
    ),
    (ChatMemberHandler, {"chat_member_types": ChatMemberHandler.MY_CHAT_MEMBER}, general.membership),
)
"""Which library handler matches an update, how, and whose turn it is then. Presses are matched by PRESSES."""

STOP_SECONDS = 2.0
"""For updates in work to come to their end when the bot stops: Telegram, or the database, may keep them waiting."""
ALLOWED_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
DESCRIPTION = (
    "I teach machine learning with TensorFlow and Keras: short lessons, quizzes, and real models"
    " that you train right here in the chat."
)
SHORT_DESCRIPTION = "Learn machine learning in a chat, with live training."

App = Application[Any, Any, Any, Any, Any, Any]


def press(turn: Turn) -> None:
    """Hand a press to whoever takes its kind. Old and made-up buttons get an answer too."""
    try:
        action = buttons.decode(turn.incoming.data)
    except buttons.UnknownButton:
        turn.toast("This button is out of date. Send /start for fresh ones.", alert=True)
        return
    if not isinstance(action, CHOICES):
        turn.tables.prompts.clear(turn.learner.id)
    if type(action) in PRESSES:
        PRESSES[type(action)](turn, action)
    elif turn.instructs:
        TEACHING_PRESSES[type(action)](turn, action)
    else:
        turn.toast("This is for instructors.", alert=True)


def build(
    settings: Settings, runner: Runner, *, clock: Callable[[], float] = time.time, pace: Pace = TELEGRAMS
) -> tuple[App, Services]:
    """Put the bot together. Nothing is started; the store is open. Raises lessons.CourseError for a broken course."""
    assert settings.token is not None
    course = load(settings.course)
    store = Store(settings.db)
    inbox = Inbox(store, clock)
    builder = Application.builder().token(settings.token.get_secret_value())
    builder = builder.updater(None).update_queue(inbox).concurrent_updates(Lanes(inbox)).job_queue(None)  # type: ignore[arg-type]  # None is the documented way to have none
    if settings.base_url:
        builder = builder.base_url(f"{settings.base_url}/bot").base_file_url(f"{settings.base_url}/file/bot")
    app: App = builder.build()
    metrics, alerts = Metrics(), Alerts(settings.operator)
    outbox = Outbox(app.bot, store, time.monotonic, metrics, pace)
    runs = Runs(store, runner, course, outbox, clock)
    work = (*jobs(alerts), *class_jobs(course, settings.instructors))
    clockwork = Clockwork(store, outbox, work, alerts, clock, time.monotonic)
    menus = Menus(app.bot, map(_menu_row, COMMANDS), map(_menu_row, TEACHING))
    turns = Turns(
        app.bot,
        store,
        course,
        outbox,
        runs,
        clock,
        metrics,
        alerts,
        house=House(web=settings.web, instructors=settings.instructors),
        hasten=clockwork.wake,
        menus=menus,
    )
    inbox.unstored = turns.cannot_store
    for handler in _handlers(turns, inbox):
        app.add_handler(handler)
    app.add_error_handler(_failing(turns))
    return app, Services(course, store, runner, outbox, runs, turns, clock, metrics, clockwork, menus)


def jobs(alerts: Alerts) -> tuple[Job, ...]:
    """What timers do, by their kind."""
    return (
        Job("forget_inbox", lambda tables, _, now: tables.inbox.forget_before(now - KEPT_SECONDS), every=86400.0),
        Job("watch_outbox", lambda tables, _, now: alerts.watch_outbox(tables, now), every=30.0),
    )


def class_jobs(course: Course, instructors: frozenset[int]) -> tuple[Job, ...]:
    """What timers do for classes. `instructors` are those whom the settings name."""
    return (
        Job(spreading.FOLLOW, spreading.follow),
        Job(due.REMIND, lambda tables, payload, now: due.remind(tables, payload, now, course)),
        Job(due.WAKE, lambda tables, payload, now: None),
        Job("forget_tickets", lambda tables, _, now: tables.tickets.forget_before(now), every=86400.0),
        Job(
            classreport.KIND,
            classreport.send,
            read=lambda tables, payload, now: classreport.read(tables, payload, now, course, instructors),
        ),
        Job(
            classpulse.KIND,
            classpulse.work,
            read=lambda tables, payload, now: classpulse.read(tables, payload, now, course, instructors),
        ),
    )


def _handlers(turns: Turns, inbox: Inbox) -> list[BaseHandler[Any, Any, Any]]:
    def taking(handler: Handler) -> Callable[[Update, CallbackContext[Any, Any, Any, Any]], Any]:
        async def take(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
            logs.bind(update.update_id)
            turns.metrics.updates.labels(kind_of(update)).inc()
            incoming = read(update)
            if not await inbox.begin(update.update_id):
                await turns.fail(update, RuntimeError("it was begun again and again, and never came to an end"))
            elif incoming is None:
                await turns.pass_over(update.update_id)
            else:
                await turns.take(await with_content(incoming, context.bot), handler)

        return take

    async def pass_over(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
        turns.metrics.updates.labels("other").inc()
        await turns.pass_over(update.update_id)

    return [
        CallbackQueryHandler(taking(press)),
        *(kind(callback=taking(handler), **match) for kind, match, handler in HANDLERS),
        TypeHandler(Update, pass_over),
    ]


def kind_of(update: Update) -> str:
    """Telegram's word for what the update brings."""
    return next((kind for kind in ALLOWED_UPDATES if getattr(update, kind) is not None), "other")


async def with_content(incoming: Incoming, bot: Bot) -> Incoming:
    """The update with the content of its file, if that is code; a file that cannot be had stays without."""
    file = incoming.file
    if file is None or not own_code.may_be_code(file) or not incoming.private:
        return incoming
    try:
        content = await (await bot.get_file(file.id)).download_as_bytearray()
    except TelegramError as error:
        log.warning("the file of update %s could not be fetched: %s", incoming.update, error)
        return incoming
    return replace(incoming, file=replace(file, content=bytes(content)))


def _failing(turns: Turns) -> Callable[[object, CallbackContext[Any, Any, Any, Any]], Any]:
    async def fail(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        if isinstance(update, Update) and context.error:
            await turns.fail(update, context.error)
        else:
            log.error("something could not be handled", exc_info=context.error)

    return fail


@asynccontextmanager
async def running(app: App, services: Services) -> AsyncIterator[Inbox]:
    """The bot at work: runs, timers and outbox taken up where an earlier process left them. Yields the inbox, for
    whoever receives updates. Ends in order, within seconds."""
    inbox = app.update_queue
    assert isinstance(inbox, Inbox)
    try:
        async with app:
            await introduce(app.bot, services)
            await inbox.replay(app.bot)
            await services.outbox.recover()
            await services.runs.recover()
            await app.start()
            services.clockwork.start()
            try:
                yield inbox
            finally:
                with suppress(TimeoutError):  # what is still in work then is in the inbox
                    async with asyncio.timeout(STOP_SECONDS):
                        await app.stop()
                await services.clockwork.aclose()
                await services.menus.aclose()
                await services.runs.aclose()
                await services.outbox.aclose()
    finally:
        services.store.close()


async def introduce(bot: Bot, services: Services) -> None:
    """Tell Telegram the commands and what the bot is for; a failure here keeps nobody from learning."""
    appointed = await services.store.read(lambda tables: [one.id for one in tables.instructors.all()])
    try:
        await services.menus.introduce({*services.turns.house.instructors, *appointed})
        await bot.set_my_description(DESCRIPTION)
        await bot.set_my_short_description(SHORT_DESCRIPTION)
    except TelegramError as error:
        log.warning("commands and description were not set: %s", error)


def _menu_row(command: Command) -> BotCommand:
    return BotCommand(command.name, command.about)
