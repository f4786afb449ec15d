"""What the bot remembers, as values. Times are seconds since 1970 (UTC). Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

Value = int | float | str | bool
"""A parameter's value."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A person studying; `id` is Telegram's user id."""

    id: int
    name: str
    username: str | None = None
    language: str | None = None
    joined_at: float = 0.0
    reachable: bool = True
    """False since the learner blocked the bot."""
    zone: str | None = None
    """Time zone as the IANA names it (`Europe/Berlin`), if they said so."""
    heard_at: float = 0.0
    """When the bot last heard from them, and so of their username."""
    inherited: bool = False
    """Another learner had the username before."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a learner left off in a lesson."""

    lesson: str
    section: str
    page: int
    at: float


@dataclass(frozen=True, slots=True)
class Quiz:
    """One pass of a learner through a lesson's questions."""

    id: int
    learner: int
    lesson: str
    started_at: float
    finished_at: float | None = None
    right: int | None = None
    """Questions answered right at the first try; known when finished."""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One question sent once: it takes one answer."""

    id: int
    quiz: int
    learner: int
    lesson: str
    question: str
    tries: int
    """How many times this question was answered in this quiz before."""
    sent_at: float
    answered: bool = False
    hinted: bool = False
    ticked: int = 0
    """Bit mask of the choices ticked so far, by place (multiple choice)."""
    version: int | None = None
    """Number of the question's wording; None for one that was sent before wordings were kept."""
    shown: str = ""
    """The question as it was shown, as `versions.written` has it; once it is answered, as it was graded."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to one question. `answer` holds ids of choices, or the text as given."""

    delivery: int
    answer: tuple[str, ...]
    correct: bool
    at: float


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        return self not in (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True, slots=True)
class Epoch:
    """Keras' metrics at the end of an epoch, and the seconds since the script began."""

    epoch: int
    epochs: int
    metrics: Mapping[str, float]
    seconds: float
    diverged: tuple[str, ...] = ()
    """Metrics that were NaN or infinite: `metrics` does not have them."""
    fit: int | None = None
    """Which `fit` of the run, from 1; None in a run stored before this was told."""
    model: int | None = None
    """Which of the run's models, from 1; None likewise."""
    classifier: bool | None = None
    """False where an accuracy is no share of examples: a regression, several yes-or-no outputs. None: not known."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an evaluation found; accuracy to F1 are None when the model is no classifier."""

    trained: bool
    """False for the baseline: fresh weights."""
    examples: int | None
    """None where they were not counted."""
    metrics: Mapping[str, float]
    accuracy: float | None = None
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    diverged: tuple[str, ...] = ()
    """Metrics that were NaN or infinite."""
    fit: int | None = None
    """The model's last `fit` before; None where there was none, or in a run stored before this was told."""
    model: int | None = None
    """As in an epoch."""
    data: str = "unknown"
    """The runner's word for where the data come from: training, validation, unseen or unknown."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What a learner can do about an error: the runner's code, and the values that its words need."""

    code: str
    name: str = ""
    part: str = ""
    nearest: str = ""
    there: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """The stored history of a job."""

    id: int
    learner: int
    chat: int
    lesson: str
    example: str
    values: Mapping[str, Value]
    """Parameters that differ from the example's own values."""
    source: str
    """The code exactly as it runs."""
    queued_at: float
    verified: bool = True
    """False for code a learner edited: its figures are self-reported."""
    state: RunState = RunState.QUEUED
    reason: str | None = None
    detail: str | None = None
    hint: Hint | None = None
    started_at: float | None = None
    ended_at: float | None = None
    seconds: float | None = None
    history: tuple[Epoch, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    output: str = ""
    restarts: int = 0


class SnippetState(StrEnum):
    """What became of code that a learner sent."""

    WAITING = "waiting"
    """Its message was full: the rest may be on its way."""
    ASKED = "asked"
    """The learner was asked for the rest."""
    OFFERED = "offered"
    """The learner was asked whether it shall run."""
    RUN = "run"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Part:
    """The code of one message."""

    message: int
    code: str
    units: int
    """Length of the message, in UTF-16 units."""


@dataclass(frozen=True, slots=True)
class SentCode:
    """Code that a learner sent, in one message or more."""

    id: int
    learner: int
    parts: tuple[Part, ...]
    units: int
    """Length of its last message, in UTF-16 units; 0 if the code ended before its message did."""
    marked: bool
    state: SnippetState
    run: int | None
    sent_at: float
    """When its last message was sent."""

    @property
    def last_message(self) -> int:
        return self.parts[-1].message


@dataclass(frozen=True, slots=True)
class LearnersFile:
    """A file that a learner sent, without its content."""

    id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner's progress in one lesson."""

    lesson: str
    sections_read: frozenset[str] = frozenset()
    quizzes: int = 0
    best_right: int | None = None
    """Of the best finished quiz ..."""
    best_total: int | None = None
    """... and out of how many."""
    runs: int = 0
    runs_finished: int = 0
    finished: tuple[Passed, ...] = ()
    """Every finished pass through its quiz, oldest first."""


class Mode(StrEnum):
    """How an outgoing message meets what the chat already shows under the same key."""

    NEW = "new"
    """A new message."""
    FOLLOW = "follow"
    """Edit the message if it is the chat's last; otherwise a new one, and the old one's buttons go."""
    KEEP = "keep"
    """Edit the message wherever it stands; a new one only if it is gone."""


@dataclass(frozen=True, slots=True)
class Key:
    """A keyboard key as it travels: exactly one of data, url, copy is set."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture (PNG or JPEG) or a file of any kind that goes with a message."""

    name: str
    content: bytes
    picture: bool


class SectionEnd(NamedTuple):
    """The section whose last page a message shows: read when the message has reached its learner."""

    lesson: str
    section: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way to a chat. `entities` are dicts as the Bot API has them."""

    chat: int
    text: str
    entities: tuple[Mapping[str, object], ...] = ()
    keyboard: tuple[tuple[Key, ...], ...] = ()
    attachment: Attachment | None = None
    at: str = ""
    """Key of the message in its chat (`lesson`, `run:17`); empty for one that is never edited."""
    mode: Mode = Mode.NEW
    topic: int | None = None
    """The topic of a forum in which it stands; None for any other chat, and for a forum's general topic."""
    reads: SectionEnd | None = None
    id: int = 0
    """Row of the outbox; 0 for a live frame, which may be lost."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: updates not dealt with, messages not delivered."""

    inbox: int
    outbox: int
    oldest: float | None = None
    """When the message that has waited longest was written; None when none waits."""

    def age(self, now: float) -> float:
        """Seconds that message has waited; 0 when none waits."""
        return max(0.0, now - self.oldest) if self.oldest is not None else 0.0


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to be done at `due_at`. `payload` is JSON's kind of values; kind and payload together are unique."""

    id: int
    kind: str
    payload: Mapping[str, object]
    due_at: float


@dataclass(frozen=True, slots=True)
class Instructor:
    """Somebody who was appointed; those that the settings name have no record."""

    id: int
    name: str
    appointed_by: int
    at: float


class TicketKind(StrEnum):
    """What a link that works once is good for."""

    DASHBOARD = "dashboard"
    """Signs its issuer in on the web."""
    INSTRUCTOR = "instructor"
    """Makes who opens it an instructor."""
    COHORT = "cohort"
    """Lets an instructor who opens it teach a class along with others."""


@dataclass(frozen=True, slots=True)
class Ticket:
    kind: TicketKind
    issued_by: int
    cohort: int | None
    """Of a COHORT ticket: which class."""
    expires_at: float


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that an instructor signed in with."""

    instructor: int
    csrf: str
    """What every form of this session carries."""
    started_at: float
    seen_at: float


@dataclass(frozen=True, slots=True)
class Cohort:
    """A class: who joins with `code` is seen by its instructors."""

    id: int
    name: str
    code: str
    salt: str
    """Makes the pseudonyms of its learners."""
    created_at: float
    open: bool = True
    """Whether the code lets people in."""
    ended_at: float | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A learner in a class."""

    id: int
    name: str
    username: str | None
    enrolled_at: float
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """A class should have passed a lesson's quiz by `due_at`."""

    cohort: int
    lesson: str
    due_at: float
    set_by: int
    set_at: float


@dataclass(frozen=True, slots=True)
class Announcement:
    """What an instructor writes to learners of a class; a draft until it is sent."""

    id: int
    cohort: int
    author: int
    body: str
    written_at: float
    sent_at: float | None = None
    finished_at: float | None = None
    """When the last of its messages was delivered or given up."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How far an announcement has come; the three add up to its recipients."""

    delivered: int
    waiting: int
    unreached: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a person's next message answers. `payload` is JSON's kind of values."""

    kind: str
    payload: Mapping[str, object]
    at: float


@dataclass(frozen=True, slots=True)
class Pulse:
    """A chat that is shown how a class is doing, live, until a time. `shown` is what it shows now."""

    chat: int
    cohort: int
    until: float
    shown: str = ""


class Answered(NamedTuple):
    """One answer, as reports read it. `answer` is JSON: ids of choices, or the text as given."""

    learner: int
    lesson: str
    question: str
    answer: str
    correct: int
    first: int
    """1 for the first answer in its pass through the quiz."""
    hinted: int
    seconds: float | None
    """From the question's sending to its answer."""
    at: float
    version: int | None = None
    """Which of the traces' versions graded it; None for an answer from before they were kept."""


class SectionRead(NamedTuple):
    learner: int
    lesson: str
    section: str
    at: float


class Place(NamedTuple):
    """Where a learner is in a lesson: the page opened last."""

    learner: int
    lesson: str
    section: str
    page: int
    at: float


class Passed(NamedTuple):
    """A pass through a lesson's quiz; the last three are None until it is finished."""

    learner: int
    lesson: str
    started_at: float
    finished_at: float | None
    right: int | None
    total: int | None


class Ran(NamedTuple):
    """A run, as reports read it."""

    id: int
    learner: int
    lesson: str
    example: str
    role: str
    verified: int
    state: str
    reason: str | None
    queued_at: float
    started_at: float | None
    ended_at: float | None
    seconds: float | None
    metric: str | None
    """What `figure` is: `accuracy` of an evaluation, `val_accuracy`, `accuracy` or `loss` of the last epoch."""
    figure: float | None
    parameters: str
    """JSON: values that differ from the example's own."""


class Asked(NamedTuple):
    """The question that a learner was sent last, and whether they answered it."""

    learner: int
    lesson: str
    question: str
    sent_at: float
    answered: int


@dataclass(frozen=True, slots=True)
class Traces:
    """All that a class left behind in a span of time; each kind of row in order of learner and time."""

    members: tuple[Member, ...] = ()
    answers: tuple[Answered, ...] = ()
    sections: tuple[SectionRead, ...] = ()
    places: tuple[Place, ...] = ()
    quizzes: tuple[Passed, ...] = ()
    """By start; a span holds those that were finished in it, or were started in it and are not finished."""
    runs: tuple[Ran, ...] = ()
    versions: Mapping[int, str] = field(default_factory=dict)
    """The questions as they read when they were answered, as `versions.written` has them."""
    assignments: tuple[Assignment, ...] = ()
    """What is due in the class, soonest first."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message of ours that stands in a chat and may be edited."""

    chat: int
    at: str
    message: int
    pictured: bool
    keyed: bool = field(default=False)
    """True while it has buttons."""
