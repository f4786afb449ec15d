"""Each of the runner's hints has its words."""

from __future__ import annotations

import pytest

from bot.domain.runs import ErrorHint
from bot.runs.hints import WORDS, words
from runner import HintCode

THERE = ("keras", "pandas")


def test_every_code_of_the_runner_has_words() -> None:
    assert set(WORDS) == set(HintCode)


@pytest.mark.parametrize(
    ("hint", "said"),
    [
        (
            ErrorHint("missing-module", "torch", nearest="keras", there=THERE),
            "torch is not installed here. The nearest is keras. There are: keras, pandas, and Python's own modules.",
        ),
        (
            ErrorHint("missing-module", "openpyxl", nearest="pandas", there=THERE),
            "openpyxl is not installed here. The nearest is pandas (it reads CSV). There are: keras, pandas, and"
            " Python's own modules.",
        ),
        (
            ErrorHint("missing-module", "nothing", there=THERE),
            "nothing is not installed here. There are: keras, pandas, and Python's own modules.",
        ),
        (ErrorHint("missing-part", "sklearn", "foo"), "sklearn is here, but it has no foo."),
        (
            ErrorHint("missing-file", "a.csv"),
            "a.csv is not beside the code. No files are. A file that you send to this chat lies there by its name;"
            " /files lists yours.",
        ),
        (ErrorHint("unheard-of", "a"), ""),
        (None, ""),
    ],
)
def test_the_words_of_a_hint(hint: ErrorHint | None, said: str) -> None:
    assert words(hint) == said


def test_hints_speak_of_own_code_as_well_as_of_examples() -> None:
    for code in HintCode:
        assert "example" not in words(ErrorHint(str(code), "a.csv"))
