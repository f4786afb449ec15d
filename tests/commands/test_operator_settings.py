"""Settings that concern operations; the others are tested in tests/bot."""

from __future__ import annotations

import pytest

from bot import settings
from bot.settings import BadSettings
from tests.support.house import SECRET, TOKEN


def test_defaults() -> None:
    found = settings.read()
    assert (found.host, found.webhook_url, found.webhook_secret) == ("127.0.0.1", None, None)
    assert (found.operator, found.log, found.secrets) == (None, "text", ())


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "WEBHOOK_URL": "https://a.org/b/",
        "WEBHOOK_SECRET": SECRET,
        "OPERATOR": "-100",
        "LOG": "json",
        "TOKEN": TOKEN,
    }
    for name, value in given.items():
        monkeypatch.setenv(f"TUTOR_{name}", value)
    found = settings.read()
    assert (found.webhook_url, found.operator, found.log) == ("https://a.org/b", -100, "json")
    assert found.secrets == (TOKEN, SECRET)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"webhook_url": "https://a.org"}, "TUTOR_WEBHOOK_SECRET=(hidden): expected 1 to 256 letters"),
        ({"webhook_url": "https://a.org", "webhook_secret": "not this"}, "Telegram takes no other"),
        ({"webhook_secret": "x" * 257}, "Telegram takes no other"),
        ({"webhook_url": "a.org", "webhook_secret": SECRET}, "begins with http:// or https://"),
        ({"log": "xml"}, "TUTOR_LOG='xml': expected text or json"),
        ({"operator": "me"}, "the Telegram id of the chat that alerts go to"),
        ({"host": ""}, "TUTOR_HOST=''"),
    ],
)
def test_what_cannot_be_used_is_named(given: dict[str, str], said: str) -> None:
    with pytest.raises(BadSettings) as caught:
        settings.read(**given)
    assert said in str(caught.value)
    assert given.get("webhook_secret", "nothing") not in str(caught.value)
