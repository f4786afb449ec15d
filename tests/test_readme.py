"""The README's pictures are there, and light enough for a slow line."""

import re
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
PICTURES = re.findall(r'<img src="([^"]+)"[^>]* alt="([^"]+)"', (ROOT / "README.md").read_text())
MOST = 600_000
"""Bytes of all pictures together."""


def test_there_are_pictures_of_a_training_of_its_result_and_of_the_dashboard() -> None:
    names = [Path(path).stem for path, _ in PICTURES]
    assert names == ["training", "result", "dashboard"]
    assert sum((ROOT / path).stat().st_size for path, _ in PICTURES) < MOST


@pytest.mark.parametrize(("path", "words"), PICTURES)
def test_a_picture_is_sharp_and_told_in_words(path: str, words: str) -> None:
    with Image.open(ROOT / path) as picture:
        picture.verify()
        assert picture.width >= 2 * 390
    assert len(words.split()) > 5


def test_every_document_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text())
    assert len(links) > 5
    assert [link for link in links if not link.startswith("https://") and not (ROOT / link).exists()] == []
