"""A sticker and a voice message to send, made here: the page has no sticker sets and no microphone."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw

SIDE = 512  # pixels of a sticker's longer side, as Telegram wants it
VOICE_SECONDS = 3
FRAME_SECONDS, SAMPLE_RATE = 0.02, 48_000
SILENCE = b"\xf8\xff\xfe"  # an Opus packet of 20 ms in which nothing sounds


@dataclass(frozen=True)
class Sticker:
    """A picture as WebP with its width and height in pixels, and the emoji it stands for."""

    content: bytes
    size: tuple[int, int]
    emoji: str


@dataclass(frozen=True)
class Voice:
    """A sound as Opus in Ogg, and how long it is."""

    content: bytes
    seconds: int


@cache
def sticker() -> Sticker:
    """A smiling face on a clear ground."""
    picture = Image.new("RGBA", (SIDE, SIDE))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((24, 24, 488, 488), fill="#ffc83d", outline="#e8a31c", width=14)
    for left in (152, 300):
        draw.ellipse((left, 160, left + 60, 256), fill="#5b3a12")
    draw.chord((132, 200, 380, 420), 10, 170, fill="#5b3a12")
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP")
    return Sticker(buffer.getvalue(), picture.size, "🙂")


@cache
def voice() -> Voice:
    """Silence: header, comments and packets, a page each second."""
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 0, SAMPLE_RATE, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 8) + b"emulator" + struct.pack("<I", 0)
    a_second = round(1 / FRAME_SECONDS)
    pages = [_page(0, 0, [head], first=True), _page(1, 0, [tags])]
    for second in range(1, VOICE_SECONDS + 1):
        last = second == VOICE_SECONDS
        pages.append(_page(1 + second, second * SAMPLE_RATE, [SILENCE] * a_second, last=last))
    return Voice(b"".join(pages), VOICE_SECONDS)


def _page(number: int, samples: int, packets: list[bytes], *, first: bool = False, last: bool = False) -> bytes:
    """One page of an Ogg stream; `samples` is how many have sounded at its end. Packets are under 255 bytes."""
    head = struct.pack("<4sBBqII", b"OggS", 0, 2 * first + 4 * last, samples, 1, number)
    body = bytes([len(packets), *map(len, packets)]) + b"".join(packets)
    return head + struct.pack("<I", _checksum(head + bytes(4) + body)) + body


def _checksum(page: bytes) -> int:
    """Ogg's own check of a page, 32 bits."""
    check = 0
    for byte in page:
        check ^= byte << 24
        for _ in range(8):
            check = (check << 1 ^ (0x04C11DB7 if check & 0x80000000 else 0)) & 0xFFFFFFFF
    return check
