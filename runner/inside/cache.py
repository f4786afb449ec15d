"""How Keras' cache is laid out. No TensorFlow here."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "mnist": "mnist.npz",
    "fashion_mnist": "fashion-mnist/train-images-idx3-ubyte.gz",
    "cifar10": "cifar-10-batches-py-target",
    "cifar100": "cifar-100-python-target",
    "imdb": "imdb.npz",
    "reuters": "reuters.npz",
    "boston_housing": "boston_housing.npz",
    "california_housing": "california_housing.npz",
}
"""A data set of Keras, and what shows that it is in a folder laid out as Keras' cache."""
OLDER = {"cifar-10-batches-py-target": "cifar-10-batches-py", "cifar-100-python-target": "cifar-100-python"}
"""What earlier versions of Keras unpacked straight into the cache."""


def here(folder: Path | None) -> list[str]:
    """Names of the data sets in the folder."""
    if folder is None:
        return []
    paths = {name: (path, OLDER.get(path, path)) for name, path in FILES.items()}
    return [name for name, either in paths.items() if any((folder / path).exists() for path in either)]
