"""A class right now, in one message that is edited as it changes. It holds no names: it may stand on a projector."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import wording
from bot.domain.classes import Cohort, Pulse
from bot.domain.ids import CohortId, learner_of
from bot.domain.messages import Mode
from bot.features.pulse.buttons import StopPulse, WatchPulse
from bot.reports.pulse import pulse
from bot.reports.scope import Scope
from bot.reports.values import LiveQuestion, PulseFigures
from bot.telegram.richtext import Text, bold, italic, lines, paragraphs, text
from bot.telegram.screen import Button, Screen
from bot.turns.jobs import Occasion

KIND = "pulse"
"""Kind of the timer; its payload is the chat."""
WATCHED_SECONDS = 15 * 60.0
EVERY_SECONDS = 3.0
BACK_SECONDS = 2 * 3600.0
"""What is older tells nothing of the present."""


@dataclass(frozen=True, slots=True)
class PulseText:
    """What was read for a chat: the text to be shown, None when who watches may not, or there is nothing to watch."""

    chat: int
    cohort: CohortId | None = None
    shown: str | None = None


def read(due: Occasion) -> PulseText:
    """Beside the writer: the class as it is now, for one who teaches it at this moment."""
    tables, payload, now = due.tables, due.payload, due.now
    watched = tables.pulses.of(payload["chat"])
    if watched is None:
        return PulseText(payload["chat"])
    watcher = learner_of(watched.chat)
    teaches = due.identity.authority.instructs(watcher, tables.instructors)
    cohort = tables.cohorts.taught(watched.cohort, watcher) if teaches else None
    if cohort is None:
        return PulseText(watched.chat, watched.cohort)
    traces = tables.traces.of_class(cohort.id, since=now - BACK_SECONDS)
    figures = pulse(traces, tables.traces.asked(cohort.id, now - BACK_SECONDS), Scope(due.course.lessons, now))
    return PulseText(watched.chat, cohort.id, wording_of(cohort, figures))


def work(due: Occasion) -> None:
    """The timer's work: show what has changed, and go on until the time is over."""
    tables, now = due.tables, due.now
    found: PulseText = due.found
    watched = tables.pulses.of(found.chat)
    if watched is None:
        return
    if watched.cohort != found.cohort:  # another class since it was read
        tables.timers.set(KIND, now, {"chat": found.chat})
        return
    key = post_of(watched.cohort)
    if found.shown is None:
        tables.pulses.end(found.chat)
        if watched.shown:
            stopped = screen(watched.cohort, watched.shown, None)
            tables.outbox.add(stopped.outgoing(found.chat, key, Mode.KEEP), now)
        return
    over = now >= watched.until
    if over or (found.shown != watched.shown and not tables.outbox.holds(found.chat, key)):
        message = screen(watched.cohort, found.shown, None if over else watched)
        mode = Mode.KEEP if watched.shown else Mode.FOLLOW
        tables.outbox.add(message.outgoing(found.chat, key, mode), now)
        tables.pulses.set(replace(watched, shown=found.shown))
    if over:
        tables.pulses.end(found.chat)
    else:
        tables.timers.set(KIND, now + EVERY_SECONDS, {"chat": found.chat})


def post_of(cohort: CohortId) -> str:
    """Key of the message."""
    return f"pulse:{cohort}"


def screen(cohort: CohortId, shown: str, watched: Pulse | None) -> Screen:
    """`watched` while it is live. The first line of what is shown is the class' name."""
    head, _, body = shown.partition("\n")
    if watched:
        note, button = "Live", Button("Stop", StopPulse(cohort))
    else:
        note, button = "Stopped", Button("Go on for 15 minutes", WatchPulse(cohort))
    return Screen(lines(text(bold(head), " · ", italic(note)), body), ((button,),))


def wording_of(cohort: Cohort, figures: PulseFigures) -> str:
    """In words; the first line is the class' name. Nothing in it depends on the time alone."""
    here = f"{figures.here} of {wording.count(figures.enrolled, 'learner')} here in the last 15 minutes"
    places = [f"{len(place.learners):>3} · {place.label}" for place in figures.places[:12]]
    more = sum(len(place.learners) for place in figures.places[12:])
    runs = f"Runs: {figures.running} running, {figures.queued} waiting, {figures.done} done in the last hour"
    failed = f", {figures.failed} failed" if figures.failed else ""
    shown = paragraphs(
        lines(cohort.name, here),
        lines(*places, f"{more:>3} · elsewhere" if more else ""),
        _question(figures.question) if figures.question else "",
        runs + failed,
    )
    return shown.plain


def _question(question: LiveQuestion) -> Text:
    """What they answer, without saying which answer is right: learners may be looking on."""
    asked = wording.shortened(question.prompt, 160)
    answered = sum(choice.last for choice in question.choices)
    bars = [f"{c.label} {wording.bar(c.last, answered)} {c.last}" for c in question.choices]
    return lines(
        f"Question {question.number}: {asked}",
        *bars,
        f"{question.answered} answered, {question.thinking} thinking",
    )
