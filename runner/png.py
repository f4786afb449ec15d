"""Looks at a PNG from outside, without decoding it."""

from __future__ import annotations

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">I4sIIBBBBBI")
END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
MOST_PIXELS = 4096
"""Longest side."""


def size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None for anything but a whole PNG of a reasonable size."""
    if not data.startswith(SIGNATURE) or not data.endswith(END) or len(data) < len(SIGNATURE) + HEADER.size:
        return None
    length, kind, width, height, *_, checksum = HEADER.unpack_from(data, len(SIGNATURE))
    if length != 13 or kind != b"IHDR" or checksum != zlib.crc32(data[12:29]):
        return None
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        return None
    return width, height
