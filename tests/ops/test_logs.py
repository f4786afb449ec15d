"""The log's two forms, request ids, and that no secret gets into it."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from bot.ops import logs
from bot.ops.logs import HIDDEN, JsonLines, Lines
from tests.support.house import SECRET, TOKEN

log = logging.getLogger("test")


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    caught = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("bot.x", logging.ERROR, __file__, 1, message, args, caught)


def failure() -> BaseException:
    """An error whose text, cause and traceback hold secrets."""
    try:
        try:
            raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
        except ValueError as error:
            raise RuntimeError(f"The token `{TOKEN}` was rejected, {SECRET}") from error
    except RuntimeError as error:
        return error


@pytest.mark.parametrize("layout", [Lines((TOKEN, SECRET)), JsonLines((TOKEN, SECRET))])
def test_secrets_are_hidden_in_messages_arguments_and_tracebacks(layout: logging.Formatter) -> None:
    line = layout.format(record("call of %s with %s", f"/bot{TOKEN}/x", SECRET, error=failure()))
    assert TOKEN not in line
    assert SECRET not in line
    assert line.count(HIDDEN) == 5
    assert "RuntimeError" in line
    assert "ValueError" in line


@pytest.mark.parametrize("text", [TOKEN, TOKEN.replace(":", "%3A"), f"/bot{TOKEN}/getMe", "1234567890:" + "x" * 35])
def test_whatever_looks_like_a_token_is_hidden_without_being_told(text: str) -> None:
    assert HIDDEN in logs.redacted(text)
    assert TOKEN.split(":")[1] not in logs.redacted(text)


@pytest.mark.parametrize("text", ["12:34:56 in room 12345:67", "id 123456789: nothing", "2026-01-01 10:00:00"])
def test_other_figures_stay(text: str) -> None:
    assert logs.redacted(text) == text


def test_json_has_one_object_a_line() -> None:
    line = JsonLines().format(record("two\nlines of %s", "text", error=failure()))
    assert "\n" not in line
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"]) == ("ERROR", "bot.x", "two\nlines of text")
    assert said["error"].startswith("Traceback")
    assert said["at"].endswith("+00:00")
    assert "request" not in said


def test_an_empty_secret_hides_nothing() -> None:
    assert Lines(("",)).format(record("abc")).endswith("bot.x: abc")


async def test_a_record_carries_the_update_it_is_about() -> None:
    logs.bind(4711)
    assert json.loads(JsonLines().format(record("x")))["request"] == "4711"
    assert "bot.x [4711]: x" in Lines().format(record("x"))


def test_what_ends_the_process_is_logged_without_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before, level, quiet = root.handlers[:], root.level, {name: logging.getLogger(name).level for name in logs.QUIET}
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    try:
        logs.configure("json", (TOKEN, SECRET))
        error = failure()
        sys.excepthook(type(error), error, error.__traceback__)
        logging.getLogger("httpx").info("GET https://api.telegram.org/bot%s/getMe", TOKEN)
    finally:
        logging.captureWarnings(False)
        root.handlers[:] = before
        root.setLevel(level)
        for name, was in quiet.items():
            logging.getLogger(name).setLevel(was)
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["level"] == "CRITICAL"
    assert TOKEN not in line
    assert SECRET not in line
