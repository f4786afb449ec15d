"""What the operator is told when something needs a look."""

from __future__ import annotations

from bot.telegram.richtext import Text, bold, code, paragraphs, text
from bot.telegram.screen import Screen


def handler_failed(reference: str) -> Screen:
    return _alert(
        "A handler failed",
        "A learner got an apology with the reference ",
        code(reference),
        "; the log has the failure in full under it. Further failures are not reported for 10 minutes.",
    )


def update_unreadable(reference: str) -> Screen:
    return _alert(
        "An update could not be read",
        "It is kept as a dead letter. The log says what is wrong with it under the reference ",
        code(reference),
        ". Further ones are not reported for 10 minutes.",
    )


def message_refused(reference: str) -> Screen:
    return _alert(
        "A message could not be sent",
        "Telegram refused its every form. The log has Telegram's words under the reference ",
        code(reference),
        ". Further ones are not reported for 10 minutes.",
    )


def delivery_failed(reference: str) -> Screen:
    return _alert(
        "Delivering a message failed",
        "The mistake is the bot's own, and the log has it in full under the reference ",
        code(reference),
        ". Other messages go on. Further failures are not reported for 10 minutes.",
    )


def timer_failed(kind: str, reference: str) -> Screen:
    again = "The job ", code(kind), " is tried again later. Reference in the log: ", code(reference), "."
    return _alert("A timer failed", *again)


def outbox_aged(waiting: int, seconds: float) -> Screen:
    return _alert(
        "Messages do not get through",
        f"{waiting} waited to be delivered, the oldest for {seconds:.0f} seconds. The log says why.",
    )


def _alert(title: str, *about: Text | str) -> Screen:
    return Screen(paragraphs(bold(title), text(*about)))
