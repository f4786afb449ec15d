"""Code that a learner changed or wrote: sent as a code block or a .py file, run as code nobody trusts."""

from __future__ import annotations

from bot import buttons
from bot.handlers import training
from bot.incoming import File
from bot.records import Mode
from bot.runs import post_of
from bot.screens import own_code as screens
from bot.screens import runs as run_screens
from bot.turn import Turn

LIMIT = 64 * 1024
"""Longest code that is taken, in bytes of UTF-8."""
OWN = "own"
"""Stands in a run's row where the example's id would be."""


def may_be_code(file: File) -> bool:
    """Whether it is worth fetching."""
    return file.name.lower().endswith(".py") and file.size <= LIMIT


def edit(turn: Turn, pressed: buttons.Edit) -> None:
    """Send an example's code with how to send it back."""
    lesson = turn.course.lesson(pressed.lesson)
    example = lesson.example(pressed.example) if lesson else None
    if lesson is None or example is None:
        turn.toast("This example is no longer in the course.", alert=True)
    elif not turn.runs.takes_own_code:
        turn.toast(screens.NOT_HERE, alert=True)
    else:
        turn.say(screens.to_edit(example))


def block(turn: Turn, code: str) -> None:
    """A code block in a message."""
    _run(turn, code.strip("\n") + "\n")


def file(turn: Turn, sent: File) -> None:
    """A document. Only Python is of use."""
    if not sent.name.lower().endswith(".py"):
        turn.say(screens.not_python(sent.name))
    elif sent.size > LIMIT:
        turn.say(screens.too_long(sent.size, LIMIT))
    elif sent.content is None:
        turn.say(screens.not_fetched(sent.name))
    else:
        try:
            code = sent.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            turn.say(screens.not_utf8(sent.name, error.start))
        else:
            _run(turn, code)


def _run(turn: Turn, code: str) -> None:
    """Store the run and show it; it starts when this is committed."""
    size = len(code.encode("utf-8", "surrogatepass"))
    if size > LIMIT:
        turn.say(screens.too_long(size, LIMIT))
    elif not turn.runs.takes_own_code:
        turn.say(screens.not_here())
    elif not training.busy(turn):
        lesson = turn.current_lesson()
        run = turn.tables.runs.add(turn.learner.id, turn.chat, lesson.id, OWN, OWN, {}, code, turn.now, verified=False)
        turn.show(run_screens.queued(lesson, None, run), post_of(run.id), Mode.NEW)
        turn.after(lambda: turn.runs.start(run))
