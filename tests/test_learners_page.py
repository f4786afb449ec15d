"""What docs/learners.md says is what holds."""

import re
from pathlib import Path

from bot.domain.snippets import Repair, find
from bot.features.own_code import files as files
from bot.features.own_code import handlers as own_code
from runner.inside.artifacts import MOST_PICTURES
from runner.inside.hints import LIBRARIES
from runner.job import Limits

PAGE = (Path(__file__).parents[1] / "docs" / "learners.md").read_text()
WORDS = " ".join(PAGE.split())


def row(name: str) -> str:
    """What the table of limits says."""
    found = re.search(rf"^\| {name} \| (.*) \|$", PAGE, re.MULTILINE)
    assert found, name
    return found[1]


def test_its_example_is_offered_without_the_notebook_s_commands() -> None:
    (message,) = re.findall(r"^```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    found = find(message)
    assert found
    assert not found.marked
    assert found.repairs == (Repair.NOTEBOOK,)
    assert found.left_out == ("%matplotlib inline", "!pip install -q matplotlib")


def test_its_limits_are_the_runner_s() -> None:
    limits = Limits()
    assert f"{limits.wall_seconds:.0f} seconds, and {limits.cpu_seconds} seconds" in row("time")
    assert f"{limits.memory_bytes / 1e9} GB" == row("memory")
    assert f"{limits.output_bytes / 1e6:.0f} MB" in row("printed text")
    written = row("files that the code writes")
    assert f"{limits.file_bytes / 1e6:.0f} MB each, {2 * limits.file_bytes / 1e6:.0f} MB together" in written


def test_its_limits_of_what_is_sent_are_the_chat_s() -> None:
    assert f"`.py` file of up to {own_code.LIMIT:,} bytes" in PAGE
    assert f"(`.ipynb`) of up to {own_code.NOTEBOOK_LIMIT / 1e6:.0f} MB" in PAGE
    assert (files.MOST, files.LIMIT) == (5, 5_000_000)
    assert "Five files of up to 5 MB each" in PAGE
    assert f"up to {MOST_PICTURES}, as PNG" in WORDS


def test_it_names_every_kind_of_file_and_every_library() -> None:
    kinds = re.search(r"A file that ends in (.*?), or a photo", WORDS)
    assert kinds
    assert re.findall(r"`(\.\w+)`", kinds[1]) == list(files.SUFFIXES)
    called = {"sklearn": "scikit-learn", "PIL": "Pillow"}
    libraries = re.search(r"Libraries: (.*?) with Python", WORDS)
    assert libraries
    for name in LIBRARIES:
        assert called.get(name, name).casefold() in libraries[1].casefold()
