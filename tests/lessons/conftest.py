"""A small good course, to be read as it is or broken first."""

import shutil
from pathlib import Path

import pytest

GOOD = Path(__file__).parent / "course"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the good course."""
    return Path(shutil.copytree(GOOD, tmp_path / "course"))
