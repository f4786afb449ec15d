"""docs/telegram.md: every row of what Telegram really does has an answer, and the tests that it names are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = re.findall(r"^\| ([BRE]\d+) \|(.*)\|(.*)\|(.*)\|$", (ROOT / "docs/telegram.md").read_text(), re.MULTILINE)
KNOWN = [*(f"B{n}" for n in range(1, 10)), *(f"R{n}" for n in range(1, 10)), *(f"E{n}" for n in range(1, 12))]


@cache
def named_in(file: str) -> set[str]:
    nodes = ast.walk(ast.parse((ROOT / file).read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_row_has_its_answer() -> None:
    assert [row[0] for row in ROWS] == KNOWN


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_named_in_a_row_are_there(row: tuple[str, ...]) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row[-1])
    assert named
    assert all(test in named_in(file) for file, test in named), named


def test_the_parts_that_answer_are_there() -> None:
    parts = {part.partition(".")[0] for row in ROWS for part in re.findall(r"`([a-z][\w/.]*)`", row[2])}
    missing = {part for part in parts if not ((ROOT / "bot" / f"{part}.py").exists() or (ROOT / "bot" / part).is_dir())}
    assert missing == set()
