"""The one place that turns an exception into a sentence for the learner."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass

from bot.telegram import notices
from bot.telegram.screen import Screen

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """What the learner sees, and the reference under which the log has it in full."""

    reference: str
    screen: Screen


def report(error: BaseException, what: str) -> Failure:
    """Log the failure in full under a new id, and return the apology that names it."""
    reference = secrets.token_hex(3)
    log.error("%s failed; reference %s", what, reference, exc_info=error)
    return Failure(reference, notices.apology(reference))
