"""Pictures in a lesson's text: files beside it that Telegram takes as photos."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from PIL import Image

from lessons.draft import Draft, LessonDraft
from lessons.markdown import Part, PictureMark
from lessons.problem import Problem

# What Telegram takes as a photo (Bot API, sendPhoto).
LARGEST = 10_000_000
"""Bytes."""
SIDES = 10_000
"""Width and height together, in pixels."""
RATIO = 20
"""The longer side divided by the shorter one."""
FORMATS = ("PNG", "JPEG")


class UnusablePicture(ValueError):
    """A picture that cannot be shown: what was found instead, and what was expected."""

    def __init__(self, found: str, expected: str) -> None:
        self.found, self.expected = found, expected
        super().__init__(f"{found}; expected {expected}")


def read(folder: Path, name: str) -> bytes:
    """The picture of this name in a lesson's folder, as it will be sent.

    Raises UnusablePicture where Telegram could not show it.
    """
    way = PurePosixPath(unquote(name))
    if "://" in name or name.startswith("data:"):
        raise UnusablePicture(f"a picture at `{name}`", "the file itself in the lesson's folder")
    if way.is_absolute() or ".." in way.parts:
        raise UnusablePicture(f"a picture at `{name}`", "a file in the lesson's folder")
    file = folder / way
    try:
        if file.stat().st_size > LARGEST:
            raise UnusablePicture(f"picture `{name}` of {file.stat().st_size:,} bytes", f"at most {LARGEST:,}")
        content = file.read_bytes()
    except FileNotFoundError:
        raise UnusablePicture(f"picture `{name}`, but no such file", f"{file}") from None
    except (OSError, ValueError) as error:  # a folder; a name that no file can have
        raise UnusablePicture(f"picture `{name}`, which cannot be read ({error})", "a PNG or JPEG file") from None
    _look_at(name, content)
    return content


def _look_at(name: str, content: bytes) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it is large is said below, in our own words
            with Image.open(BytesIO(content), formats=FORMATS) as picture:
                width, height = picture.size
                if width + height > SIDES or max(width, height) > RATIO * min(width, height):
                    expected = f"sides of at most {SIDES:,} together, and none {RATIO} times as long as the other"
                    raise UnusablePicture(f"picture `{name}` of {width} x {height} pixels", expected)
                picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, UnusablePicture):
            raise
        raise UnusablePicture(f"`{name}`, which is no picture that can be read", "a PNG or JPEG file") from None


def of(lesson: LessonDraft, part: Part) -> dict[str, bytes]:
    """The pictures of a section that can be shown, by name."""
    found = {}
    for picture in part.pictures:
        try:
            found[picture.name] = read(lesson.folder, picture.name)
        except UnusablePicture:
            continue
    return found


def problems(draft: Draft) -> Iterator[Problem]:
    """The reasons why pictures cannot be shown. The lesson can still be read: their words stand in their places."""
    for lesson in draft.lessons:
        for part in lesson.parts:
            for picture in part.pictures:
                yield from _problems(lesson, picture)


def _problems(lesson: LessonDraft, picture: PictureMark) -> Iterator[Problem]:
    try:
        read(lesson.folder, picture.name)
    except UnusablePicture as fault:
        yield Problem(lesson.file, picture.line, fault.found, fault.expected)
    if not picture.alt.strip():
        expected = "words for those who do not see it: `![A falling curve](curve.png)`"
        yield Problem(lesson.file, picture.line, f"picture `{picture.name}` without words", expected)
