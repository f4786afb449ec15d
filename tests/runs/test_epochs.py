"""How many epochs ran, as the chat says it."""

from __future__ import annotations

import pytest

from bot.domain.runs import Epoch
from bot.runs.screens import epochs_that_ran


def fit(numbers: range, planned: int) -> tuple[Epoch, ...]:
    return tuple(Epoch(n, planned, {"loss": 1.0}, n / 10) for n in numbers)


@pytest.mark.parametrize(
    ("history", "said"),
    [
        (fit(range(1, 11), 10), "10 epochs"),
        (fit(range(1, 4), 200), "3 of 200 epochs"),
        (20 * fit(range(1, 2), 1), "20 epochs"),
        (fit(range(1, 2), 1), "1 epoch"),
        (fit(range(1, 6), 5) + fit(range(6, 11), 10), "10 epochs"),
        (fit(range(191, 201), 200), "10 epochs"),
        (fit(range(191, 194), 200), "3 of 10 epochs"),
        (5 * fit(range(1, 4), 3), "15 epochs"),
        (fit(range(1, 1000), 3000) + fit(range(1050, 3001, 50), 3000), "3,000 epochs"),
    ],
)
def test_epochs_that_ran_are_counted_over_all_fits(history: tuple[Epoch, ...], said: str) -> None:
    assert epochs_that_ran(history) == said
