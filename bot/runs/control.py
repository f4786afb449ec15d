"""Ending and replacing runs, from a turn."""

from __future__ import annotations

from bot.domain import wording
from bot.domain.ids import SnippetId
from bot.domain.messages import Mode
from bot.domain.runs import Run, RunState
from bot.runs import screens
from bot.runs.effects import CancelJob, StopJob
from bot.runs.follower import busy_of, no_longer_busy, post_of, waiting_of
from bot.turns.turn import Turn
from lessons.model import Example


def busy(turn: Turn, waiting: SnippetId | None = None) -> bool:
    """Whether the learner has a run that is not over; if so, they are told. `waiting` is sent code that would run."""
    going = turn.tables.runs.open_of(turn.learner.id)
    if going:
        turn.toast("One run at a time.")
        key = busy_of(going.id) if waiting is None else waiting_of(waiting)
        turn.show(screens.busy(going, title_of(turn, going), waiting), key)
    return going is not None


def title_of(turn: Turn, run: Run) -> str:
    example = example_of(turn, run)
    return example.title if example and run.verified else wording.YOUR_CODE


def end(turn: Turn, run: Run) -> None:
    """Store and show the end at once; the job ends when this is committed, and what it had reached is added then."""
    if _ended(turn, run):
        turn.toast("Stopped.")
        turn.after(StopJob(run.id))


def supersede(turn: Turn, run: Run) -> None:
    """End a run whose place another takes: nothing of it is worth showing."""
    if _ended(turn, run):
        turn.after(CancelJob(run.id))


def _ended(turn: Turn, run: Run) -> bool:
    """Store and show that the run was stopped; False if it had ended."""
    ended = turn.tables.runs.end(run.id, RunState.CANCELLED, turn.now, history=turn.runs.so_far(run.id))
    if ended is None:
        return False
    turn.show(screens.cancelled(example_of(turn, run), ended), post_of(run.id), Mode.KEEP)
    no_longer_busy(turn.tables, run, turn.now)
    return True


def example_of(turn: Turn, run: Run) -> Example | None:
    """None when it is no longer in the course."""
    return turn.course.example(run.lesson, run.example)
