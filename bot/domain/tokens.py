"""Secrets that people carry: links that work once, cookies, and the codes that let into a class. What is stored of a
secret is its hash; in clear it is only in the messages that carry it, for as long as those are kept."""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters that cannot be confused on a projector."""
CODE_LENGTH = 8
"""31**8 codes: at a million tries a day, it takes 23 years to find one of a hundred classes."""


class Secret(NamedTuple):
    """What the person gets, and what the database keeps."""

    text: str
    hash: str


def secret() -> Secret:
    """256 random bits; as text 43 characters that Telegram takes in a start link."""
    text = secrets.token_urlsafe(32)
    return Secret(text, hashed(text))


def hashed(text: str) -> str:
    """Plain SHA-256: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(text.encode()).hexdigest()


def code() -> str:
    """A new code for joining a class, like `K7QM2F9X`."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """A code as a person types it: any case, with spaces or hyphens."""
    return "".join(typed.split()).replace("-", "").upper()


def shown_code(code: str) -> str:
    """Easier to copy from a blackboard: `K7QM-2F9X`."""
    return f"{code[:4]}-{code[4:]}"
