"""The words of what a learner can do about an error: a table, a row for each of the runner's codes."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.runs import ErrorHint

WHAT_IT_DOES = {"openpyxl": "it reads CSV"}
"""What the nearest module does, where it does less than the one that is missing."""


def words(hint: ErrorHint | None) -> str:
    """A short text; empty where there is no hint, or one of another version of the runner."""
    row = WORDS.get(hint.code) if hint else None
    return row(hint) if row and hint else ""


def _missing_module(hint: ErrorHint) -> str:
    less = f" ({WHAT_IT_DOES[hint.name]})" if hint.name in WHAT_IT_DOES else ""
    nearest = f"The nearest is {hint.nearest}{less}. " if hint.nearest else ""
    there = f"There are: {', '.join(hint.there)}, and Python's own modules."
    return f"{hint.name} is not installed here. {nearest}{there}"


def _missing_part(hint: ErrorHint) -> str:
    return f"{hint.name} is here, but it has no {hint.part}."


def _missing_file(hint: ErrorHint) -> str:
    meant = f"Did you mean {hint.nearest}? " if hint.nearest else ""
    more = f" and {hint.more} more" if hint.more else ""
    there = f"These files are: {', '.join(hint.there)}{more}." if hint.there else "No files are."
    how = "A file that you send to this chat lies there by its name; /files lists yours."
    return f"{hint.name} is not beside the code. {meant}{there} {how}"


def _refused(hint: ErrorHint) -> str:
    return "The sandbox refuses this: no network, no other programs, and files in the run's own folder only."


def _threads(hint: ErrorHint) -> str:
    return "The code started more threads than it may have."


def _typing(hint: ErrorHint) -> str:
    return "Nobody can type anything while code runs here: input() has nothing to read. Write the value into the code."


WORDS: dict[str, Callable[[ErrorHint], str]] = {
    "missing-module": _missing_module,
    "missing-part": _missing_part,
    "missing-file": _missing_file,
    "refused": _refused,
    "threads": _threads,
    "typing": _typing,
}
