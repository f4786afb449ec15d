"""Python that learners send: found in a message, and repaired where a phone or a notebook changed it. Pure."""

from bot.domain.snippets.finding import continuation, find, of_source, rejoined
from bot.domain.snippets.notebook import NotANotebook, Unusable, is_notebook, of_notebook
from bot.domain.snippets.snippet import Repair, Snippet

__all__ = [
    "NotANotebook",
    "Repair",
    "Snippet",
    "Unusable",
    "continuation",
    "find",
    "is_notebook",
    "of_notebook",
    "of_source",
    "rejoined",
]
