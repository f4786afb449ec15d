"""Time zones as people name them."""

from __future__ import annotations

from datetime import UTC, tzinfo
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

SUGGESTIONS = 4


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """The IANA's names by how they are compared."""
    return {_plain(name): name for name in sorted(available_timezones())}


def _plain(name: str) -> str:
    return "_".join(name.casefold().split())


def find(typed: str) -> str | None:
    """The zone's name as the IANA writes it, for `europe/berlin`, `Berlin` or `new york`; None when it is no zone or
    could be several."""
    wanted = _plain(typed)
    if wanted in _known():
        return _known()[wanted]
    cities = {name for plain, name in _known().items() if plain.rsplit("/", 1)[-1] == wanted}
    return cities.pop() if len(cities) == 1 else None


def alike(typed: str) -> list[str]:
    """Zones whose name, or city, is spelt nearly like this; the nearest first."""
    wanted = _plain(typed)[:64]
    cities: dict[str, list[str]] = {}
    for plain, name in _known().items():
        cities.setdefault(plain.rsplit("/", 1)[-1], []).append(name)
    near = [name for city in get_close_matches(wanted, cities, SUGGESTIONS) for name in cities[city]]
    near += [_known()[plain] for plain in get_close_matches(wanted, _known(), SUGGESTIONS)]
    return list(dict.fromkeys(near))[:SUGGESTIONS]


def zone(name: str | None) -> tzinfo:
    """The zone of this name; UTC for no name, or one that this machine does not know."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):  # also a folder of zones, or a name too long for a file
        return UTC
