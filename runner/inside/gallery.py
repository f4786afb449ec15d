"""Shows the figures of a script as a notebook does, and brings the pictures that it saved into a form for a phone.

Shown figures become files beside the script's own, so that one order holds for both: that in which they were written.
They are there even when the process is killed later.
"""

from __future__ import annotations

import functools
import os
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import matplotlib.figure
import matplotlib.pyplot as plt

from . import artifacts
from .artifacts import MOST_PICTURES, PHONE, PICTURE_BYTES, PICTURES, SHOWN

WIDTH = 1000
"""Pixels of a shown figure, about: a phone's."""
LEAST_DPI, MOST_DPI = 20, 300
LONGEST, SHORTEST = 2560, 320
"""Sides in pixels: a larger picture is scaled down, a tiny one up, so that its pixels can be seen."""
MOST_RATIO = 10
"""A picture that is longer gets a margin; Telegram takes no photo beyond 20 to 1."""
MOST_DECODED = 120_000_000
"""Pixels of a saved picture that is worth decoding: a job's memory has room for no more."""


class Gallery:
    """What one script shows and saves. `install` before it, `close` after it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._shown: weakref.WeakKeyDictionary[Any, Path] = weakref.WeakKeyDictionary()
        """Where a figure can be seen that has not changed since: shown, or saved by the script."""
        self._owners: dict[Path, weakref.ref[Any]] = {}
        """The figure that a file shows."""
        self._savefig: Callable[..., Any] = matplotlib.figure.Figure.savefig

    def install(self) -> None:
        """Put the gallery into Matplotlib."""
        figure: Any = matplotlib.figure.Figure
        show, savefig = plt.show, self._savefig
        figure.savefig = _like(savefig, self._save)
        figure.show = _like(figure.show, lambda one, warn=True: self._show(one))
        plt.show = _like(show, self._show_all)

    def display(self, figure: Any) -> None:
        """Show a figure that stands in the last line, whether Matplotlib's state knows it or not."""
        self._show(figure)

    def close(self, script: str, brought: frozenset[str], kept: frozenset[str]) -> None:
        """Show what is left open, then make what was saved fit for a phone.

        `brought` are the names of input files, `kept` those that nobody may need in another form.
        """
        self._show_all()
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for one in artifacts.pictures(descriptor, script, brought)[: 2 * MOST_PICTURES]:
                if one.path not in kept and not one.path.startswith(f"{PICTURES}/"):
                    self._fit(one)
        finally:
            os.close(descriptor)

    def _show_all(self, *_: object, **__: object) -> None:
        """What `plt.show()` does in a notebook: every open figure, then a new beginning."""
        for number in plt.get_fignums():
            self._show(plt.figure(number))
        plt.close("all")

    def _show(self, figure: Any) -> None:
        if self._is_visible(figure) or not figure.get_children()[1:]:  # its background is the first child
            return
        self._count += 1
        target = self._folder / PICTURES / f"{SHOWN}{self._count}.png"
        target.parent.mkdir(exist_ok=True)
        if self._count > MOST_PICTURES:
            target.write_bytes(b"")  # only its name will be told
        else:
            self._draw(figure, target)
        self._note(figure, target)

    def _draw(self, figure: Any, target: Path) -> None:
        dpi = min(max(WIDTH / max(figure.get_size_inches()), LEAST_DPI), MOST_DPI)
        with suppress_all_but_memory():
            self._savefig(figure, target, format="png", dpi=dpi, bbox_inches="tight", facecolor="white")
        _replace_if_needed(target, target)

    def _save(self, figure: Any, *args: Any, **kwargs: Any) -> Any:
        before = self._shown.get(figure) if not figure.stale else None
        result = self._savefig(figure, *args, **kwargs)
        name = args[0] if args else kwargs.get("fname")
        path = _path(name, kwargs.get("format"))
        if path is not None and path.suffix.lower() in PHONE:
            if before is not None and before.parent.name == PICTURES:
                before.unlink(missing_ok=True)  # the same figure under the name that the script gave it
            self._note(figure, path)
        return result

    def _note(self, figure: Any, path: Path) -> None:
        self._shown[figure] = path
        self._owners[path] = weakref.ref(figure)
        figure.stale = False  # whatever changes it from now on makes it true

    def _is_visible(self, figure: Any) -> bool:
        """Whether the figure, as it is now, can be seen already: its file is there and shows nothing else."""
        path = self._shown.get(figure)
        if path is None or figure.stale or not path.exists():
            return False
        owner = self._owners.get(path)
        return owner is not None and owner() is figure

    def _fit(self, one: artifacts.Candidate) -> None:
        if one.path.lower().endswith((*PHONE, *artifacts.CONVERTED)):
            with suppress_all_but_memory():
                (self._folder / PICTURES).mkdir(exist_ok=True)
                _replace_if_needed(self._folder / one.path, self._folder / artifacts.fitted(one))


def suppress_all_but_memory() -> suppress:
    """A picture that cannot be drawn or read is left as it is; the host names it."""
    return suppress(ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, SyntaxError, TypeError,
                    ValueError)  # fmt: skip


def _like(original: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return instead(*args, **kwargs)

    return wrapper


def _path(name: object, format_: object) -> Path | None:
    """The file that `savefig` wrote; None where it wrote to something else."""
    if not isinstance(name, str | os.PathLike):
        return None
    path = Path(os.path.abspath(os.fsdecode(name)))
    if path.suffix:
        return path
    return path.with_name(f"{path.name}.{format_ or plt.rcParams['savefig.format']}")


def _replace_if_needed(source: Path, target: Path) -> None:
    """Write a picture that a phone can show to `target`, unless `source` is one."""
    from PIL import Image

    with Image.open(source) as image:
        fine = image.format in ("PNG", "JPEG") and source.stat().st_size <= PICTURE_BYTES
        if image.format == "GIF" or (fine and _fits(*image.size)) or image.width * image.height > MOST_DECODED:
            return
        Image.MAX_IMAGE_PIXELS = None
        fitted = _padded(_scaled(_plain(image)))
    for side in (LONGEST, LONGEST // 2, LONGEST // 4):
        fitted.thumbnail((side, side))
        fitted.save(target, "PNG")
        if target.stat().st_size <= PICTURE_BYTES:
            return


def _fits(width: int, height: int) -> bool:
    longer, shorter = max(width, height), min(width, height)
    return SHORTEST <= longer <= LONGEST and longer <= MOST_RATIO * shorter


def _plain(image: Any) -> Any:
    """As colours on white: a phone would show what is transparent on black."""
    if image.mode in ("I", "I;16", "F"):
        low, high = image.getextrema()
        image = image.point(lambda value: (value - low) * (255 / ((high - low) or 1))).convert("L")
    if "A" in image.mode or "transparency" in image.info:
        from PIL import Image

        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")


def _scaled(image: Any) -> Any:
    from PIL import Image

    longer = max(image.size)
    if longer > LONGEST:
        size = [max(1, round(side * LONGEST / longer)) for side in image.size]
        return image.resize(size, Image.Resampling.LANCZOS)
    if longer < SHORTEST:
        factor = -(-SHORTEST // longer)
        return image.resize([side * factor for side in image.size], Image.Resampling.NEAREST)
    return image


def _padded(image: Any) -> Any:
    from PIL import Image, ImageOps

    width, height = (max(side, -(-max(image.size) // MOST_RATIO)) for side in image.size)
    if (width, height) == image.size:
        return image
    return ImageOps.pad(image, (width, height), Image.Resampling.NEAREST, color="white")
