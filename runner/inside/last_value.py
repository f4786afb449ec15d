"""Shows the value of a script's last line, as a notebook does."""

from __future__ import annotations

from typing import Any

import keras
import matplotlib.artist
import matplotlib.container
import matplotlib.figure
import numpy as np

from .gallery import Gallery

LONGEST = 20_000
"""Characters of a value; of a longer one the beginning and the end are shown."""
DRAWN = (matplotlib.artist.Artist, matplotlib.container.Container)
SILENT = (type(None), keras.callbacks.History)
"""Values that say nothing: of a `fit` the figures are shown anyway."""
DEEPEST = 3


class LastValue:
    """Prints values; a figure is shown as a picture, and what was drawn into one is not printed."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery

    def show(self, value: object) -> None:
        """Show one value. Raises whatever its `repr` raises."""
        if isinstance(value, matplotlib.figure.Figure):
            self._gallery.display(value)
        elif not isinstance(value, SILENT) and not _is_drawn(value):
            print(shortened(repr(value)), flush=True)


def shortened(text: str) -> str:
    """The text, without its middle if it is very long."""
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half]} ... {len(text) - LONGEST:,} characters left out ... {text[-half:]}"


def _is_drawn(value: Any, depth: int = 0) -> bool:
    """Whether a value is, or has in it, something that was drawn: lines, axes, the bars of a histogram."""
    if isinstance(value, DRAWN):
        return True
    if depth == DEEPEST:
        return False
    return any(_is_drawn(part, depth + 1) for part in _parts(value)[:20])


def _parts(value: Any) -> list[Any]:
    if isinstance(value, np.ndarray) and value.dtype.kind == "O":
        return list(value.flat)
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else []
