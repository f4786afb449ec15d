"""Finds the class that an instructor's command is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain import tokens
from bot.domain.classes import Cohort
from bot.domain.ids import CohortId
from bot.turns import screens
from bot.turns.feature import ClassCommand, Handler, PressHandler
from bot.turns.prompts import PATIENCE, Prompt
from bot.turns.turn import Turn

TEACH = "teach"
"""Key of the one message in which an instructor moves about."""


@dataclass(frozen=True)
class WhichClass(Prompt, kind="which", may_ask=True):
    """The next message names the class for a command; `text` is what came with the command."""

    command: str
    text: str


def behind_command(turn: Turn) -> str:
    """What is written behind the command, lines and all."""
    return "".join(turn.incoming.text.split(maxsplit=1)[1:])


def own(turn: Turn, id: CohortId) -> Cohort | None:
    """The class, if the instructor teaches it at this moment. Otherwise they are told so, and nothing about the
    class."""
    cohort = turn.tables.cohorts.taught(id, turn.learner.id)
    if cohort is None and turn.incoming.query:
        turn.toast(screens.NOT_YOURS)
    elif cohort is None:
        turn.say(screens.not_yours())
    return cohort


def typed(command: ClassCommand) -> Handler:
    """The handler of the command: the class is the one that the text begins with, or the only one. Otherwise there
    are buttons to choose from."""

    def choose(turn: Turn) -> None:
        _choose(turn, command, behind_command(turn))

    return choose


def pressed(command: ClassCommand) -> PressHandler:
    """The handler of the command's button: on the card of a class, or to choose one for a text that came before."""

    def begin(turn: Turn, action: Any) -> None:
        text = _text_before(turn, command)
        cohort = own(turn, action.cohort)
        if cohort:
            command.begin(turn, cohort, text)

    return begin


def take_name(turn: Turn, asked: WhichClass, command: ClassCommand) -> None:
    """The message names the class, or else the buttons come once more."""
    taught = turn.tables.cohorts.taught_by(turn.learner.id)
    found = named(taught, turn.incoming.text.strip(), "\n")
    if found:
        command.begin(turn, found[0], asked.text)
    elif taught:
        _ask(turn, command, asked.text, taught)
    else:
        turn.say(screens.none_yet())


def _choose(turn: Turn, command: ClassCommand, text: str) -> None:
    taught = turn.tables.cohorts.taught_by(turn.learner.id)
    if not taught:
        turn.say(screens.none_yet())
    elif found := named(taught, text, command.ends):
        command.begin(turn, *found)
    elif len(taught) == 1:
        command.begin(turn, taught[0], text)
    else:
        _ask(turn, command, text, taught)


def _ask(turn: Turn, command: ClassCommand, text: str, taught: Sequence[Cohort]) -> None:
    turn.ask(WhichClass(command.name, text))
    turn.show(screens.which(taught, [command.button(cohort.id) for cohort in taught]), TEACH)


def _text_before(turn: Turn, command: ClassCommand) -> str:
    """The text that came with the command before a class was chosen for it; empty without one."""
    stored = turn.tables.prompts.take(turn.learner.id, turn.now - PATIENCE)
    prompt = turn.routes.prompt(stored) if stored else None
    return prompt.text if isinstance(prompt, WhichClass) and prompt.command == command.name else ""


def named(taught: Sequence[Cohort], text: str, ends: str) -> tuple[Cohort, str] | None:
    """The class whose name or code, in any case, the text begins with, and what follows; `ends` may end the name.
    None when there is no such class, or more than one."""
    longest = 0
    found: list[tuple[Cohort, str]] = []
    for cohort in taught:
        for label in (cohort.name, cohort.code, tokens.shown_code(cohort.code)):
            match = re.match(re.escape(label) + f"(?=\\Z|[{ends}])", text, re.IGNORECASE)
            if match and match.end() >= longest:
                found = [(cohort, text[match.end() :].lstrip(": \n"))] + (found if match.end() == longest else [])
                longest = match.end()
    return found[0] if len({cohort.id for cohort, _ in found}) == 1 else None
