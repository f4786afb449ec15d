"""Words around code that a learner sends."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import wording
from bot.domain.ids import SnippetId
from bot.domain.messages import Attachment
from bot.domain.snippets import Repair, Snippet, Unusable
from bot.features.own_code.buttons import DropCode
from bot.runs.buttons import RunCode
from bot.telegram.richtext import MESSAGE_UNITS, Text, bold, code, italic, lines, paragraphs, pre, text
from bot.telegram.screen import Button, Screen
from lessons.model import Example

NOT_HERE = "Here I can run only the course's own examples: the sandbox of this machine is not complete."
NAMED = 8
"""Most lines that are named one by one."""

REPAIRED: dict[Repair, str] = {
    Repair.HTML: "Tags and signs of a web page are plain text now.",
    Repair.FENCES: "The marks around the code are gone.",
    Repair.LISTED: "The marks before the lines are gone.",
    Repair.PROMPTS: "The prompts are gone, and the output between them.",
    Repair.NUMBERS: "The line numbers are gone.",
    Repair.SPACES: "Special spaces and line ends are plain ones now.",
    Repair.NOTEBOOK: "Commands that only a notebook knows are left out.",
    Repair.INDENTATION: "The lines are moved to the left, where Python wants them.",
    Repair.QUOTES: "Curly quotes are straight ones now.",
    Repair.SIGNS: "Signs that Python does not know are the ones it knows: dashes, wide brackets and the like.",
    Repair.CAPITALS: "Keywords are written small.",
    Repair.TABS: "All lines are indented by spaces.",
    Repair.FORMATTING: "Underscores and asterisks that your app took for formatting are back.",
    Repair.JOINED: "The parts of your messages are put together.",
}
"""What was done to code, as a sentence."""

NO_NOTEBOOK: dict[Unusable, str] = {
    Unusable.NOT_JSON: "is damaged: a notebook is JSON, and this file is not. Download it once more and send it again.",
    Unusable.NO_CELLS: "is no notebook: there are no cells in it.",
    Unusable.NO_CODE: "has no code cells, so there is nothing to run.",
    Unusable.OTHER_LANGUAGE: "is written in another language. I can run Python only.",
}  # fmt: skip


def to_edit(example: Example) -> Screen:
    """The code to copy, and how to send it back."""
    how = text(
        "Copy the code, change what you like, and send it back as a code block: three backticks ",
        code("```"),
        " before and after it. A .py file does as well.",
    )
    head = paragraphs(bold(example.title), how, italic("It runs in a closed sandbox: no network, a minute at most."))
    listing = pre(example.source, "python")
    if head.units + listing.units < MESSAGE_UNITS - 10:
        return Screen(paragraphs(head, listing))
    return Screen(head, attachment=Attachment(example.file, example.source.encode(), picture=False))


def offer(id: SnippetId, snippet: Snippet) -> Screen:
    """Code that nobody marked as such."""
    return Screen(paragraphs("This looks like Python. Run this?", _changes(snippet)), _run_or_not(id))


def ask_for_rest(id: SnippetId) -> Screen:
    """A message as long as messages can be."""
    how = "Your message is as long as a message can be, so the end of your code may be missing. Send me the rest, or:"
    return Screen(Text(how), ((Button("▶ Run what is here", RunCode(id), style="success"),), (_no(id),)))


def _run_or_not(id: SnippetId) -> tuple[tuple[Button, ...], ...]:
    return ((Button("▶ Run", RunCode(id), style="success"), _no(id)),)


def _no(id: SnippetId) -> Button:
    return Button("No", DropCode(id))


def accepted(snippet: Snippet) -> Screen:
    """What becomes of an offer whose code runs."""
    return Screen(paragraphs("Your code runs.", _changes(snippet)))


def declined() -> Screen:
    return Screen(Text("All right, I did not run it."))


def repaired(snippet: Snippet) -> Screen:
    """What was changed before marked code ran."""
    return Screen(_changes(snippet))


def _changes(snippet: Snippet) -> Text:
    said = lines(*(f"• {REPAIRED[repair]}" for repair in snippet.repairs))
    return lines(text("🔧 ", bold("Changed before it runs:")), said, _named(snippet.left_out)) if said else Text()


def _named(left_out: Sequence[str]) -> Text:
    more = len(left_out) - NAMED
    rest = f"and {more} more" if more > 0 else ""
    return lines(*(code(wording.shortened(row, 60)) for row in left_out[:NAMED]), rest)


def nothing_left(left_out: Sequence[str]) -> Screen:
    """All of it was commands of a notebook."""
    what = "There is no Python in it for me to run: these commands work in a notebook or a shell only."
    return Screen(paragraphs(what, _named(left_out)))


def not_here() -> Screen:
    return Screen(Text(NOT_HERE))


def no_notebook(name: str, trouble: Unusable) -> Screen:
    return Screen(text(code(_short(name)), " ", NO_NOTEBOOK[trouble]))


def too_long(size: int, limit: int) -> Screen:
    return Screen(text(f"That is {size:,} bytes of code; I take at most {limit:,}."))


def not_fetched(name: str) -> Screen:
    return Screen(text("I could not fetch ", code(_short(name)), ". Please send it once more."))


def not_utf8(name: str, at: int) -> Screen:
    return Screen(
        text(code(_short(name)), f" is not UTF-8 text: byte {at + 1} is wrong. Save it as UTF-8 and send it again.")
    )


def _short(name: str) -> str:
    return name[:60] or "this file"
