"""A learner's time zone, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot.telegram.richtext import Text, bold, code, join, paragraphs, text
from bot.telegram.screen import Screen


def ask_for_zone(present: str | None) -> Screen:
    now = text("Your time zone is ", bold(present), ".") if present else "You have set no time zone; times are in UTC."
    which = "another one" if present else "yours"
    return Screen(
        paragraphs(now, text(f"Send me {which}, like ", code("Europe/Berlin"), " or ", code("New York"), "."))
    )


def zone_set(name: str, now: float, zone: tzinfo) -> Screen:
    return Screen(
        text("Your time zone is ", bold(name), ". It is ", f"{datetime.fromtimestamp(now, zone):%H:%M}", " there now.")
    )


def unknown_zone(typed: str, alike: Sequence[str]) -> Screen:
    near = text("Perhaps ", join(" or ", [code(f"/zone {name}") for name in alike]), "?") if alike else Text()
    return Screen(
        paragraphs(
            text("I know no time zone “", typed.strip()[:64], "”."),
            near,
            "" if alike else text("It is a continent and a city, like ", code("/zone Europe/Berlin"), "."),
        )
    )
