"""Classes for learners: joining, what is due, leaving."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import tokens
from bot.domain.classes import Cohort, Due
from bot.domain.ids import CohortId
from bot.domain.mastery import due_of
from bot.features.membership import screens
from bot.features.membership.buttons import Join, Leave, LeaveNow, NotNow
from bot.turns.people import own_zone, teachers
from bot.turns.prompts import Prompt
from bot.turns.turn import Turn

JOINING = "join"
"""Key of the message that offers a class, and says what came of it."""


LONGEST_CODE = 24
"""Characters of a class' code, with spaces and hyphens between them."""


@dataclass(frozen=True)
class AskCode(Prompt, kind="join", most_words=4):
    """The next message is a class' code."""


def join(turn: Turn) -> None:
    """`/join CODE`; without a code, ask for it."""
    code = " ".join(turn.incoming.arguments)
    if code:
        offer(turn, code)
    else:
        turn.ask(AskCode())
        turn.say(screens.ask_for_code())


def take_code(turn: Turn) -> None:
    """The message says the code that was asked for; of one that is wrong, another may follow."""
    if turn.tables.cohorts.by_code(tokens.read_code(turn.incoming.text)) is None:
        turn.ask(AskCode())
    offer(turn, turn.incoming.text)


def offer(turn: Turn, typed: str) -> None:
    """Say what joining the class with this code means; nothing happens yet."""
    cohort = _find(turn, typed)
    if cohort is not None:
        turn.show(screens.offer(cohort, teachers(turn, cohort)), JOINING)


def pasted(turn: Turn) -> bool:
    """Whether the text is the code of a class, sent as it stands; then the class is offered."""
    is_one = is_code(turn)
    if is_one:
        offer(turn, turn.incoming.text.strip())
    return is_one


def is_code(turn: Turn) -> bool:
    """Whether the text is the code of a class."""
    words = turn.incoming.text.strip()
    return len(words) <= LONGEST_CODE and turn.tables.cohorts.by_code(tokens.read_code(words)) is not None


def _find(turn: Turn, typed: str) -> Cohort | None:
    """The class that this code opens to the learner. None when it opens no class, and the learner is told why."""
    cohort = turn.tables.cohorts.by_code(tokens.read_code(typed))
    if cohort is None:
        turn.say(screens.bad_code(typed))
    elif turn.instructs and turn.tables.cohorts.taught(cohort.id, turn.learner.id):
        turn.say(screens.own_class(cohort))
    elif turn.tables.cohorts.member(cohort.id, turn.learner.id):
        turn.show(screens.already_in(cohort, _due(turn, cohort), own_zone(turn)), JOINING)
    elif not cohort.open:
        turn.say(screens.closed(cohort))
    else:
        return cohort
    return None


def press_join(turn: Turn, pressed: Join) -> None:
    """Twice is like once; the code is looked at again."""
    cohort = _find(turn, pressed.code)
    if cohort is not None:
        turn.tables.cohorts.enrol(cohort.id, turn.learner.id, turn.now)
        turn.show(screens.joined(cohort, _due(turn, cohort), own_zone(turn)), JOINING)
        turn.toast(f"You are in {cohort.name}.")


def not_now(turn: Turn, pressed: NotNow) -> None:
    turn.show(screens.not_now(tokens.shown_code(pressed.code)), JOINING)


def mine(turn: Turn) -> None:
    """`/class`: the learner's classes, what is seen of them, what is due."""
    enrolled = [
        screens.Enrolled(cohort, tuple(teachers(turn, cohort)), tuple(_due(turn, cohort)))
        for cohort in turn.tables.cohorts.of_learner(turn.learner.id)
    ]
    turn.show(screens.mine(enrolled, own_zone(turn), turn.learner.zone is not None))


def leave(turn: Turn, pressed: Leave) -> None:
    cohort = _own(turn, CohortId(pressed.cohort))
    if cohort:
        turn.show(screens.leave(cohort))


def leave_now(turn: Turn, pressed: LeaveNow) -> None:
    cohort = _own(turn, CohortId(pressed.cohort))
    if cohort:
        turn.tables.cohorts.leave(cohort.id, turn.learner.id)
        turn.show(screens.left(cohort))


def _own(turn: Turn, id: CohortId) -> Cohort | None:
    """The class if the learner is in it. Otherwise they are told, and nothing about the class."""
    found = turn.tables.cohorts.get(id) if turn.tables.cohorts.member(id, turn.learner.id) else None
    if found is None:
        turn.toast("You are not in this class.")
        mine(turn)
    return found


def _due(turn: Turn, cohort: Cohort) -> list[Due]:
    """What is assigned in a class, soonest first; lessons that are no longer in the course are not."""
    standings = turn.tables.reading.standings(turn.learner.id)
    return [
        due_of(lesson.title, assignment, standings.get(lesson.id))
        for assignment in turn.tables.cohorts.assignments(cohort.id)
        if (lesson := turn.course.lesson(assignment.lesson))
    ]
