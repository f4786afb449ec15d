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


TEXTS = ("bot.telegram.richtext", "bot.telegram.screen", "bot.telegram.listing", "bot.telegram.actions")
"""What words and buttons are made of. Any room may use them."""

ROOMS: dict[str, tuple[str, ...]] = {
    "lessons": ("lessons",),
    "runner": ("runner",),
    "bot/emulator": ("bot.emulator",),
    "bot/domain": ("bot.domain", "lessons.model", "lessons.numbers", "lessons.parameters"),
    "bot/store": ("bot.store", "bot.domain"),
    "bot/telegram": ("bot.telegram", "bot.domain", "bot.store", "bot.ops"),
    "bot/turns": ("bot.turns", "bot.telegram", "bot.domain", "bot.store", "bot.ops",
                  "lessons.model"),
    "bot/runs": ("bot.runs", "bot.turns", "bot.telegram", "bot.domain", "bot.store", "lessons.model", "runner"),
    "bot/features": ("bot.features", "bot.turns", "bot.runs", "bot.telegram", "bot.domain", "bot.store",
                     "bot.reports", "bot.exports", "lessons"),
    "bot/reports": ("bot.reports", "bot.domain", "bot.telegram.markdown", "lessons.model"),
    "bot/exports": ("bot.exports", "bot.reports", "bot.domain", "lessons"),
    "bot/dashboard": ("bot.dashboard", "bot.features", "bot.reports", "bot.exports", "bot.services", "bot.store",
                      "bot.domain", *TEXTS, "bot.telegram.markdown", "lessons"),
    "bot/ops": ("bot.ops", "bot.domain", "bot.store", *TEXTS, "runner"),
    "bot/commands": OURS,
}  # fmt: skip
"""What each room may import."""

MODULES: dict[str, tuple[str, ...]] = {
    "lessons/model.py": (),
    "runner/job.py": (),
    "runner/events.py": (),
    "runner/job_queue.py": tuple(
        f"runner.{name}" for name in ("admission", "durations", "events", "interfaces", "job", "line", "verdict")
    ),  # so that any pool can take the place of LocalPool
    "runner/inside": ("runner.inside",),
    "bot/settings.py": (),
    "bot/routes.py": ("bot.features",),
    "bot/services.py": ("bot", "lessons.model", "runner"),
    "bot/app.py": OURS,
    "bot/__main__.py": OURS,
    "bot/telegram/richtext.py": ("bot.domain.messages",),
    "bot/telegram/actions.py": (),
    "bot/telegram/pace.py": (),
    "bot/telegram/formulas.py": (),
    "bot/turns/buttons.py": ("bot.telegram.actions",),
}
"""What single modules may import."""


SHARED = ("buttons", "jobs", "asking")
"""Modules of a feature that others may use: its buttons, what its timers do, and how a question is asked."""


@pytest.mark.parametrize(("part", "may_import"), [*ROOMS.items(), *MODULES.items()])
def test_imports_point_one_way(part: str, may_import: tuple[str, ...]) -> None:
    ours = {(file, module) for file in files(part) for module in imports(file) if module.split(".")[0] in OURS}
    astray = {
        f"{file.relative_to(ROOT)}: {module}"
        for file, module in ours
        if not any(within(module, allowed) for allowed in may_import)
    }
    assert not astray


def test_every_room_and_every_module_outside_of_one_has_its_rule() -> None:
    rooms = {f"bot/{path.parent.name}" for path in (ROOT / "bot").glob("*/__init__.py")} | {"lessons", "runner"}
    assert rooms == set(ROOMS)
    assert {f"bot/{path.name}" for path in files("bot") if path.parent == ROOT / "bot"} <= {*MODULES, "bot/__init__.py"}


def test_a_feature_knows_of_another_only_what_it_shares() -> None:
    astray = set()
    for file in files("bot/features"):
        feature = f"bot.features.{file.relative_to(ROOT / 'bot' / 'features').parts[0]}"
        for module in imports(file):
            other = within(module, "bot.features") and not within(module, feature)
            if other and module.split(".")[3] not in SHARED:
                astray.add(f"{file.relative_to(ROOT)}: {module}")
    assert not astray


def test_screens_read_no_database() -> None:
    """They are values in, a Screen out."""
    screens = [file for file in files("bot") if file.stem == "screens" or file.stem.endswith("_screens")]
    assert len(screens) > 10
    astray = {f"{file.relative_to(ROOT)}: {m}" for file in screens for m in imports(file) if within(m, "bot.store")}
    assert not astray


def test_nobody_lists_a_feature_but_routes() -> None:
    """The pages and commands may use what a feature's timers do, and look at its screens."""
    others = set(files("bot")) - set(files("bot/features")) - {ROOT / "bot" / "routes.py"}
    for file in others:
        for module in imports(file):
            if within(module, "bot.features"):
                assert module.split(".")[3] in ("jobs", "screens", "pages", "buttons"), f"{file}: {module}"


def test_no_module_of_the_runner_hides_one_of_python() -> None:
    """Where there is no bubblewrap, its folder is the first in which the sandbox looks for modules."""
    names = {path.stem for folder in ("runner", "runner/inside") for path in (ROOT / folder).glob("*.py")}
    assert "job_queue" in names
    assert not names & sys.stdlib_module_names


def test_no_class_name_means_two_things() -> None:
    """The emulator and what runs inside of the sandbox are distributions of their own."""
    apart = {*files("bot/emulator"), *files("runner/inside")}
    names: dict[str, set[Path]] = {}
    for file in {file for folder in OURS for file in files(folder)} - apart:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ClassDef):
                names.setdefault(node.name, set()).add(file.relative_to(ROOT))
    assert {name: places for name, places in names.items() if len(places) > 1} == {}


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
