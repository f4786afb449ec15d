"""What the operator is told when something needs a look."""

from __future__ import annotations

from bot.screens.screen import Screen
from bot.text import bold, code, paragraphs, text


def handler_failed(reference: str) -> Screen:
    return Screen(
        paragraphs(
            bold("A handler failed"),
            text(
                "A learner got an apology with the reference ",
                code(reference),
                "; the log has the failure in full under it. Further failures are not reported for 10 minutes.",
            ),
        )
    )


def update_unreadable(reference: str) -> Screen:
    return Screen(
        paragraphs(
            bold("An update could not be read"),
            text(
                "It is kept as a dead letter. The log says what is wrong with it under the reference ",
                code(reference),
                ". Further ones are not reported for 10 minutes.",
            ),
        )
    )


def message_refused(reference: str) -> Screen:
    return Screen(
        paragraphs(
            bold("A message could not be sent"),
            text(
                "Telegram refused its every form. The log has Telegram's words under the reference ",
                code(reference),
                ". Further ones are not reported for 10 minutes.",
            ),
        )
    )


def delivery_failed(reference: str) -> Screen:
    return Screen(
        paragraphs(
            bold("Delivering a message failed"),
            text(
                "The mistake is the bot's own, and the log has it in full under the reference ",
                code(reference),
                ". Other messages go on. Further failures are not reported for 10 minutes.",
            ),
        )
    )


def timer_failed(kind: str, reference: str) -> Screen:
    return Screen(
        paragraphs(
            bold("A timer failed"),
            text("The job ", code(kind), " is tried again later. Reference in the log: ", code(reference), "."),
        )
    )


def outbox_aged(waiting: int, seconds: float) -> Screen:
    return Screen(
        paragraphs(
            bold("Messages do not get through"),
            text(f"{waiting} waited to be delivered, the oldest for {seconds:.0f} seconds. The log says why."),
        )
    )
