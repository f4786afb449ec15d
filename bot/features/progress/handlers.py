"""Where a learner stands."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.classes import Due
from bot.domain.learning import Standing
from bot.domain.mastery import due_of
from bot.features.progress import screens
from bot.features.progress.buttons import ProgressPage
from bot.turns.people import own_zone
from bot.turns.turn import Turn


def progress(turn: Turn, page: int = 0) -> None:
    last = next(iter(turn.tables.runs.past(turn.learner.id, 0, 1)), None)
    example = turn.course.example(last.lesson, last.example) if last else None
    title = example.title if example else last.example if last else ""
    standings = turn.tables.reading.standings(turn.learner.id)
    due = _due(turn, standings)
    shown = screens.progress(turn.course, turn.learner.name, standings, last, title, due, own_zone(turn), page)
    turn.show(shown)


def _due(turn: Turn, standings: Mapping[str, Standing]) -> dict[str, list[Due]]:
    """By lesson: by when it is due in each class of the learner's, under the class' name."""
    found: dict[str, list[Due]] = {}
    for cohort in turn.tables.cohorts.of_learner(turn.learner.id):
        for assignment in turn.tables.cohorts.assignments(cohort.id):
            due = due_of(cohort.name, assignment, standings.get(assignment.lesson))
            found.setdefault(assignment.lesson, []).append(due)
    return found


def turn_progress(turn: Turn, pressed: ProgressPage) -> None:
    progress(turn, pressed.page)
