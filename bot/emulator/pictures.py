"""Pictures: whether Telegram takes them, and how large they are. Each one is decoded as a whole, as Telegram does."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image

from .refusals import bad_request

LONGEST_SIDES = 10_000  # pixels, width and height together
STEEPEST = 20  # the longer side divided by the shorter one
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
BROKEN = (OSError, SyntaxError, ValueError, EOFError, ArithmeticError, LookupError)  # what decoders raise
MP4_SIZE = 480, 270
SHOT_SIDES = (90, 320, 800, 1280)  # pixels of the longer side, of the copies that an app makes of a picture


def accepted(content: bytes) -> Image.Image:
    """A picture that Telegram takes as a photo, decoded. Raises Refused for any other."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
        _check(picture.size)  # before anything large is unpacked
        picture.load()
    except Image.DecompressionBombError:
        raise bad_request("PHOTO_INVALID_DIMENSIONS") from None
    except BROKEN:
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    return picture


def _check(size: tuple[int, int]) -> None:
    if 0 in size:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > LONGEST_SIDES or max(size) > STEEPEST * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


@dataclass(frozen=True)
class Moving:
    """What an animation is: its type, width and height in pixels, and how long it plays, in seconds."""

    mime: str
    width: int
    height: int
    seconds: int


def moving(content: bytes) -> Moving | None:
    """An animation; None for any other file. A GIF stays one here, at Telegram it becomes an MP4."""
    if content[4:8] == b"ftyp":
        return Moving("video/mp4", *MP4_SIZE, 1)  # nothing here looks into a film
    try:
        picture = Image.open(io.BytesIO(content), formats=("GIF",))
        frames = getattr(picture, "n_frames", 1)
        milliseconds = 0
        for frame in range(frames):
            picture.seek(frame)
            picture.load()
            milliseconds += int(picture.info.get("duration", 0))
    except BROKEN:
        return None
    return Moving("image/gif", *picture.size, max(1, round(milliseconds / 1000)))


def mime(picture: Image.Image) -> str:
    """The type of a picture by its content, whatever its sender called it."""
    return Image.MIME[picture.format or "PNG"]


def shot(content: bytes) -> list[tuple[bytes, tuple[int, int]]]:
    """A picture as a person's app sends it: JPEGs with their widths and heights, the largest last. Raises Refused."""
    picture = accepted(content)
    # A clear ground becomes white, as in the apps.
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(picture.convert("RGBA"), mask=picture.convert("RGBA"))
    longest = max(plain.size)
    sides = [side for side in SHOT_SIDES if side < longest]
    sides += [longest] if longest <= SHOT_SIDES[-1] else []
    return [_jpeg(plain, side) for side in sides]


def _jpeg(picture: Image.Image, side: int) -> tuple[bytes, tuple[int, int]]:
    copy = picture.copy()
    copy.thumbnail((side, side))
    buffer = io.BytesIO()
    copy.save(buffer, "JPEG", quality=87)
    return buffer.getvalue(), copy.size
