"""What happens to a run's job after a turn is committed, as values."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import RunId
from bot.domain.runs import Run


@dataclass(frozen=True, slots=True)
class StartJob:
    """Follow a run that the turn stored as queued."""

    run: Run


@dataclass(frozen=True, slots=True)
class StopJob:
    """End the job of a run whose end the turn stored; what the job had reached comes behind that."""

    run: RunId


@dataclass(frozen=True, slots=True)
class CancelJob:
    """End the job of a run whose end the turn stored; nothing more of it is shown."""

    run: RunId
