"""The figures, as values. Shares are 0 to 1, times seconds since 1970, durations seconds. None: not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.classes import Member


@dataclass(frozen=True, slots=True)
class Bin:
    """How many learners have a score in `low` <= score < `high` (the last bin holds its upper end as well)."""

    low: float
    high: float
    learners: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A step on the way through the course, and how many learners reached it."""

    lesson: str
    """The lesson's title."""
    label: str
    learners: int


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day of the scope's zone."""

    day: date
    learners: int
    """How many learners left any trace."""
    answers: int
    runs: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Learners by how far they came. `finished`: the quiz of every lesson in view; `passed`: and passed each."""

    enrolled: int
    started: int
    finished: int
    passed: int
    never_started: int
    inactive: int
    """Started once, not passed, and no trace for over 7 days."""
    median_score: float | None
    scores: tuple[Bin, ...]
    """Ten bins over the best score of each learner who finished a quiz in view (mean over those lessons)."""
    funnel: tuple[Stage, ...]
    """Lesson by lesson: started (in a span of time: active), each section read, quiz finished, quiz passed."""
    days: tuple[Day, ...]
    """Every day from the first trace (or the scope's beginning) to the last (or its end, if that is not in the
    future), quiet days too; at most the last 92."""


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    label: str
    """A, B, ... as learners see it."""
    text: str
    correct: bool
    first: int
    """Learners whose first answer held this choice."""
    last: int
    """Learners whose last answer held it."""


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    text: str
    correct: bool
    learners: int


class FlagKind(StrEnum):
    HARD = "hard"
    """Facility under 0.30, from 5 learners on."""
    EASY = "easy"
    """Facility over 0.70, from 5 learners on."""
    BLUNT = "blunt"
    """Discrimination under 0.25, where it could be more: not if nearly all get the question right, or wrong."""


@dataclass(frozen=True, slots=True)
class Flag:
    kind: FlagKind
    meaning: str
    """What it says of the question, and what to do, in a sentence."""


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """`facility` is the share right at the first try, over the `n` learners who answered."""

    lesson: str
    """Id."""
    question: str
    """Id."""
    number: int
    """Place in the lesson's quiz, from 1."""
    prompt: str
    """Plain text."""
    n: int
    facility: float | None
    choices: tuple[ChoiceCount, ...]
    """Empty for questions that are answered in writing."""
    written: tuple[WrittenAnswer, ...]
    """The most frequent first answers in writing, at most 8; case and spaces aside they are one."""
    hinted: int
    """Learners who took the hint before an answer."""
    median_seconds: float | None
    """Of first answers, from the question's sending."""
    discrimination: float | None
    """Facility in the best 27 % of learners by their first-try score in the lesson's other questions less that of the
    weakest 27 % (Kelley, 1939). Other questions: in a short quiz, a score that holds the question itself would make any
    question discriminate. Over learners who answered every question of the lesson; where a group's edge cuts through
    equal scores, each of those learners counts in part. None below 30 such learners, and where all have one score."""
    flags: tuple[Flag, ...]
    earlier: int = 0
    """Learners whose first answer was to the question before its key or its choices changed: no other figure holds
    them."""


class ConcernKind(StrEnum):
    NEVER_STARTED = "never-started"
    AWAY = "away"
    """Started, not passed, and away for over 7 days."""
    STUCK = "stuck"
    """Answered one question wrong three times or more since it was last right, if it ever was."""
    FAILING_RUNS = "failing-runs"
    """The last three runs or more failed in a row (stopped ones aside)."""


@dataclass(frozen=True, slots=True)
class Concern:
    member: Member
    reason: str
    """For this learner, in a few words with figures."""
    since: float | None
    """When the reason began; None when they never started (then since enrolment)."""


@dataclass(frozen=True, slots=True)
class ConcernGroup:
    kind: ConcernKind
    title: str
    advice: str
    """What an instructor can do about it, in a sentence."""
    concerns: tuple[Concern, ...]
    """Longest first."""


@dataclass(frozen=True, slots=True)
class Against:
    """A learner's figure beside the class' median; text as shown in `unit`: `share`, `count` or `seconds`."""

    label: str
    unit: str
    own: float | None
    median: float | None
    """Over everybody of the class who started and has such a figure, this learner included."""


class MomentKind(StrEnum):
    JOINED = "joined"
    SECTION = "section"
    ANSWER = "answer"
    QUIZ = "quiz"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that a learner did."""

    at: float
    kind: MomentKind
    title: str
    detail: str
    good: bool | None
    """Right or wrong, finished or failed; None where that says nothing."""


@dataclass(frozen=True, slots=True)
class LessonStanding:
    lesson: str
    """Title."""
    sections_read: int
    sections: int
    best_right: int | None
    best_total: int | None
    passed: bool
    runs: int
    handed_in_at: float | None = None
    """When the quiz was passed first, or finished first while it is not passed."""
    due_at: float | None = None
    in_time: bool | None = None
    """Whether it was passed by then; None where nothing is due, and while there is time left."""


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """One learner of the class."""

    member: Member
    last_seen: float | None
    standings: tuple[LessonStanding, ...]
    against: tuple[Against, ...]
    timeline: tuple[Moment, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Runs by how they ended: `finished`, `error`, `timeout`, `memory`, `output`, `lost`, `cancelled`, `open`."""

    kind: str
    label: str
    runs: int


@dataclass(frozen=True, slots=True)
class Setting:
    """Finished runs of an example with the same values. The five figures are quantiles of the metric (0, 25, 50, 75,
    100 %), by linear interpolation (type 7 of Hyndman & Fan, 1996)."""

    values: str
    """As one would type them: `epochs=20`; "its own values" for none."""
    runs: int
    learners: int
    low: float
    q1: float
    median: float
    q3: float
    high: float


@dataclass(frozen=True, slots=True)
class ExampleRuns:
    lesson: str
    """Title; empty for learners' own code."""
    title: str
    runs: int
    learners: int
    finished: int
    metric: str | None
    """What the settings' figures are, in words: `accuracy`, `val accuracy`, `loss`."""
    settings: tuple[Setting, ...]
    """Most frequent first, at most 12."""


@dataclass(frozen=True, slots=True)
class RunFigures:
    runs: int
    learners: int
    outcomes: tuple[Outcome, ...]
    """Every kind, also those with none, in a fixed order."""
    wait_p50: float | None
    wait_p95: float | None
    """From queued to started. Both pairs by the nearest-rank method."""
    run_p50: float | None
    run_p95: float | None
    """From started to ended."""
    examples: tuple[ExampleRuns, ...]
    """In the course's order, also those that nobody ran. Learners' own code is one example, the last, if there is
    any."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place in the course and who is there right now."""

    lesson: str
    """Title."""
    label: str
    """The section's title, `Question 3` (also while its verdict is read), or `Training` (also after the run's end)."""
    learners: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """The question that most learners work on now. Counts are of last answers since it came up (15 minutes)."""

    lesson: str
    """Id."""
    question: str
    """Id."""
    number: int
    prompt: str
    answered: int
    thinking: int
    """Were sent it in that time and have not answered yet."""
    right: int
    choices: tuple[ChoiceCount, ...]


@dataclass(frozen=True, slots=True)
class PulseFigures:
    """The class right now."""

    enrolled: int
    here: int
    """Left a trace in the last 15 minutes, or was sent a question."""
    places: tuple[Whereabouts, ...]
    """In the course's order."""
    queued: int
    running: int
    done: int
    """Runs that ended in the last hour."""
    failed: int
    """Of those, how many failed."""
    question: LiveQuestion | None


@dataclass(frozen=True, slots=True)
class GradebookRow:
    """A learner's row of the gradebook for one lesson."""

    member: Member
    lesson: str
    """Id."""
    submitted_at: float | None
    """When the quiz was passed first, or finished first while it is not passed."""
    right: int | None
    """From the learner's best pass; so are the next three."""
    total: int | None
    score: float | None
    passed: bool
    questions: Mapping[str, bool]
    """By question answered at all: whether the very first answer to it was right."""
    best_at: float | None = None
    """When the best pass was finished (the first of equals)."""
    due_at: float | None = None
    in_time: bool | None = None
    """Whether the quiz was passed by then; None where nothing is due, and while there is time left."""
    score_when_due: float | None = None
    """The score of the best pass that was finished before the quiz was due."""


@dataclass(frozen=True, slots=True)
class DueFigures:
    """How a class stands with a quiz that is due."""

    lesson: str
    """Id."""
    title: str
    due_at: float
    enrolled: int
    passed: int
    """By now."""
    in_time: int
    """How many learners passed before the quiz was due."""
