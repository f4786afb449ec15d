"""`tutor datasets`: what is here, and a clear sentence where nothing can be fetched."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.commands import datasets


def test_what_lies_in_the_folder_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imdb.npz").touch()
    (tmp_path / "cifar-10-batches-py").mkdir()
    monkeypatch.setenv("TUTOR_DATASETS", str(tmp_path))
    shown = CliRunner().invoke(main, ["datasets"]).output.splitlines()
    assert shown[0] == f"In {tmp_path}: cifar10, imdb."
    assert shown[1].startswith("mnist (a sample")
    assert shown[2] == "Not here: mnist, fashion_mnist, cifar100, reuters, boston_housing, california_housing."


def test_a_whole_cache_of_keras_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mnist.npz").touch()
    assert datasets.listing(tmp_path).splitlines()[0] == f"In {tmp_path}: mnist."


def test_without_network_fetching_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_DATASETS", str(tmp_path / "new"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    done = CliRunner().invoke(main, ["datasets", "fetch", "mnist"])
    assert done.exit_code == 1
    assert "mnist could not be fetched: this machine does not reach the network" in done.output
    assert not list((tmp_path / "new").iterdir())


@pytest.mark.parametrize(
    ("folder", "names", "said"),
    [
        (None, ["mnist"], "TUTOR_DATASETS is not set"),
        ("here", ["minst"], "Keras has no data set minst; it has mnist"),
        ("here", [], "Missing argument"),
    ],
)
def test_what_cannot_be_asked_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str | None, names: list[str], said: str
) -> None:
    if folder:
        monkeypatch.setenv("TUTOR_DATASETS", str(tmp_path / folder))
    else:
        monkeypatch.delenv("TUTOR_DATASETS", raising=False)
    done = CliRunner().invoke(main, ["datasets", "fetch", *names])
    assert (done.exit_code, said in done.output) == (2, True)
