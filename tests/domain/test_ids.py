"""mypy tells one kind of id from another. A swap of two ids would otherwise show only in what the bot does."""

from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[2]
CALL = """
from bot.domain.ids import CohortId, DeliveryId, LearnerId, RunId, SnippetId
from bot.store import Tables

def enrol(tables: Tables, cohort: CohortId, learner: LearnerId) -> bool:
    return tables.cohorts.enrol({enrolled}, 0.0)

def ran(tables: Tables, snippet: SnippetId, run: RunId) -> None:
    tables.snippets.ran({ran})

def hint(tables: Tables, delivery: DeliveryId, learner: LearnerId) -> None:
    tables.rounds.hint({hinted})
"""
RIGHT = {"enrolled": "cohort, learner", "ran": "snippet, run", "hinted": "delivery"}


def checked(folder: Path, monkeypatch: pytest.MonkeyPatch, **ids: str) -> tuple[str, int]:
    """What mypy prints about the calls with these ids, and its exit status."""
    file = folder / "calls.py"
    file.write_text(CALL.format(**{**RIGHT, **ids}))
    monkeypatch.setenv("MYPYPATH", str(ROOT))
    config = ("--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache"))
    printed, trouble, status = api.run([*config, str(file)])
    assert not trouble
    return printed, status


def test_ids_in_their_order_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checked(tmp_path, monkeypatch) == ("Success: no issues found in 1 source file\n", 0)


@pytest.mark.parametrize(
    ("ids", "errors"),
    [
        pytest.param({"enrolled": "learner, cohort"}, 2, id="a learner for a class"),
        pytest.param({"ran": "run, snippet"}, 2, id="a run for sent code"),
        pytest.param({"hinted": "learner"}, 1, id="a learner for a question that was sent"),
    ],
)
def test_swapped_ids_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ids: dict[str, str], errors: int
) -> None:
    printed, status = checked(tmp_path, monkeypatch, **ids)
    assert status == 1
    assert printed.count("[arg-type]") == errors
    assert printed.endswith(f"Found {errors} error{'s' if errors > 1 else ''} in 1 file (checked 1 source file)\n")
