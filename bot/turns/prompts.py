"""What a person is asked: a command that came without its argument asks for it, and the next message holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

PATIENCE = 600.0
"""Seconds for which a question waits for its answer."""


class Claim(Enum):
    """What a text may clearly be, whatever was asked."""

    ANSWER = "answer"
    """An answer to the open question of a quiz."""
    CLASS_CODE = "class code"


@dataclass(frozen=True)
class Prompt:
    """What a person was asked. Fields are str or int.

    `class AskZone(Prompt, kind="zone")`: the kind is stored. `most_words` is how many words an answer has at most: a
    longer text is a sentence about something else. `any_text`: the answer may hold code and anything else.
    `may_ask`: the answer may end with a question mark. `yields_to` names what a text is taken for instead.
    """

    kind: ClassVar[str]
    most_words: ClassVar[int | None]
    any_text: ClassVar[bool]
    may_ask: ClassVar[bool]
    yields_to: ClassVar[frozenset[Claim]]

    def __init_subclass__(
        cls,
        kind: str,
        most_words: int | None = None,
        any_text: bool = False,
        may_ask: bool = False,
        yields_to: Iterable[Claim] = (Claim.ANSWER,),
    ) -> None:
        cls.kind, cls.most_words, cls.any_text = kind, most_words, any_text
        cls.may_ask, cls.yields_to = may_ask or any_text, frozenset(yields_to)
