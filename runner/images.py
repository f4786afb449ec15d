"""Looks at a picture from outside, at its header only: nothing outside a sandbox decodes one."""

from __future__ import annotations

import struct
import zlib
from enum import StrEnum
from typing import NamedTuple

MOST_PIXELS = 4096
"""Longest side."""
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_HEADER = struct.Struct(">I4sIIBBBBBI")
PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG_SIGNATURE, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a frame header, which holds the size."""
JPEG_ALONE = frozenset(range(0xD0, 0xD8)) | {0x01}
"""Markers without a length."""
JPEG_SCAN = 0xDA
GIF_SIGNATURES, GIF_END = (b"GIF87a", b"GIF89a"), b";"


class Format(StrEnum):
    """How a picture is stored."""

    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"


class Shape(NamedTuple):
    """What a header says; width and height in pixels."""

    format: Format
    width: int
    height: int


def shape(data: bytes) -> Shape | None:
    """Format and size; None for anything but a whole PNG, JPEG or GIF of a reasonable size."""
    for format_, read in ((Format.PNG, _png), (Format.JPEG, _jpeg), (Format.GIF, _gif)):
        size = read(data)
        if size is not None and all(0 < side <= MOST_PIXELS for side in size):
            return Shape(format_, *size)
    return None


def _png(data: bytes) -> tuple[int, int] | None:
    shortest = len(PNG_SIGNATURE) + PNG_HEADER.size
    if not data.startswith(PNG_SIGNATURE) or not data.endswith(PNG_END) or len(data) < shortest:
        return None
    length, kind, width, height, *_, checksum = PNG_HEADER.unpack_from(data, len(PNG_SIGNATURE))
    if length != 13 or kind != b"IHDR" or checksum != zlib.crc32(data[12:29]):
        return None
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Walk over the segments in front of the first scan, to the frame header."""
    if not data.startswith(JPEG_SIGNATURE) or not data.rstrip(b"\x00").endswith(JPEG_END):
        return None
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker in JPEG_ALONE:
            at += 2
        elif marker == JPEG_SCAN:
            return None
        elif marker in JPEG_FRAMES:
            if at + 9 > len(data):
                return None
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        else:
            at += 2 + max(struct.unpack_from(">H", data, at + 2)[0], 2)
    return None


def _gif(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(GIF_SIGNATURES) or not data.endswith(GIF_END) or len(data) < 14:
        return None
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height
