"""When learners do things: sessions in the evenings, the last of them where it should be."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bot.commands.seeding.people import Person, Way

DAY, HOUR = 86400.0, 3600.0
SPAN = 28 * DAY

Act = Callable[[float], None]
Step = tuple[float, Act]
"""The seconds that a step takes, and what it writes at its end."""


def times(durations: list[float], who: Person, end: float, rng: Random) -> list[float]:
    """When each step ends. Sessions lie apart, in the evenings; they are placed backwards from the last one."""
    n = len(durations)
    if not n:
        return []
    last = _last(who.way, end, rng)
    count = max(1, min(n, round(1 + 4 * who.diligence + rng.uniform(-0.5, 1))))
    cuts = sorted({n, *(rng.randint(1, n) for _ in range(count - 1))})
    first = end - SPAN + rng.uniform(0.3, 6) * DAY
    times = [0.0] * n
    bound = last
    for place in range(len(cuts) - 1, -1, -1):
        begin, stop = (cuts[place - 1] if place else 0), cuts[place]
        at = bound if place == len(cuts) - 1 else min(bound, _evening(first, last, place / len(cuts), rng))
        for step in range(stop - 1, begin - 1, -1):
            times[step] = at
            at -= durations[step]
        bound = at - rng.uniform(1, 5) * HOUR
    return times


def _evening(first: float, last: float, share: float, rng: Random) -> float:
    """An evening at this share of the time between two others."""
    about = first + (last - first) * share
    return about - about % DAY + HOUR * min(23.5, max(6.0, rng.gauss(18.5, 2.6)))


def _last(way: Way, end: float, rng: Random) -> float:
    """When the last session ends."""
    match way:
        case Way.HERE:
            return end - rng.uniform(5, 13 * 60)
        case Way.AWAY:
            return end - rng.uniform(8, 17) * DAY
        case Way.STUCK | Way.FAILING:
            return end - rng.uniform(0.2, 4) * DAY
        case _:
            return end - rng.uniform(0.1, 9) * DAY
