"""What learners and instructors can do, and what timers do: tables that say which function takes what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.authority import Authority
from bot.features.announcements import handlers as announcing
from bot.features.announcements import sending as spreading
from bot.features.announcements.buttons import Announce, DropDraft, SendDraft
from bot.features.assignments import handlers as assigning
from bot.features.assignments import setting as due
from bot.features.assignments.buttons import Assign, AssignNow, Unassign
from bot.features.classes import handlers as teaching
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
from bot.features.files import handlers as files
from bot.features.files.buttons import DeleteFile, Files
from bot.features.help import handlers as general
from bot.features.help import screens as general_screens
from bot.features.instructors import handlers as appointing
from bot.features.instructors.buttons import (
    Appointed,
    AppointNow,
    BecomeInstructor,
    Dismiss,
    DismissNow,
    InviteInstructor,
)
from bot.features.membership import handlers as classes
from bot.features.membership.buttons import Join, Leave, LeaveNow, MyClasses, NotNow
from bot.features.own_code import handlers as own_code
from bot.features.own_code.buttons import DropCode, Edit, RunCode
from bot.features.preferences import handlers as preferences_handlers
from bot.features.progress import handlers as progress_handlers
from bot.features.progress.buttons import Progress, ProgressPage
from bot.features.pulse import handlers as pulse_handlers
from bot.features.pulse import jobs as pulse
from bot.features.pulse.buttons import StopPulse, WatchPulse
from bot.features.quiz import handlers as quiz
from bot.features.quiz.buttons import Again, Answer, Hint, NextQuestion, StartQuiz, Submit, Tick
from bot.features.reading import handlers as lessons
from bot.features.reading.buttons import LessonsPage, Read
from bot.features.report import handlers as report_handlers
from bot.features.report import jobs as report
from bot.features.report.buttons import Report
from bot.features.sign_in import handlers as watching
from bot.features.training import handlers as training
from bot.features.training.buttons import Evaluate, RunAgain, RunExample, Runs, RunTuned, Set, ShowCode, StopRun, Tune
from bot.ops.alerts import Alerts
from bot.telegram.inbox import KEPT_SECONDS
from bot.telegram.incoming import Incoming
from bot.turns import links
from bot.turns import screens as turns_screens
from bot.turns import texts as turns_texts
from bot.turns.actions import Action, UnknownButton, decode
from bot.turns.buttons import Lessons, NewClass, Still
from bot.turns.scheduler import Job
from bot.turns.turn import Turn
from bot.turns.turns import Handler
from lessons.model import Course


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
            turn.say(turns_screens.for_instructors())

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
    Command("files", files.files, "Files for your own code"),
    Command("progress", progress_handlers.progress, "Where you stand"),
    Command("class", classes.mine, "Your classes, and what is due"),
    Command("join", classes.join, "Join a class"),
    Command("zone", preferences_handlers.zone, "Your time zone"),
    Command("help", help, "What I can do"),
)

TEACHING = (
    Command("classes", teaching.classes, "The classes you teach"),
    Command("newclass", teaching.new_class, "Make a class"),
    Command("report", report_handlers.report, "How a class is doing"),
    Command("pulse", pulse_handlers.pulse, "A class right now, live"),
    Command("announce", announcing.announce, "Write to a class"),
    Command("assign", assigning.assign, "What a class has to do, and by when"),
    Command("dashboard", watching.dashboard, "Your classes in the browser"),
    Command("appoint", appointing.appoint, "Who is an instructor"),
)
"""What instructors can do besides; everybody else is told that it is for instructors."""

PRESSES: dict[type[Action], Callable[[Turn, Any], None]] = {
    Lessons: lessons.show_lessons,
    LessonsPage: lessons.turn_lessons,
    Read: lessons.read,
    Progress: progress_handlers.show_progress,
    ProgressPage: progress_handlers.turn_progress,
    StartQuiz: quiz.start_quiz,
    Answer: quiz.answer,
    Tick: quiz.tick,
    Submit: quiz.submit,
    Hint: quiz.hint,
    Again: quiz.again,
    NextQuestion: quiz.next_question,
    RunExample: training.run_example,
    Tune: training.tune,
    Set: training.set_knob,
    RunTuned: training.run_tuned,
    Edit: own_code.edit,
    RunCode: own_code.press_run,
    DropCode: own_code.press_drop,
    Files: files.show,
    DeleteFile: files.delete,
    Evaluate: training.press_evaluate,
    StopRun: training.stop_run,
    RunAgain: training.run_again,
    ShowCode: training.show_code,
    Runs: training.show_runs,
    Still: general.still,
    Join: classes.press_join,
    NotNow: classes.not_now,
    MyClasses: classes.show_mine,
    Leave: classes.leave,
    LeaveNow: classes.leave_now,
    BecomeInstructor: appointing.become,
}

TEACHING_PRESSES: dict[type[Action], Callable[[Turn, Any], None]] = {
    Classes: teaching.show_classes,
    NewClass: teaching.press_new_class,
    Card: teaching.card,
    Report: report_handlers.press_report,
    WatchPulse: pulse_handlers.press_pulse,
    StopPulse: pulse_handlers.stop,
    Announce: announcing.press_announce,
    SendDraft: announcing.send,
    DropDraft: announcing.drop,
    Assign: assigning.press_assign,
    AssignNow: assigning.assign_now,
    Unassign: assigning.unassign,
    NewCode: teaching.new_code,
    NewCodeNow: teaching.new_code_now,
    SetOpen: teaching.set_open,
    Invite: teaching.invite,
    TeachAlong: teaching.teach_along,
    Rename: teaching.rename,
    End: teaching.end,
    EndNow: teaching.end_now,
    Appointed: appointing.show_appointed,
    AppointNow: appointing.appoint_now,
    InviteInstructor: appointing.invite,
    Dismiss: appointing.dismiss,
    DismissNow: appointing.dismiss_now,
}
"""Presses that only instructors may make."""

BY_LETTERS = {action.letters: action for action in (*PRESSES, *TEACHING_PRESSES)}

CHOICES = (Announce, Assign)
"""Presses that answer what was asked, and see to its end themselves; any other press ends it."""

COMMAND_HANDLERS: dict[str, Handler] = {
    **{c.name: fresh(c.handler) for c in COMMANDS},
    **{c.name: fresh(for_instructors(c.handler)) for c in TEACHING},
}


def command(turn: Turn) -> None:
    """Hand a command to whoever takes it."""
    came = turn.incoming
    ours = came.addressee is None or came.addressee.lower() == turn.house.username.lower()
    COMMAND_HANDLERS.get((ours and came.command) or "", fresh(general.unknown))(turn)


def press(turn: Turn) -> None:
    """Hand a press to whoever takes its kind. Old and made-up buttons get an answer too."""
    try:
        action = decode(turn.incoming.data, BY_LETTERS)
    except UnknownButton:
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


def may_be_ours(came: Incoming) -> bool:
    """In a group, a command that names no bot is for every bot there: one that this bot does not have is another's."""
    return came.addressee is not None or came.command in COMMAND_HANDLERS


ROUTES: tuple[tuple[Callable[[Incoming], bool], Handler], ...] = (
    (lambda came: came.query is not None, press),
    (lambda came: came.blocked is not None, general.membership),
    (lambda came: came.private and came.edited, turns_texts.edited),
    (lambda came: came.private and came.command is not None, command),
    (lambda came: came.private, turns_texts.written),
    (lambda came: came.command is not None and not came.edited and may_be_ours(came), general.in_group),
)
"""The first row that matches an update says whose turn it is; what no row matches is passed over."""


def handler_of(came: Incoming) -> Handler | None:
    """Who takes an update."""
    return next((handler for matches, handler in ROUTES if matches(came)), None)


def jobs(alerts: Alerts) -> tuple[Job, ...]:
    """What timers do for the operator, by their kind."""
    return (
        Job("forget_inbox", lambda tables, _, now: tables.inbox.forget_before(now - KEPT_SECONDS), every=86400.0),
        Job("watch_outbox", lambda tables, _, now: alerts.watch_outbox(tables, now), every=30.0),
    )


def class_jobs(course: Course, authority: Authority) -> tuple[Job, ...]:
    """What timers do for classes."""
    return (
        Job(spreading.FOLLOW, spreading.follow),
        Job(due.REMIND, lambda tables, payload, now: due.remind(tables, payload, now, course)),
        Job(own_code.ASK_FOR_REST, own_code.ask_for_rest),
        Job(
            "forget_snippets", lambda tables, _, now: tables.snippets.forget_before(now - own_code.KEPT), every=86400.0
        ),
        Job("forget_tickets", lambda tables, _, now: tables.tickets.forget_before(now), every=86400.0),
        Job(
            report.KIND,
            report.send,
            read=lambda tables, payload, now: report.read(tables, payload, now, course, authority),
        ),
        Job(
            pulse.KIND,
            pulse.work,
            read=lambda tables, payload, now: pulse.read(tables, payload, now, course, authority),
        ),
    )
