"""A Turn: one update's unit of work. What it read, what it writes and what it shows are one transaction, committed
once.

A handler is a plain function of a Turn. It runs in the store's writer thread, inside the transaction, so that what it
reads cannot change before it writes, and no two turns can meet. It never calls the Bot API: what it shows goes out
through the outbox after the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from bot.domain.authority import Authority
from bot.domain.ids import LearnerId, RunId
from bot.domain.learning import SectionEnd
from bot.domain.messages import Mode, OpenPrompt
from bot.domain.people import Learner
from bot.domain.rounds import RoundKind
from bot.domain.runs import Epoch
from bot.store import Tables
from bot.telegram.actions import Action
from bot.telegram.incoming import Content, Incoming
from bot.telegram.richtext import Text, paragraphs
from bot.telegram.screen import Screen
from bot.turns.prompts import Claim, Prompt
from bot.turns.rounds import Rules
from lessons.model import Course, Lesson

PANEL = "panel"
"""Key of the one message in which a learner moves about: lessons, pages, progress."""


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a press: a short notice over the chat (at most 200 characters), or an alert that must be closed."""

    text: str = ""
    alert: bool = False


@dataclass(slots=True, eq=False)
class Identity:
    """What the bot knows of itself."""

    web: str
    """Where people reach its web pages; without a slash at the end."""
    authority: Authority
    """Says who is an instructor, and who may appoint others."""
    username: str = ""
    """Its name at Telegram, for links that open it. Telegram says it at the start."""

    def link(self, payload: str) -> str:
        """An address that opens the bot with `/start payload`; Telegram takes 64 characters of A-Z a-z 0-9 _ -."""
        return f"https://t.me/{self.username}?start={payload}"


class GoingRuns(Protocol):
    """What a turn may ask about runs that are going on."""

    @property
    def takes_own_code(self) -> bool:
        """Whether code that a learner wrote may run here."""
        ...

    def so_far(self, run: RunId) -> tuple[Epoch, ...]:
        """The epochs that a run has reached. Any thread may ask."""
        ...


class Listed(Protocol):
    """A command as menus list it."""

    @property
    def name(self) -> str: ...
    @property
    def about(self) -> str: ...


class FeatureTables(Protocol):
    """What a turn may ask about the features; `routes.Routes` knows."""

    @property
    def commands(self) -> Sequence[Listed]:
        """For everybody."""
        ...

    @property
    def teaching(self) -> Sequence[Listed]:
        """For instructors."""
        ...

    @property
    def rounds(self) -> Mapping[RoundKind, Rules]:
        """The rules of each kind of round."""
        ...

    def take(self, turn: Turn, action: Action) -> None:
        """Do what a press on this button does."""
        ...

    def link(self, payload: str) -> Callable[[Turn], None] | None:
        """What opens `/start payload`."""
        ...

    def prompt(self, stored: OpenPrompt) -> Prompt | None:
        """What was asked."""
        ...

    def takes_any_text(self, kind: str) -> bool:
        """Whether prompts of this kind take any text, code too."""
        ...

    def answer(self, turn: Turn, prompt: Prompt) -> None:
        """Hand the message to the handler of the prompt."""
        ...

    def claims(self, turn: Turn, claim: Claim) -> bool:
        """Whether the text of the turn is clearly of this kind."""
        ...


@dataclass(frozen=True, slots=True)
class OfferMenu:
    """An effect: let a person's chat offer the commands for instructors, or not."""

    person: LearnerId
    instructs: bool


class Turn:
    """`learner` is the person who acts, `new` says whether for the first time. `now` is the time of everything that the
    turn writes."""

    def __init__(
        self,
        tables: Tables,
        incoming: Incoming,
        now: float,
        course: Course,
        runs: GoingRuns,
        routes: FeatureTables,
        identity: Identity,
    ) -> None:
        self.tables = tables
        self.course = course
        self.runs = runs
        self.incoming = incoming
        self.now = now
        self.routes = routes
        self.identity = identity
        self.chat = incoming.chat
        self.learner, self.new = self._who()
        if incoming.message:
            tables.posts.saw(incoming.chat, incoming.message)
        self.answer = Toast()
        self.effects: list[object] = []
        self.while_asked = Text()
        """Stands below what is shown while something is asked."""

    def _who(self) -> tuple[Learner, bool]:
        """The learner who acts, and whether they are new. Nobody becomes one in a group, by a notice of Telegram's own,
        or by blocking the bot."""
        who, learners = self.incoming, self.tables.learners
        # An edited message has the time at which it was sent first.
        heard = min(who.sent_at, self.now) if who.sent_at and not who.edited else self.now
        known = learners.get(who.learner)
        if who.private and who.content is not Content.SERVICE and who.blocked is None:
            return learners.meet(who.learner, who.name, who.username, who.language, self.now, heard)
        if who.private and known and who.blocked is False:
            return learners.meet(who.learner, known.name, who.username, known.language, self.now, heard)
        learners.hear(who.learner, who.username, heard)
        return known or Learner(who.learner, who.name, who.username, who.language, self.now), known is None

    def say(self, screen: Screen) -> None:
        """Show in a new message that is never edited."""
        self.show(screen, "", Mode.NEW)

    def say_once(self, screen: Screen, about: str) -> None:
        """As `say`, but of several messages that were sent as one album only the first is told this."""
        key = f"album:{self.incoming.album}:{about}" if self.incoming.album else ""
        if not key or not (self.tables.outbox.holds(self.chat, key) or self.tables.posts.get(self.chat, key)):
            self.show(screen, key, Mode.NEW)

    def show(self, screen: Screen, key: str = PANEL, mode: Mode = Mode.FOLLOW, reads: SectionEnd | None = None) -> None:
        """Show where the message with this key stands, as `mode` says. The section `reads` counts as read when the
        learner has the message."""
        if self.while_asked and self.tables.prompts.kind(self.learner.id, 0.0):
            screen = replace(screen, text=paragraphs(screen.text, self.while_asked))
        message = screen.outgoing(self.chat, key, mode)
        self.tables.outbox.add(replace(message, topic=self.incoming.topic), self.now, reads)

    def ask(self, prompt: Prompt) -> None:
        """Take the learner's next message for the answer to this."""
        self.tables.prompts.set(self.learner.id, prompt.kind, asdict(prompt), self.now)

    def open(self, action: Action) -> None:
        """Go on as if this button had been pressed: it leads to another feature."""
        self.routes.take(self, action)

    def toast(self, text: str, alert: bool = False) -> None:
        self.answer = Toast(text[:200], alert)

    def after(self, effect: object) -> None:
        """Note what happens once the turn is committed, as a value: a table says what each type of effect does."""
        self.effects.append(effect)

    def soon(self, kind: str, payload: Mapping[str, object]) -> None:
        """Have the scheduler do this once the turn is committed: what takes long, and must not be forgotten."""
        self.tables.timers.set(kind, self.now, payload)

    def end(self) -> None:
        """The handler is done: what follows every turn. The menu is put right with a message, not with each press."""
        if self.incoming.private and self.incoming.message:
            self.after(OfferMenu(self.learner.id, self.instructs))

    @property
    def instructs(self) -> bool:
        """Whether the person who acts is an instructor now."""
        return self.identity.authority.instructs(self.learner.id, self.tables.instructors)

    @property
    def appoints(self) -> bool:
        """Whether the person who acts may make others instructors."""
        return self.identity.authority.appoints(self.learner.id)

    def current_lesson(self) -> Lesson:
        """The lesson that the learner opened last, or the first one."""
        last = self.tables.reading.current_lesson(self.learner.id)
        return (last and self.course.lesson(last)) or self.course.lessons[0]
