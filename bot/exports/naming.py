"""Who a member is in an export: themselves, or a pseudonym."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from typing import NamedTuple

from bot.domain.classes import Cohort, Member

SHORT = 3
"""Parts of a name with fewer letters are too common in any text to be taken out of it."""
REDACTED = "…"
SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Thai, Lao, Burmese, Khmer, kana and Chinese characters."""


class Alias(NamedTuple):
    """How a person is written. `id` is Telegram's number, or the pseudonym, which is then the name as well."""

    id: int | str
    name: str
    username: str

    @property
    def key(self) -> str:
        """The id as text: what tells learners of a class apart."""
        return str(self.id)


class Naming:
    """Names the members of one class.

    A pseudonym is keyed with the class' own salt (HMAC, RFC 2104): the same learner has the same one in every export
    of the class and another in any other class, and without the salt nobody can try Telegram's ids one by one.
    """

    def __init__(self, cohort: Cohort, pseudonyms: bool) -> None:
        self.pseudonyms = pseudonyms
        self._salt = cohort.salt.encode()
        self._known: dict[Member, Alias] = {}
        self._own: dict[Member, re.Pattern[str]] = {}

    def of(self, member: Member) -> Alias:
        found = self._known.get(member)
        if found is None:
            found = self._known[member] = self._name(member)
        return found

    def _name(self, member: Member) -> Alias:
        if not self.pseudonyms:
            return Alias(member.id, member.name, member.username or "")
        digest = hmac.new(self._salt, str(member.id).encode(), hashlib.sha256).hexdigest()
        made = f"learner-{digest[:8]}"
        return Alias(made, made, "")

    def words(self, member: Member, written: str) -> str:
        """What the member wrote; under a pseudonym without their own name, its parts, username and id."""
        if not self.pseudonyms:
            return written
        found = self._own.get(member)
        if found is None:
            found = self._own[member] = _own_words(member)
        return found.sub(REDACTED, unicodedata.normalize("NFC", written))  # as names are


def _own_words(member: Member) -> re.Pattern[str]:
    """What names the member, longest first."""
    parts = {member.name, member.username or "", str(member.id), *re.split(r"\W+", member.name)}
    told = sorted((part for part in parts if len(part) >= SHORT), key=lambda part: (-len(part), part))
    return re.compile("|".join(map(_whole, told)), re.IGNORECASE)


def _whole(part: str) -> str:
    """The part as a word of its own: `Max` is not in `softmax`. Scripts without spaces between words have no such
    borders."""
    before = "" if SPACELESS.match(part[0]) else r"(?<!\w)"
    behind = "" if SPACELESS.match(part[-1]) else r"(?![\w\u0300-\u036f])"
    return f"{before}{re.escape(part)}{behind}"
