"""What a feature brings, as data: commands, presses, prompts, texts, links and jobs. `routes` joins the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.classes import Cohort
from bot.domain.rounds import RoundKind
from bot.telegram.actions import Action
from bot.telegram.incoming import SentFile
from bot.turns.jobs import TimerJob
from bot.turns.prompts import Claim, Prompt
from bot.turns.rounds import Rules
from bot.turns.texts import Rank
from bot.turns.turn import Turn

Handler = Callable[[Turn], None]
Takes = Callable[[Turn], bool]
"""Says whether it took the update. If not, the next one may."""
PressHandler = Callable[..., None]
"""Takes the turn and the pressed action; an action without fields says nothing more, so then the turn alone."""
PromptHandler = Callable[..., None]
"""Takes the turn and the prompt that the message answers; for a prompt without fields the turn alone."""


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    handler: Handler
    about: str
    """Shown in menus and by `/help`."""


@dataclass(frozen=True, slots=True)
class ClassCommand:
    """A command about one of the classes that an instructor teaches. Which one is said in the text behind the command,
    or by a press on `button`."""

    name: str
    begin: Callable[[Turn, Cohort, str], None]
    """With the class, and what else was written behind the command."""
    about: str
    button: type[Any]
    """An action whose only field is `cohort`, the class."""
    ends: str = ": \n"
    """Characters that may end the name of the class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForInstructors:
    """The part of a feature that only instructors may use; everybody else is told so."""

    commands: tuple[Command | ClassCommand, ...] = ()
    presses: Mapping[type[Action], PressHandler] = field(default_factory=dict)
    prompts: Mapping[type[Prompt], PromptHandler] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    commands: tuple[Command, ...] = ()
    presses: Mapping[type[Action], PressHandler] = field(default_factory=dict)
    prompts: Mapping[type[Prompt], PromptHandler] = field(default_factory=dict)
    instructors: ForInstructors = ForInstructors()
    texts: Mapping[Rank, Takes] = field(default_factory=dict)
    """What takes a message that is no command, by its place in the order."""
    unknown_commands: tuple[Takes, ...] = ()
    """What takes a command that no feature has."""
    edits: tuple[Takes, ...] = ()
    """What takes a message that was changed after it was sent."""
    files: tuple[Callable[[SentFile], bool], ...] = ()
    """Which files are of use, so that their content is fetched."""
    links: Mapping[str, Callable[[Turn, str], None]] = field(default_factory=dict)
    """What opens `/start PAYLOAD`, by the payload's first letters, with the rest of the payload."""
    claims: Mapping[Claim, Takes] = field(default_factory=dict)
    """Whether a text is clearly of that kind, though something else was asked."""
    rounds: Mapping[RoundKind, Rules] = field(default_factory=dict)
    """What a kind of round asks, and how it ends."""
    jobs: tuple[TimerJob, ...] = ()
    """What timers do."""
