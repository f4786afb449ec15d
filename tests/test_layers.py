"""Imports point one way, SQL stays in the store, and the chat side loads no TensorFlow."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("bot", "lessons", "runner")
HEAVY = {"tensorflow", "keras", "numpy", "matplotlib"}
SQL = re.compile(
    r"\s*(select\s.+\sfrom\s|insert\s.*into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(table|index|view|trigger)\s)",
    re.IGNORECASE | re.DOTALL,
)


def files(folder: str) -> list[Path]:
    """Our modules in a folder, or one file; the course's examples are material, not code of ours."""
    found = [ROOT / folder] if folder.endswith(".py") else sorted((ROOT / folder).rglob("*.py"))
    found = [file for file in found if not file.is_relative_to(ROOT / "lessons" / "course")]
    assert found, folder
    return found


def imports(file: Path) -> Iterator[str]:
    """Full names of the modules a file imports, at the top or inside of functions."""
    package = file.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            origin = ".".join(part for part in (base, node.module) if part)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def within(module: str, allowed: str) -> bool:
    return module == allowed or module.startswith(allowed + ".")


VALUES = ("bot.domain", "bot.telegram.richtext", "bot.telegram.screen", "bot.telegram.listing", "lessons.model")
"""What any room of the bot may use."""


@pytest.mark.parametrize(
    ("part", "may_import"),
    [
        ("lessons", ("lessons",)),
        ("lessons/model.py", ()),
        ("runner", ("runner",)),
        ("runner/job.py", ()),
        ("runner/inside", ("runner.inside",)),
        ("bot/emulator", ("bot.emulator",)),
        ("bot/settings.py", ()),
        ("bot/domain", ("bot.domain", "lessons.model", "lessons.numbers", "lessons.parameters")),
        ("bot/telegram/richtext.py", ("bot.domain.messages",)),
        ("bot/telegram/pace.py", ()),
        ("bot/telegram/formulas.py", ()),
        ("bot/telegram/markdown.py", ("bot.telegram",)),
        ("bot/telegram", ("bot.telegram", "bot.domain", "bot.store", "bot.ops", "bot.turns.actions")),
        ("bot/turns/actions.py", ()),
        ("bot/reports", ("bot.reports", "bot.domain", "bot.telegram.markdown", "lessons.model")),
        ("bot/exports", ("bot.exports", "bot.reports", "bot.domain", "lessons")),
        ("bot/store", ("bot.store", "bot.domain")),
        ("bot", OURS),
    ],
)  # fmt: skip
def test_imports_point_one_way(part: str, may_import: tuple[str, ...]) -> None:
    ours = {(file, module) for file in files(part) for module in imports(file) if module.split(".")[0] in OURS}
    astray = {
        f"{file.relative_to(ROOT)}: {module}"
        for file, module in ours
        if not any(within(module, allowed) for allowed in may_import)
    }
    assert not astray


def test_nobody_but_the_runner_s_child_imports_tensorflow() -> None:
    heavy = {
        file.relative_to(ROOT)
        for folder in OURS
        for file in files(folder)
        if any(module.split(".")[0] in HEAVY for module in imports(file))
    }
    assert heavy, "the child side does import it"
    assert {file.parts[:2] for file in heavy} == {("runner", "inside")}


def test_the_bot_uses_only_what_the_runner_says_is_public() -> None:
    import runner

    for file in files("bot"):
        for module in imports(file):
            if within(module, "runner"):
                assert module.removeprefix("runner").lstrip(".") in ("", *runner.__all__), f"{file}: {module}"


def statements(file: Path) -> set[str]:
    """String constants that read like SQL, f-strings by their beginning; docstrings are prose."""
    tree = ast.parse(file.read_text())
    prose = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
        if SQL.match(node.value)
    }


def test_only_the_store_holds_sql() -> None:
    home = {file for file in files("bot") if statements(file)}
    assert files("bot/store/migrations.py")[0] in home
    assert not home - set(files("bot/store"))
    assert not {file for folder in ("lessons", "runner") for file in files(folder) if statements(file)}


def test_the_chat_side_loads_no_tensorflow_and_needs_no_numpy() -> None:
    """sqlite-utils loads NumPy where it finds it, so here it finds none."""
    code = f"""
import sys
sys.modules["numpy"] = None
import bot.app, bot.commands.service, bot.commands.trial, bot.__main__
print(sorted({HEAVY - {"numpy"}!r} & {{name.split(".")[0] for name in sys.modules}}))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
