"""Which handler takes an update: the tables of all features, and the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import Any, TypeVar

from bot.domain.messages import OpenPrompt
from bot.domain.rounds import RoundKind
from bot.telegram.actions import Action, UnknownButton, decode
from bot.telegram.incoming import Incoming, SentFile
from bot.turns import answers, choosing, links, presence, screens, texts
from bot.turns.choosing import WhichClass
from bot.turns.feature import ClassCommand, Command, Feature, Handler, PressHandler, PromptHandler, Takes
from bot.turns.prompts import Claim, Prompt
from bot.turns.rounds import Rules
from bot.turns.texts import Rank
from bot.turns.turn import Turn

Key = TypeVar("Key")
Row = TypeVar("Row")


class Routes:
    """`handler_of` an update; what else handlers ask about the features. Raises ValueError when two features claim the
    same command, button, prompt, link, job or kind of round."""

    def __init__(self, features: Sequence[Feature]) -> None:
        self._features = tuple(features)
        taught = [feature.instructors for feature in features]
        self._about_classes = {c.name: c for part in taught for c in part.commands if isinstance(c, ClassCommand)}
        self.commands = tuple(c for feature in features for c in feature.commands)
        """For everybody, in the order in which menus list them."""
        self.teaching = tuple(_command(c) for part in taught for c in part.commands)
        """For instructors."""
        self._handlers = _table(
            "command",
            ((c.name, c.handler) for c in self.commands),
            ((c.name, for_instructors(c.handler)) for c in self.teaching),
        )
        class_presses = [(_button(c), choosing.pressed(c)) for c in self._about_classes.values()]
        self._presses: Mapping[type[Action], PressHandler] = _table(
            "button", *(feature.presses.items() for feature in features)
        )
        self._taught_presses: Mapping[Any, PressHandler] = _table(
            "button", class_presses, *(part.presses.items() for part in taught)
        )
        self._keep_prompt = tuple(button for button, _ in class_presses)
        self.actions = _table("button", ((a.letters, a) for a in (*self._presses, *self._taught_presses)))
        """Every button, by its letters."""
        self.open_actions = frozenset(self._presses)
        """Buttons that are for everybody."""
        self._prompts: Mapping[type[Prompt], PromptHandler] = _table(
            "prompt", *(feature.prompts.items() for feature in features)
        )
        self._taught_prompts: Mapping[type[Prompt], PromptHandler] = _table(
            "prompt", *(part.prompts.items() for part in taught), [(WhichClass, self._take_name)]
        )
        self._kinds: Mapping[str, type[Prompt]] = _table(
            "prompt", ((p.kind, p) for p in (*self._prompts, *self._taught_prompts))
        )
        self._links = _table("link", *(feature.links.items() for feature in features))
        self._texts = tuple(takes for _, takes in sorted(_ranked(features), key=lambda row: row[0]))
        self._unknown = tuple(takes for feature in features for takes in feature.unknown_commands)
        self._edits = tuple(takes for feature in features for takes in feature.edits)
        self._files = tuple(wants for feature in features for wants in feature.files)
        self._claims = _table("claim", *(feature.claims.items() for feature in features))
        self.rounds: Mapping[RoundKind, Rules] = _table("round", *(feature.rounds.items() for feature in features))
        """The rules of each kind of round."""
        self.jobs = tuple(_table("job", ((j.kind, j) for feature in features for j in feature.jobs)).values())

    # The way in

    def handler_of(self, came: Incoming) -> Handler | None:
        """The handler of an update: the first row that matches. None when there is none."""
        return next((handler for matches, handler in self._rows() if matches(came)), None)

    def _rows(self) -> tuple[tuple[Callable[[Incoming], bool], Handler], ...]:
        return (
            (lambda came: came.query is not None, self.press),
            (lambda came: came.blocked is not None, presence.blocked_or_back),
            (lambda came: came.private and came.edited, partial(_first, self._edits)),
            (lambda came: came.private and came.command is not None, self._command),
            (lambda came: came.private, partial(_first, self._texts)),
            (lambda came: came.command is not None and not came.edited and self._may_be_ours(came), presence.in_group),
        )

    def _may_be_ours(self, came: Incoming) -> bool:
        """In a group, a command that names no bot is for every bot there: one that this bot lacks is another's."""
        return came.addressee is not None or came.command in self._handlers

    def _command(self, turn: Turn) -> None:
        """A command ends what was being asked."""
        turn.tables.prompts.clear(turn.learner.id)
        came = turn.incoming
        ours = came.addressee is None or came.addressee.lower() == turn.identity.username.lower()
        handler = self._handlers.get(came.command or "") if ours else None
        (handler or partial(_first, self._unknown))(turn)

    def press(self, turn: Turn) -> None:
        """Old and made-up buttons get an answer too."""
        try:
            action = decode(turn.incoming.data, self.actions)
        except UnknownButton:
            turn.toast("This button is out of date. Send /start for fresh ones.", alert=True)
            return
        if not isinstance(action, self._keep_prompt):
            turn.tables.prompts.clear(turn.learner.id)
        self.take(turn, action)

    # What handlers ask

    def take(self, turn: Turn, action: Action) -> None:
        """Do what a press on this button does."""
        if handler := self._presses.get(type(action)):
            handler(turn, *_said(action))
        elif turn.instructs:
            self._taught_presses[type(action)](turn, *_said(action))
        else:
            turn.toast("This is for instructors.", alert=True)

    def wants(self, file: SentFile) -> bool:
        """Whether the file is of use to a feature, as far as its name and size tell."""
        return any(wants(file) for wants in self._files)

    def link(self, payload: str) -> Handler | None:
        """What opens `/start payload`; the longest letters count."""
        fitting = [letters for letters in self._links if payload.startswith(letters)]
        if not fitting:
            return None
        letters = max(fitting, key=len)
        opens, rest = self._links[letters], payload.removeprefix(letters)
        return lambda turn: opens(turn, rest)

    def claims(self, turn: Turn, claim: Claim) -> bool:
        """Whether the text of the turn is clearly of this kind."""
        return claim in self._claims and self._claims[claim](turn)

    def prompt(self, stored: OpenPrompt) -> Prompt | None:
        """What was asked; None for a prompt that an older version stored and this one does not have."""
        kind = self._kinds.get(stored.kind)
        try:
            return kind(**stored.payload) if kind else None
        except TypeError:
            return None

    def takes_any_text(self, kind: str) -> bool:
        return kind in self._kinds and self._kinds[kind].any_text

    def answer(self, turn: Turn, prompt: Prompt) -> None:
        """Hand the message to the handler of the prompt."""
        if handler := self._prompts.get(type(prompt)):
            handler(turn, *_said(prompt))
        elif turn.instructs:
            self._taught_prompts[type(prompt)](turn, *_said(prompt))
        else:
            turn.say(screens.for_instructors())

    def _take_name(self, turn: Turn, asked: WhichClass) -> None:
        command = self._about_classes.get(asked.command)
        if command:
            choosing.take_name(turn, asked, command)


def _said(what: Action | Prompt) -> tuple[Action | Prompt, ...]:
    """The action or prompt itself, if it says anything besides its type."""
    return (what,) if fields(what) else ()


def for_instructors(handler: Handler) -> Handler:
    """The handler, for a person who is an instructor at this moment."""

    def checked(turn: Turn) -> None:
        if turn.instructs:
            handler(turn)
        else:
            turn.say(screens.for_instructors())

    return checked


def _command(given: Command | ClassCommand) -> Command:
    return given if isinstance(given, Command) else Command(given.name, choosing.typed(given), given.about)


def _button(command: ClassCommand) -> type[Action]:
    if [field.name for field in fields(command.button)] != ["cohort"]:
        raise ValueError(f"the button {command.button.__name__} of /{command.name} has no class, or more than that")
    return command.button


def _ranked(features: Sequence[Feature]) -> list[tuple[Rank, Takes]]:
    """The rules for texts: those of every bot, and those of the features."""
    ours = {
        Rank.NOTICE: texts.notice,
        Rank.CANCEL: answers.cancel,
        Rank.ANY_TEXT: answers.take_any_text,
        Rank.PROMPT: answers.answer,
        Rank.LINK: links.pasted,
    }
    return [*ours.items(), *(row for feature in features for row in feature.texts.items())]


def _first(rules: Iterable[Takes], turn: Turn) -> None:
    """The first rule that takes the update."""
    any(takes(turn) for takes in rules)


def _table(what: str, *parts: Iterable[tuple[Key, Row]]) -> dict[Key, Row]:
    found: dict[Key, Row] = {}
    for part in parts:
        for key, row in part:
            if key in found:
                raise ValueError(f"two features have the {what} {key!r}")
            found[key] = row
    return found
