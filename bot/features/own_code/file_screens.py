"""The files that a learner sent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.runs import LearnersFile
from bot.features.own_code.buttons import DeleteFile
from bot.telegram.richtext import Text, bold, code, italic, lines, paragraphs, text
from bot.telegram.screen import Button, Row, Screen

KINDS = ".csv, .tsv, .txt, .json, .npz, .npy, .png and .jpg"


def size(amount: int) -> str:
    """For people: `12 kB`, `4.2 MB`."""
    if amount < 1000:
        return f"{amount} bytes"
    return f"{amount / 1000:.0f} kB" if amount < 999_500 else f"{amount / 1e6:.1f} MB"


def listing(files: Sequence[LearnersFile], most: int) -> Screen:
    if not files:
        how = text("You have sent no files yet. ", _takes(), " Send one here, and your code opens it by its name.")
        return Screen(how)
    rows = [text("• ", code(file.name), f" – {size(file.size)}") for file in files]
    how = italic("Your own code opens them by these names.")
    return Screen(paragraphs(bold(f"Your files ({len(files)} of {most})"), lines(*rows), how), _deletes(files))


def _deletes(files: Sequence[LearnersFile]) -> tuple[Row, ...]:
    return tuple((Button(f"🗑 Delete {file.name}", DeleteFile(file.id)),) for file in files)


READS = {
    ".csv": "pd.read_csv({!r})",
    ".tsv": "pd.read_csv({!r}, sep='\\t')",
    ".npz": "np.load({!r})",
    ".npy": "np.load({!r})",
    ".png": "plt.imread({!r})",
    ".jpg": "plt.imread({!r})",
    ".jpeg": "plt.imread({!r})",
}
"""How code reads a file, by how its name ends; any other is opened."""


def kept(name: str, sent_as: str, amount: int, *, replaced: bool, of_lesson: bool) -> Screen:
    """`of_lesson`: a lesson has data of this name."""
    end = ", in place of the one you sent before." if replaced else "."
    first = text("📎 Kept: ", code(name), f" ({size(amount)})", end)
    named = "That is its name in your code: plain letters, digits, “-”, “_” and “.” only." if name != sent_as else ""
    if not sent_as:
        named = "A photo comes without a name, so I gave it one."
    clash = "A lesson has data of this name, too; your own code gets your file." if of_lesson else ""
    reads = READS.get(name[name.rfind(".") :], "open({!r})").format(name)
    how = text("Your code reads it with ", code(reads), ". /files lists what you sent.")
    return Screen(paragraphs(first, named, clash, how))


def full(name: str, files: Sequence[LearnersFile], most: int) -> Screen:
    what = text(
        "I keep ", str(most), " files for you, and you have as many. ", code(name), " is not kept: delete one of"
        " these, and send it again.",
    )  # fmt: skip
    return Screen(what, _deletes(files))


def not_taken(name: str) -> Screen:
    what = text("I cannot use ", code(name[:60] or "this file"), ". Code comes as .py or .ipynb. ", _takes())
    return Screen(what)


def too_large(name: str, amount: int, most: int) -> Screen:
    return Screen(text(code(name), f" is {size(amount)}; I keep files of up to {size(most)}."))


def deleted(name: str) -> str:
    return f"{name} is deleted."


def _takes() -> Text:
    return Text(f"I keep data for your code: {KINDS}.")
