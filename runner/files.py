"""Reads the files that a dead cell left behind. Looks at the headers of pictures; decodes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from . import images
from .cell import File
from .events import Artifact, Omitted, Picture, Unshown


class Leavings(NamedTuple):
    """What a cell left behind, read."""

    pictures: tuple[Picture, ...]
    artifacts: tuple[Artifact, ...]
    broken: tuple[Omitted, ...]
    """Pictures that are none."""


def read(files: Sequence[File]) -> Leavings:
    """Read the files and close their descriptors. Blocks."""
    pictures, artifacts, broken = [], [], []
    for file in files:
        with open(file.descriptor, "rb") as source:
            data = source.read()
        if file.kind == "made":
            artifacts.append(Artifact(file.name, data))
        elif (shape := images.shape(data)) is not None:
            pictures.append(Picture(file.name, data, shape.width, shape.height, str(shape.format)))
        elif file.kind == "picture":
            broken.append(Omitted(file.name, Unshown.BROKEN))
    return Leavings(tuple(pictures), tuple(artifacts), tuple(broken))
