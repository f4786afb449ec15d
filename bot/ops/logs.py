"""What the log looks like: one line a record for people or one JSON object a line for machines, and never a secret."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

HIDDEN = "(hidden)"
TOKEN = re.compile(r"(?<!\d)\d{5,}(?::|%3A)[\w-]{30,}", re.ASCII)
"""Anything that looks like a bot's token, whether it is ours or not."""
QUIET = ("httpx", "httpcore", "uvicorn.access")
"""They log each call at INFO: much, and with the token in every address."""

_request: ContextVar[str] = ContextVar("request", default="")


def bind(update: int) -> None:
    """From here on the records of this task, and of tasks that it starts, carry the update's id as request id."""
    _request.set(str(update))


def configure(form: str = "text", secrets: Iterable[str] = ()) -> None:
    """Log to standard error as `text` or `json`; `secrets` are hidden wherever they turn up, tracebacks included."""
    layout = JsonLines(secrets) if form == "json" else Lines(secrets)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(layout)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _uncaught


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without these secrets and without anything that looks like a bot's token."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return TOKEN.sub(HIDDEN, text)


class Lines(logging.Formatter):
    """For people. Secrets are hidden in the finished text, since exceptions bring them too."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s%(request)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        record.request = f" [{_request.get()}]" if _request.get() else ""
        return redacted(super().format(record), self._secrets)


class JsonLines(Lines):
    """For machines: at, level, logger, message; request and error where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        error = self.formatException(record.exc_info) if record.exc_info else record.exc_text
        fields = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage(), self._secrets),
            "request": _request.get(),
            "error": redacted(error, self._secrets) if error else "",
        }
        kept = {name: value for name, value in fields.items() if value or name == "message"}
        return json.dumps(kept, ensure_ascii=False)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What ends the process goes through the log too: its text may hold a secret."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("tutor").critical("the process ends with an error", exc_info=(kind, error, trace))
