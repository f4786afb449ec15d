"""Places in a text as the Bot API counts them: in UTF-16 code units.

A text as `units` is a string of one character a code unit, so that an offset is an index.
"""

from __future__ import annotations

import struct


def units(text: str) -> str:
    """A text, one character for each of its code units."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return "".join(map(chr, struct.unpack(f"<{len(encoded) // 2}H", encoded)))


def joined(code_units: str) -> str:
    """The text that these code units are."""
    return struct.pack(f"<{len(code_units)}H", *map(ord, code_units)).decode("utf-16-le", "surrogatepass")
