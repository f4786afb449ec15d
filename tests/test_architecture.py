"""docs/architecture.md names every room and every feature, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.routes import FEATURES
from tests.test_layers import ROOMS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text()
SECTIONS = dict(
    zip(re.findall(r"^## (.*)$", PAGE, re.MULTILINE), re.split(r"^## .*$", PAGE, flags=re.MULTILINE)[1:], strict=True)
)


def listed(section: str) -> list[str]:
    """First cells of the section's table."""
    return re.findall(r"^\| `([\w/]+)` \|", SECTIONS[section], re.MULTILINE)


def test_every_room_is_listed() -> None:
    assert sorted(listed("The rooms")) == sorted(ROOMS)


def test_every_feature_is_listed_in_the_order_of_the_menus() -> None:
    folders = {path.parent.name for path in (ROOT / "bot" / "features").glob("*/__init__.py")}
    assert set(listed("The features")) == folders
    assert len(FEATURES) == len(folders)


NAMED = sorted(
    set(
        re.findall(
            r"`((?:bot|lessons|runner|tests|domain|store|telegram|turns|runs|ops|dashboard|commands)/[\w/]+)(?:\.\w+)*`",
            PAGE,
        )
    )
)


@pytest.mark.parametrize("path", NAMED)
def test_what_it_names_is_there(path: str) -> None:
    at = [ROOT / path, ROOT / "bot" / path]
    assert any(place.is_dir() or place.with_suffix(".py").exists() for place in at), path
