"""Pictures of figures, for the chat, by Pillow: the bot's process loads no matplotlib.

Its font is matplotlib's DejaVu Sans where that is installed (Latin, Greek, Cyrillic), else the one that Pillow carries,
which has hardly more than ASCII.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot.domain import wording
from bot.domain.mastery import PASS_SHARE
from bot.reports.values import Overview, Stage

WIDTH = 1080
"""Pixels: sharp on a phone, and Telegram scales it no further down than to 1280."""
MARGIN = 56
INK, FAINT, TRACK, ACCENT, GOOD = "#1c2430", "#6b7685", "#e8ecf1", "#2f6fdd", "#1f9d6b"
STAGES = 14
"""Most bars of the way through the course; a longer one shows its lessons' ends."""


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    found = find_spec("matplotlib")
    for folder in (found.submodule_search_locations or ()) if found else ():
        with suppress(OSError):
            return ImageFont.truetype(Path(folder, "mpl-data", "fonts", "ttf", "DejaVuSans.ttf"), size)
    return ImageFont.load_default(size)


@dataclass(slots=True)
class Canvas:
    """A canvas that is filled from top to bottom; `y` is where the next thing goes."""

    image: Image.Image
    y: int = MARGIN

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    def write(self, x: int, text: str, size: int, colour: str = INK, anchor: str = "la", width: int = WIDTH) -> None:
        """One line at `x` and the current height; shortened to `width` pixels."""
        font = _font(size)
        while text and font.getlength(text) > width:
            text = text[:-2].rstrip() + "…"
        self.draw.text((x, self.y), text, fill=colour, font=font, anchor=anchor)

    def bar(self, left: int, width: int, height: int, share: float, colour: str) -> None:
        self.draw.rectangle((left, self.y, left + width, self.y + height), fill=TRACK)
        if share > 0:
            self.draw.rectangle((left, self.y, left + max(4, round(width * share)), self.y + height), fill=colour)


def _score(median: float | None) -> str:
    # Pillow's own font has no narrow space.
    return f" · median score {wording.share(median)}".replace(wording.NARROW_SPACE, " ") if median is not None else ""


def class_report(name: str, overview: Overview) -> bytes:
    """How far a class came, and its scores, as a JPEG, 1080 pixels wide."""
    stages = _shown(overview.funnel)
    height = 320 + 64 * len(stages) + 390
    sheet = Canvas(Image.new("RGB", (WIDTH, height), "#ffffff"))
    sheet.write(MARGIN, name, 46, width=WIDTH - 2 * MARGIN)
    sheet.y += 66
    passed = f"{overview.passed} of {overview.enrolled} have passed"
    median = _score(overview.median_score)
    sheet.write(MARGIN, passed + median, 30, FAINT)
    sheet.y += 84
    _way(sheet, stages, overview.enrolled)
    sheet.y += 34
    _scores(sheet, overview)
    stream = BytesIO()
    # Telegram makes a JPEG of every picture anyway; a PNG takes five times as long.
    sheet.image.save(stream, "JPEG", quality=92, subsampling=0)
    return stream.getvalue()


def _shown(funnel: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """All stages, or of a long course the last of each lesson."""
    if len(funnel) <= STAGES:
        return funnel
    last = {stage.lesson: Stage(stage.lesson, stage.lesson, stage.learners) for stage in funnel}
    return tuple(last.values())[:STAGES]


def _way(sheet: Canvas, stages: tuple[Stage, ...], enrolled: int) -> None:
    sheet.write(MARGIN, "How far they came", 32)
    sheet.y += 58
    for stage in stages:
        sheet.y += 6
        sheet.write(MARGIN, stage.label, 26, width=400)
        sheet.y -= 2
        sheet.bar(480, WIDTH - MARGIN - 480 - 80, 34, stage.learners / enrolled if enrolled else 0, ACCENT)
        sheet.write(WIDTH - MARGIN, str(stage.learners), 28, anchor="ra")
        sheet.y += 60


def _scores(sheet: Canvas, overview: Overview) -> None:
    """A histogram; the bins from the passing mark on are green."""
    sheet.write(MARGIN, "Scores, in percent", 32)
    sheet.y += 300
    most = max((one.learners for one in overview.scores), default=0)
    if not most:
        sheet.y -= 230
        sheet.write(MARGIN, "Nobody has finished a quiz yet.", 26, FAINT)
        return
    width = (WIDTH - 2 * MARGIN) // len(overview.scores)
    for place, one in enumerate(overview.scores):
        left = MARGIN + place * width
        top = sheet.y - round(200 * one.learners / most)
        colour = GOOD if one.low >= PASS_SHARE else ACCENT
        sheet.draw.rectangle(
            (left + 4, top if one.learners else sheet.y - 3, left + width - 4, sheet.y),
            fill=colour if one.learners else TRACK,
        )
        if one.learners:
            sheet.draw.text((left + width // 2, top - 8), str(one.learners), fill=INK, font=_font(24), anchor="ms")
        sheet.draw.text((left + 4, sheet.y + 12), f"{100 * one.low:.0f}", fill=FAINT, font=_font(22), anchor="la")
    sheet.draw.text((WIDTH - MARGIN, sheet.y + 12), "100", fill=FAINT, font=_font(22), anchor="ra")
