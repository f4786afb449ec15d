"""Kinds of ids. They are plain numbers at run time; mypy refuses one kind where another is meant.

An id from outside (a row, a button, a timer's payload, an address) is a plain int: it gets its kind where it comes in.
"""

from __future__ import annotations

from typing import NewType

LearnerId = NewType("LearnerId", int)
"""Telegram's id of a person. Instructors have one too; it is also the id of the person's private chat."""
CohortId = NewType("CohortId", int)
RunId = NewType("RunId", int)
SnippetId = NewType("SnippetId", int)
"""Code that a learner sent."""
FileId = NewType("FileId", int)
"""A data file that a learner sent."""
RoundId = NewType("RoundId", int)
DeliveryId = NewType("DeliveryId", int)
"""A question that was sent."""
AnnouncementId = NewType("AnnouncementId", int)


def learner_of(private_chat: int) -> LearnerId:
    """The learner whose private chat this is: Telegram gives the chat the id of its person."""
    return LearnerId(private_chat)
