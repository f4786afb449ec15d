"""What learners and instructors can do, and what timers do: tables that say which function takes what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot import buttons
from bot.alerts import Alerts
from bot.classes import announcing as spreading
from bot.classes import assigning as due
from bot.classes import pulse, report
from bot.clockwork import Job
from bot.handlers import (
    announcing,
    appointing,
    assigning,
    classes,
    files,
    general,
    lessons,
    links,
    own_code,
    quiz,
    teaching,
    training,
    watching,
)
from bot.inbox import KEPT_SECONDS
from bot.incoming import Incoming
from bot.screens import general as general_screens
from bot.turn import Turn
from bot.turns import Handler
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
    Command("files", files.files, "Files for your own code"),
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
    buttons.LessonsPage: lessons.turn_lessons,
    buttons.Read: lessons.read,
    buttons.Progress: lessons.show_progress,
    buttons.ProgressPage: lessons.turn_progress,
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
    buttons.RunCode: own_code.press_run,
    buttons.DropCode: own_code.press_drop,
    buttons.Files: files.show,
    buttons.DeleteFile: files.delete,
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
    buttons.AppointNow: appointing.appoint_now,
    buttons.InviteInstructor: appointing.invite,
    buttons.Dismiss: appointing.dismiss,
    buttons.DismissNow: appointing.dismiss_now,
}
"""Presses that only instructors may make."""

CHOICES = (buttons.Announce, buttons.Assign)
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


def may_be_ours(came: Incoming) -> bool:
    """In a group, a command that names no bot is for every bot there: one that this bot does not have is another's."""
    return came.addressee is not None or came.command in COMMAND_HANDLERS


ROUTES: tuple[tuple[Callable[[Incoming], bool], Handler], ...] = (
    (lambda came: came.query is not None, press),
    (lambda came: came.blocked is not None, general.membership),
    (lambda came: came.private and came.edited, general.edited),
    (lambda came: came.private and came.command is not None, command),
    (lambda came: came.private, general.written),
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


def class_jobs(course: Course, instructors: frozenset[int]) -> tuple[Job, ...]:
    """What timers do for classes. `instructors` are those whom the settings name."""
    return (
        Job(spreading.FOLLOW, spreading.follow),
        Job(due.REMIND, lambda tables, payload, now: due.remind(tables, payload, now, course)),
        Job(own_code.ASK_FOR_REST, own_code.ask_for_rest),
        Job(
            "forget_snippets", lambda tables, _, now: tables.snippets.forget_before(now - own_code.KEPT), every=86400.0
        ),
        Job(due.WAKE, lambda tables, payload, now: None),
        Job("forget_tickets", lambda tables, _, now: tables.tickets.forget_before(now), every=86400.0),
        Job(
            report.KIND,
            report.send,
            read=lambda tables, payload, now: report.read(tables, payload, now, course, instructors),
        ),
        Job(
            pulse.KIND,
            pulse.work,
            read=lambda tables, payload, now: pulse.read(tables, payload, now, course, instructors),
        ),
    )
