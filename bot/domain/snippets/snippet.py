"""Code that a learner sent, and what was done to it. Values; imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Repair(StrEnum):
    """What was changed so that Python can read the code. The sentences are the chat's."""

    HTML = "html"
    """Tags of a web page around the code, and its names of signs in it."""
    FENCES = "fences"
    """Marks around the code were part of it."""
    LISTED = "listed"
    """A mark of a list or of a quotation before each line."""
    PROMPTS = "prompts"
    """Prompts of an interactive session, and the output between them."""
    NUMBERS = "numbers"
    """Line numbers before each line."""
    SPACES = "spaces"
    """Spaces and line ends that Python does not know."""
    NOTEBOOK = "notebook"
    """Commands of notebooks and of the shell."""
    INDENTATION = "indentation"
    """All lines stood too far to the right."""
    QUOTES = "quotes"
    """Curly quotes."""
    SIGNS = "signs"
    """Signs that a phone's keyboard puts in place of Python's: dashes, wide brackets, an ellipsis."""
    CAPITALS = "capitals"
    """Keywords with a capital letter."""
    TABS = "tabs"
    """Lines indented by tabs among lines indented by spaces."""
    FORMATTING = "formatting"
    """Underscores and asterisks that the app had turned into italic or bold type."""
    JOINED = "joined"
    """The code came in more than one message."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code as it would run."""

    source: str
    """Ends in one line feed. Lines that were left out stand in it as comments, so that line numbers stay."""
    raw: str
    """As it was sent, before repairs and without words around it: what code of a further message is joined to."""
    marked: bool
    """The sender marked it as code. Without, it was only recognised."""
    short: bool = False
    """A single short statement, not in a block of its own: it may be the answer to a question as well."""
    repairs: tuple[Repair, ...] = ()
    left_out: tuple[str, ...] = ()
    """Lines that only a notebook understands, as they stood."""
    to_the_end: bool = False
    """The code ends where its message ends: more of it may come in the next one."""

    runs: bool = True
    """Python can read it. Code with a mistake in it may be run, too: the learner is told of the mistake."""

    @property
    def is_word(self) -> bool:
        """A name or a number and nothing else: monospaced or not, it does nothing."""
        return self.short and self.source.strip().replace(".", "_").isidentifier()

    @property
    def empty(self) -> bool:
        """Nothing but comments is left to run."""
        return all(not row.strip() or row.lstrip().startswith("#") for row in self.source.split("\n"))
