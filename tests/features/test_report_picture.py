"""The picture of a class' report."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.features.report.picture import ACCENT, GOOD, STAGES, WIDTH, class_report
from bot.reports.values import Bin, Overview, Stage

BINS = tuple(Bin(place / 10, (place + 1) / 10, place) for place in range(10))


def overview(stages: int = 5, scores: tuple[Bin, ...] = BINS, enrolled: int = 40) -> Overview:
    funnel = tuple(Stage(f"Lesson {n // 10}", f"Section {n}", max(0, 30 - n)) for n in range(stages))
    return Overview(enrolled, 30, 20, 10, 10, 5, 0.7, scores, funnel, ())


def drawn(*args: object) -> Image.Image:
    return Image.open(BytesIO(class_report(*args))).convert("RGB")  # type: ignore[arg-type]


def pixels(image: Image.Image, colour: str) -> int:
    wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return sum(
        n for n, found in image.getcolors(1 << 24) if max(abs(a - b) for a, b in zip(found, wanted, strict=True)) < 12
    )


def test_it_is_as_wide_as_a_phone_shows_and_as_high_as_it_needs() -> None:
    few, many = drawn("Autumn", overview(3)), drawn("Autumn", overview(10))
    assert few.width == many.width == WIDTH
    assert many.height > few.height


def test_more_learners_are_longer_bars() -> None:
    half = Overview(40, 0, 0, 0, 0, 0, None, (), (Stage("L", "S", 20),), ())
    whole = Overview(40, 0, 0, 0, 0, 0, None, (), (Stage("L", "S", 40),), ())
    assert pixels(drawn("A", whole), ACCENT) == pytest.approx(2 * pixels(drawn("A", half), ACCENT), rel=0.02)


def test_scores_that_pass_are_green() -> None:
    failing = (*BINS[:7], *(Bin(one.low, one.high, 0) for one in BINS[7:]))
    assert pixels(drawn("A", overview(1)), GOOD) > 1000
    assert pixels(drawn("A", overview(1, failing)), GOOD) == 0


def test_a_long_course_shows_a_bar_for_each_lesson() -> None:
    assert drawn("A", overview(STAGES + 30)).height < drawn("A", overview(STAGES)).height


@pytest.mark.parametrize("name", ["", "W" * 200, "Évaluation – Осень", "\u202eabc", "授業 🎓"])
def test_any_name_can_be_drawn(name: str) -> None:
    assert drawn(name, overview()).width == WIDTH


def test_a_class_that_has_done_nothing_can_be_drawn() -> None:
    assert drawn("Empty", Overview(0, 0, 0, 0, 0, 0, None, (), (), ())).width == WIDTH
