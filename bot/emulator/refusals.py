"""How the Bot API says no: a status, a sentence in Telegram's own words, and sometimes parameters."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A Bot API call that ends without a result.

    `status` is both the HTTP status and the `error_code`; `parameters` are ResponseParameters (`retry_after` in
    seconds, `migrate_to_chat_id`).
    """

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        """The JSON body of the refusal."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return body | {"parameters": self.parameters} if self.parameters else body


def bad_request(reason: str) -> Refused:
    """400, the call itself is wrong."""
    return Refused(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refused:
    """403, the call is right but the bot may not."""
    return Refused(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refused:
    """409, two ways of receiving updates collide."""
    return Refused(409, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> Refused:
    """429, the bot has to wait this many seconds."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
