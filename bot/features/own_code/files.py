"""Files that a learner sends for their own code: kept, listed, deleted."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

from bot.domain.ids import FileId
from bot.domain.messages import Mode
from bot.features.own_code import file_screens as screens
from bot.features.own_code import handlers
from bot.features.own_code import screens as code_screens
from bot.features.own_code.buttons import DeleteFile
from bot.telegram.incoming import Content, SentFile
from bot.turns.turn import Turn

MOST = 5
"""Files kept for one learner."""
LIMIT = 5_000_000
"""Largest file, in bytes."""
SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".npz", ".npy", ".png", ".jpg", ".jpeg")
CODE = (".py", ".ipynb")
LONGEST_NAME = 60
POST = "files"
"""Key of the list of files in its chat."""


def worth_fetching(came: SentFile) -> bool:
    """Whether the file is of use, as far as its name and size tell. A photo has no name."""
    return handlers.may_be_code(came) or (_is_data(came) and came.size <= LIMIT)


def is_code(came: SentFile) -> bool:
    return came.name.lower().endswith(CODE)


def _is_data(came: SentFile) -> bool:
    return not came.name or came.name.lower().endswith(SUFFIXES)


def sent(turn: Turn, came: SentFile) -> None:
    """A document or a photo: code runs, data is kept."""
    photo = turn.incoming.content is Content.PHOTO
    if not photo and is_code(came):
        handlers.file(turn, came)
    elif not photo and not came.name.lower().endswith(SUFFIXES):
        turn.say_once(screens.not_taken(came.name), "not taken")
    elif (size := max(came.size, len(came.content or b""))) > LIMIT:
        turn.say(screens.too_large(plain_name(came.name), size, LIMIT))
    elif came.content is None:
        turn.say(code_screens.not_fetched(came.name or "the photo"))
    else:
        _keep(turn, plain_name(came.name) if came.name else _free_name(turn), came.name, came.content)


def _keep(turn: Turn, name: str, sent_as: str, content: bytes) -> None:
    """Stores the file. It replaces one of the same name; otherwise there must be room for one more."""
    there = turn.tables.files.of(turn.learner.id)
    replaced = any(file.name == name for file in there)
    if not replaced and len(there) >= MOST:
        turn.say_once(screens.full(name, there, MOST), "full")
        return
    turn.tables.files.keep(turn.learner.id, name, content, turn.now)
    data = {file for lesson in turn.course.lessons for example in lesson.examples for file in example.data}
    turn.say(screens.kept(name, sent_as, len(content), replaced=replaced, of_lesson=name in data))


def plain_name(name: str) -> str:
    """The name as the sandbox takes it: letters A to Z, digits, `_`, `-` and `.`; nothing of a path, no marks of
    direction. Accents go, what else is strange becomes `_`."""
    last = re.split(r"[/\\]", name)[-1]
    letters = unicodedata.normalize("NFKD", last)
    letters = "".join(letter for letter in letters if unicodedata.category(letter) not in ("Mn", "Cf", "Cc"))
    plain = PurePath(re.sub(r"[^A-Za-z0-9_.-]+", "_", letters))
    suffix = plain.suffix.lower() if plain.suffix.lower() in SUFFIXES else ""
    stem = (plain.name[: -len(suffix)] if suffix else plain.name).strip("_.-")
    return (stem[:LONGEST_NAME] or "file") + suffix


def _free_name(turn: Turn) -> str:
    """`photo.jpg`, `photo-2.jpg`, ...: photos have no names, and several may come at once."""
    taken = {file.name for file in turn.tables.files.of(turn.learner.id)}
    names = ["photo.jpg", *(f"photo-{number}.jpg" for number in range(2, MOST + 2))]
    return next(name for name in names if name not in taken)


def files(turn: Turn) -> None:
    """`/files`"""
    turn.show(screens.listing(turn.tables.files.of(turn.learner.id), MOST), POST, Mode.FOLLOW)


def delete(turn: Turn, pressed: DeleteFile) -> None:
    name = turn.tables.files.delete(turn.learner.id, FileId(pressed.file))
    turn.toast(screens.deleted(name) if name else "This file is gone already.")
    files(turn)
