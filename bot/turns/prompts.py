"""What a message answers: a command that came from the menu without its argument asked for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.classes import Cohort
from bot.features.announcements import handlers as announcing
from bot.features.assignments import handlers as assigning
from bot.features.classes import handlers as teaching
from bot.features.membership import handlers as classes
from bot.features.preferences import handlers as preferences_handlers
from bot.features.pulse import handlers as watching
from bot.features.quiz import handlers as quiz
from bot.features.report import handlers as report_handlers
from bot.turns import choosing, links, screens
from bot.turns import screens as teaching_screens
from bot.turns.choosing import PATIENCE
from bot.turns.turn import Turn

Take = Callable[[Turn, Mapping[str, object]], None]


def take_any_text(turn: Turn) -> bool:
    """The same, for what takes any text: code may be part of it."""
    asked = turn.tables.prompts.kind(turn.learner.id, turn.now - PATIENCE)
    return asked in ANY_TEXT and answer(turn)


def cancel(turn: Turn) -> bool:
    """Whether the message leaves what is asked at the moment."""
    word = turn.incoming.text.strip().strip("./!").casefold()
    leaves = word in CANCEL and turn.tables.prompts.kind(turn.learner.id, turn.now - PATIENCE) is not None
    if leaves:
        turn.tables.prompts.clear(turn.learner.id)
        turn.say(screens.cancelled())
    return leaves


def answer(turn: Turn) -> bool:
    """Whether the message answers something that was asked in the last ten minutes; then it is dealt with.

    What is clearly something else ends what was asked, and is taken for what it is.
    """
    prompt = turn.tables.prompts.take(turn.learner.id, turn.now - PATIENCE)
    if prompt is None or _is_something_else(turn, prompt.kind):
        return False
    turn.while_asked = screens.TO_LEAVE
    if prompt.kind in KINDS:
        KINDS[prompt.kind](turn, prompt.payload)
    elif turn.instructs:
        TEACHING_KINDS[prompt.kind](turn, prompt.payload)
    else:
        turn.say(screens.for_instructors())
    return True


def _is_something_else(turn: Turn, kind: str) -> bool:
    """A link or code that lets into a class, an answer to the open question, a path, Python, a question, or too many
    words."""
    text, code = turn.incoming.text.strip(), turn.incoming.code
    most = WORDS.get(kind)
    return (
        (most is not None and len(text.split()) > most)
        or (kind not in (choosing.WHICH, *ANY_TEXT) and text.endswith(QUESTION_MARKS))
        or text.startswith("/")
        or (kind not in ANY_TEXT and code is not None and not code.is_word)
        or links.LINK.fullmatch(text) is not None
        or (kind == preferences_handlers.ASK_ZONE and links.is_code(turn))
        or (kind != assigning.ASK and quiz.wants(turn))
    )


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
    "report": lambda turn, cohort, _: report_handlers.begin_report(turn, cohort),
    "pulse": lambda turn, cohort, _: watching.begin_pulse(turn, cohort),
    "announce": announcing.begin,
    "assign": assigning.begin,
}
"""What a class that is named leads to, by command, with the text that came with the command."""
KINDS: dict[str, Take] = {
    classes.ASK_CODE: classes.take_code,
    preferences_handlers.ASK_ZONE: preferences_handlers.take_zone,
}
TEACHING_KINDS: dict[str, Take] = {
    teaching.NEW_NAME: teaching.take_name,
    teaching.RENAME: teaching.take_new_name,
    announcing.ASK: announcing.take_text,
    assigning.ASK: assigning.take_date,
    choosing.WHICH: _which,
}
WORDS = {classes.ASK_CODE: 4, preferences_handlers.ASK_ZONE: 4, assigning.ASK: 16}
"""Most words of an answer; a longer text is a sentence that is for somebody else."""
QUESTION_MARKS = ("?", "\u061f", "\uff1f", "\u037e")
"""Those of Latin, Arabic, Chinese and Greek writing."""
CANCEL = frozenset(("cancel", "stop", "quit", "abort", "never mind", "nevermind"))
ANY_TEXT = (announcing.ASK,)
"""What asks for a text of any kind."""
