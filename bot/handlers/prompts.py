"""What a message answers: a command that came from the menu without its argument asked for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.handlers import announcing, assigning, choosing, classes, teaching, watching
from bot.handlers.choosing import PATIENCE
from bot.records import Cohort
from bot.screens import general as screens
from bot.screens import teaching as teaching_screens
from bot.turn import Turn

Take = Callable[[Turn, Mapping[str, object]], None]


def take_any_text(turn: Turn) -> bool:
    """The same, for what takes any text: code may be part of it."""
    asked = turn.tables.prompts.kind(turn.learner.id, turn.now - PATIENCE)
    return asked in ANY_TEXT and answer(turn)


def answer(turn: Turn) -> bool:
    """Whether the message answers something that was asked in the last ten minutes; then it is dealt with."""
    prompt = turn.tables.prompts.take(turn.learner.id, turn.now - PATIENCE)
    if prompt is None:
        return False
    if prompt.kind in KINDS:
        KINDS[prompt.kind](turn, prompt.payload)
    elif turn.instructs:
        TEACHING_KINDS[prompt.kind](turn, prompt.payload)
    else:
        turn.say(screens.for_instructors())
    return True


def _which(turn: Turn, payload: Mapping[str, object]) -> None:
    """The message names the class that a command is about; or else the buttons come once more."""
    command, typed = str(payload["command"]), str(payload["text"])
    taught = turn.tables.cohorts.taught_by(turn.learner.id)
    found = choosing.named(taught, turn.incoming.text.strip(), "\n")
    if found:
        CHOSEN[command](turn, found[0], typed)
    elif taught:
        choosing.ask(turn, command, typed, taught)
    else:
        turn.say(teaching_screens.none_yet())


CHOSEN: dict[str, Callable[[Turn, Cohort, str], None]] = {
    "report": lambda turn, cohort, _: watching.begin_report(turn, cohort),
    "pulse": lambda turn, cohort, _: watching.begin_pulse(turn, cohort),
    "announce": announcing.begin,
    "assign": assigning.begin,
}
"""What a class that is named leads to, by command, with the text that came with the command."""
KINDS: dict[str, Take] = {
    classes.ASK_CODE: classes.take_code,
    classes.ASK_ZONE: classes.take_zone,
}
TEACHING_KINDS: dict[str, Take] = {
    teaching.NEW_NAME: teaching.take_name,
    teaching.RENAME: teaching.take_new_name,
    announcing.ASK: announcing.take_text,
    assigning.ASK: assigning.take_date,
    choosing.WHICH: _which,
}
ANY_TEXT = (announcing.ASK,)
"""What asks for a text of any kind."""
