"""How long a call that failed waits for its next try."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram.error import NetworkError, RetryAfter

from bot.telegram.patience import LONGEST_PAUSE, Patience

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # PTB warns of its own type

DOWN = NetworkError("no answer")


def test_pauses_double_up_to_the_longest() -> None:
    patience = Patience()
    assert [patience.after(DOWN) for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]


def test_what_telegram_asks_for_is_waited_and_no_pause_grows_by_it() -> None:
    patience = Patience()
    assert [patience.after(RetryAfter(35)), patience.after(RetryAfter(timedelta(minutes=50)))] == [35, 3000]
    assert patience.after(DOWN) == 0.5


def test_after_a_call_that_may_have_arrived_the_pause_is_longer_and_grows_from_there() -> None:
    patience = Patience()
    assert [patience.after(DOWN, at_least=5), patience.after(DOWN)] == [5, 10]
