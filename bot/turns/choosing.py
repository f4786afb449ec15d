"""Which class an instructor's command is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.domain import tokens
from bot.domain.classes import Cohort
from bot.features.announcements.buttons import Announce
from bot.features.assignments.buttons import Assign
from bot.features.pulse.buttons import WatchPulse
from bot.features.report.buttons import Report
from bot.turns import screens
from bot.turns.actions import Action
from bot.turns.turn import Turn

WHICH = "which"
"""Prompt: the next message names a class. It holds the command, and the text that came with it."""
PATIENCE = 600.0
"""Seconds for which a question waits for its answer."""
TEACH = "teach"
"""Key of the one message in which an instructor moves about."""

ACTIONS: dict[str, Callable[[int], Action]] = {
    "report": Report,
    "pulse": WatchPulse,
    "announce": Announce,
    "assign": Assign,
}
"""What a press on a class means, by command."""


def behind_command(turn: Turn) -> str:
    """What is written behind the command, lines and all."""
    return "".join(turn.incoming.text.split(maxsplit=1)[1:])


def own(turn: Turn, id: int) -> Cohort | None:
    """The class, if who acts teaches it at this moment. Otherwise they are told so, and nothing about the class."""
    cohort = turn.tables.cohorts.taught(id, turn.learner.id)
    if cohort is None and turn.incoming.query:
        turn.toast(screens.NOT_YOURS)
    elif cohort is None:
        turn.say(screens.not_yours())
    return cohort


def choose(turn: Turn, command: str, typed: str) -> tuple[Cohort, str] | None:
    """The class, and the text without its name: the one that the text begins with, or the only one. Otherwise there
    are buttons to choose from."""
    taught = turn.tables.cohorts.taught_by(turn.learner.id)
    if not taught:
        turn.say(screens.none_yet())
    elif found := named(taught, typed, ":\n" if command == "announce" else ": \n"):
        return found
    elif len(taught) == 1:
        return taught[0], typed
    else:
        ask(turn, command, typed, taught)
    return None


def ask(turn: Turn, command: str, typed: str, taught: Sequence[Cohort]) -> None:
    turn.tables.prompts.set(turn.learner.id, WHICH, {"command": command, "text": typed}, turn.now)
    turn.show(screens.which(taught, [ACTIONS[command](cohort.id) for cohort in taught]), TEACH)


def held(turn: Turn, command: str) -> str:
    """The text that came with the command before a class was chosen for it by a press; empty without one."""
    prompt = turn.tables.prompts.take(turn.learner.id, turn.now - PATIENCE)
    fits = prompt is not None and prompt.kind == WHICH and prompt.payload["command"] == command
    return str(prompt.payload["text"]) if prompt and fits else ""


def named(taught: Sequence[Cohort], typed: str, ends: str) -> tuple[Cohort, str] | None:
    """The class whose name or code, in any case, the text begins with, and what follows; `ends` may end the name.
    None when there is no such class, or more than one."""
    longest = 0
    found: list[tuple[Cohort, str]] = []
    for cohort in taught:
        for label in (cohort.name, cohort.code, tokens.shown_code(cohort.code)):
            match = re.match(re.escape(label) + f"(?=\\Z|[{ends}])", typed, re.IGNORECASE)
            if match and match.end() >= longest:
                found = [(cohort, typed[match.end() :].lstrip(": \n"))] + (found if match.end() == longest else [])
                longest = match.end()
    return found[0] if len({cohort.id for cohort, _ in found}) == 1 else None
