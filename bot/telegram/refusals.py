"""What an error of the library says about who refused a call, and what for."""

from __future__ import annotations

from telegram.error import BadRequest, NetworkError, TelegramError

TOO_LARGE = "request entity too large"
"""Telegram's words of a file above its limit. They come with a status of their own, for which the library has no
error."""


def as_meant(error: TelegramError) -> TelegramError:
    """The error that says it: a refusal in which Telegram does not speak is none of Telegram's. Whatever status a
    proxy's page has, the call can be tried again."""
    if isinstance(error.__cause__, TelegramError):  # the body was no JSON
        return NetworkError(f"something on the way answered in Telegram's place: {str(error)[:80]}")
    if isinstance(error, NetworkError) and TOO_LARGE in str(error).lower() and not isinstance(error, BadRequest):
        return BadRequest("file is too large")
    return error
