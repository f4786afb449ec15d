"""Python that learners send: found in a message, repaired where a phone or a notebook changed it, as one value. Pure."""

from bot.snippets.finding import find, of_source, rejoined
from bot.snippets.notebook import NotANotebook, is_notebook, of_notebook
from bot.snippets.snippet import Repair, Snippet

__all__ = ["NotANotebook", "Repair", "Snippet", "find", "is_notebook", "of_notebook", "of_source", "rejoined"]
