"""What a script printed: cleaned for a reader, and kept to its head and tail."""

from __future__ import annotations

import codecs
import re

KEPT_BYTES = 64 * 1024
ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
UNFINISHED = re.compile(r"(?:\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*)?|\r)\Z")
LONGEST_ESCAPE = 64
OVERWRITTEN = re.compile(r"[^\n]*\r(?=[^\n])")
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without terminal colours and control characters; only line breaks and tabs stay."""
    return _plain(text).replace("\r", "\n")


def _plain(text: str) -> str:
    """As `clean`, but with the returns by which a progress bar goes back over its line."""
    return UNSEEN.sub("", ESCAPE.sub("", text).replace("\r\n", "\n"))


class Transcript:
    """The printed text of one job, as it comes."""

    def __init__(self) -> None:
        self.received = 0
        """Bytes that came, before cleaning."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._head = ""
        self._tail = ""
        self._dropped = 0

    def feed(self, data: bytes, last: bool = False) -> str:
        """Take some bytes, or the `last` of them; the cleaned text that they complete.

        Characters and escapes may be cut anywhere.
        """
        self.received += len(data)
        text = self._held + self._decoder.decode(data, last)
        cut = None if last else UNFINISHED.search(text)
        at = len(text) if cut is None or len(text) - cut.start() > LONGEST_ESCAPE else cut.start()
        self._held = text[at:]
        plain = _plain(text[:at])
        self._keep(plain)
        return plain.replace("\r", "\n")

    def text(self) -> str:
        """Everything so far as a terminal would leave it; with the middle left out where it is more than 64 KB."""
        gap = f"\n... {self._dropped:,} characters left out ...\n" if self._dropped else ""
        return OVERWRITTEN.sub("", f"{self._head}{gap}{self._tail}").replace("\r", "")

    def _keep(self, text: str) -> None:
        half = KEPT_BYTES // 2
        room = half - len(self._head)
        self._head += text[:room]
        self._tail += text[room:]
        surplus = len(self._tail) - half
        if surplus > 0:
            self._tail = self._tail[surplus:]
            self._dropped += surplus
