"""Time zones as people name them."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from bot.domain import zones


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("  Berlin ", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
        ("Atlantis", None),
        ("../etc/passwd", None),
        ("", None),
    ],
)
def test_a_zone_is_found_by_its_name_or_city(typed: str, name: str | None) -> None:
    assert zones.find(typed) == name


@pytest.mark.parametrize(("typed", "first"), [("Brlin", "Europe/Berlin"), ("Asia/Tokio", "Asia/Tokyo")])
def test_those_spelt_alike_are_offered(typed: str, first: str) -> None:
    near = zones.alike(typed)
    assert near[0] == first
    assert len(near) <= zones.SUGGESTIONS


def test_who_named_none_lives_in_utc() -> None:
    assert zones.zone(None) is UTC
    assert zones.zone("Gone/Away") is UTC
    assert zones.zone("/etc/passwd") is UTC
    assert zones.zone("Europe/Berlin") == ZoneInfo("Europe/Berlin")
