"""`tutor datasets`: which of Keras' data sets jobs can load here, and fetching more."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from runner import DATA_SETS, data_sets_in

FETCH = """
import importlib, sys
name = sys.argv[1]
module = importlib.import_module(f"keras.datasets.{name}")
module.load_data()
if hasattr(module, "get_word_index"):
    module.get_word_index()
"""


class FetchFailed(Exception):
    """A data set could not be fetched; the text says which, and why."""


def listing(folder: Path | None) -> str:
    """What can be loaded, a line a data set."""
    here = data_sets_in(folder)
    where = f"In {folder}" if folder else "TUTOR_DATASETS names no folder"
    sample = [] if "mnist" in here else ["mnist (a sample of 5,000 images, which comes with the package)"]
    missing = [name for name in DATA_SETS if name not in here]
    return "\n".join([f"{where}: {', '.join(here) or 'no data set'}.", *sample, f"Not here: {', '.join(missing)}."])


def fetch(folder: Path, name: str) -> None:
    """Fetch one data set of Keras' into the folder, in a process of its own. Raises FetchFailed."""
    with tempfile.TemporaryDirectory() as home:
        folder.mkdir(parents=True, exist_ok=True)
        inner = folder / "datasets" if (folder / "datasets").is_dir() else folder
        (Path(home) / "datasets").symlink_to(inner.resolve())
        done = _run([sys.executable, "-c", FETCH, name], home)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise FetchFailed(f"{name} could not be fetched: {_reason(said)}")
    for path in (inner, *inner.rglob("*")):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))  # jobs run as nobody


def _run(command: Sequence[str], home: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "KERAS_HOME": home, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)  # noqa: S603 - our own


def _reason(said: list[str]) -> str:
    last = said[-1] if said else "it ended without a word"
    if "URL fetch failure" in last or "urlopen error" in last:
        return f"this machine does not reach the network ({last})"
    if "No module named" in last:
        return f"the extra `runner` is not installed ({last})"
    return last
