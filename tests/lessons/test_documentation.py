"""What docs/writing-lessons.md says is what holds."""

import re
from pathlib import Path

import pytest

from lessons import forms
from lessons.check import check

PAGE = (Path(__file__).parents[2] / "docs" / "writing-lessons.md").read_text()


def test_its_worked_example_is_a_good_course(tmp_path: Path) -> None:
    files = re.findall(r"^\*\*`(.+?)`\*\*\n\n(`{3,})\w*\n(.*?\n)\2$", PAGE, re.MULTILINE | re.DOTALL)
    for name, _, text in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert len(files) == 4
    assert check(tmp_path) == []


@pytest.mark.parametrize("form", forms.Form.__subclasses__(), ids=lambda form: form.__name__)
def test_it_names_every_key(form: type[forms.Form]) -> None:
    rows = {key for row in re.findall(r"^\| (`.+?) \|", PAGE, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}
    assert set(form.model_fields) <= rows
