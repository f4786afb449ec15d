"""Settings: read from the environment, and every bad one named before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import settings
from bot.settings import BadSettings


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in settings.Settings.model_fields:
        monkeypatch.delenv(f"TUTOR_{field.upper()}", raising=False)


def test_without_variables_there_are_defaults() -> None:
    found = settings.read()
    assert (found.token, found.base_url, found.db, found.course) == (None, None, Path("tutor.db"), None)
    assert (found.instructors, found.slots, found.port) == (frozenset(), None, 8080)


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "TOKEN": "123:ABC", "BASE_URL": "http://127.0.0.1:8081/", "DB": "/data/t.db", "COURSE": "/course",
        "INSTRUCTORS": " 1, 2 ,,3", "SLOTS": "2", "PORT": "0",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(f"TUTOR_{name}", value)
    found = settings.read()
    assert found.token is not None
    assert found.token.get_secret_value() == "123:ABC"
    assert (found.base_url, found.db, found.course) == ("http://127.0.0.1:8081", Path("/data/t.db"), Path("/course"))
    assert (found.instructors, found.slots, found.port) == ({1, 2, 3}, 2, 0)


def test_given_values_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_PORT", "1")
    assert settings.read(port=2).port == 2


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "eighty", "0 to 65535"),
        ("PORT", "65536", "0 to 65535"),
        ("PORT", "-1", "0 to 65535"),
        ("SLOTS", "0", "1 to 64"),
        ("SLOTS", "65", "1 to 64"),
        ("SLOTS", "two", "1 to 64"),
        ("BASE_URL", "api.example.org", "begins with http:// or https://"),
        ("INSTRUCTORS", "1,ada", "Telegram ids, comma separated"),
    ],
)
def test_a_bad_variable_is_named_with_its_value_and_what_was_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"TUTOR_{name}", value)
    with pytest.raises(BadSettings) as caught:
        settings.read()
    (line,) = str(caught.value).split("\n")
    assert line.startswith(f"TUTOR_{name}=")
    assert value.split(",")[-1] in line
    assert expected in line


def test_all_bad_variables_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_PORT", "x")
    monkeypatch.setenv("TUTOR_SLOTS", "y")
    with pytest.raises(BadSettings) as caught:
        settings.read()
    assert [line.split("=")[0] for line in str(caught.value).split("\n")] == ["TUTOR_SLOTS", "TUTOR_PORT"]


def test_the_token_is_shown_nowhere() -> None:
    secret = "123456:very-secret"
    found = settings.read(token=secret)
    assert secret not in repr(found)
    assert secret not in str(found.model_dump())
    with pytest.raises(BadSettings) as caught:
        settings.read(token=[secret])
    assert str(caught.value).startswith("TUTOR_TOKEN=(hidden)")
    assert secret not in str(caught.value)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.read().port = 1
